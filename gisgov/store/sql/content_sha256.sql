-- What is the fingerprint of a plan's areas? Equal for plans that say the same of the same ground.
-- Index: area_plan_id_code_key.
SELECT encode(
    sha256(COALESCE(string_agg(
        sha256(
            convert_to(to_json(ARRAY[code, name] || parent_codes)::TEXT, 'UTF8')
            || ST_AsBinary(geom, 'NDR')
        ),
        ''::BYTEA
        ORDER BY code
    ), ''::BYTEA)),
    'hex'
)
FROM area
WHERE plan_id = :plan_id
