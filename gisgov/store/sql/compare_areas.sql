-- How do the rows that wait differ from the areas of a plan?
-- Geometry is compared byte by byte: the same file gives the same bytes. Uses area_plan_id_code_key.
WITH compared AS (
    SELECT
        incoming.code,
        known.id IS NULL AS is_new,
        known.name IS DISTINCT FROM incoming.name
            OR known.parent_codes IS DISTINCT FROM incoming.parent_codes
            OR ST_AsEWKB(known.geom) IS DISTINCT FROM ST_AsEWKB(incoming.geom)
            OR known.population IS DISTINCT FROM incoming.population
            OR known.households IS DISTINCT FROM incoming.households
            OR known.attributes IS DISTINCT FROM incoming.attributes AS is_changed
    FROM incoming_area AS incoming
    LEFT JOIN area AS known ON known.plan_id = :plan_id AND known.code = incoming.code
),
lacking AS (
    SELECT known.code
    FROM area AS known
    WHERE known.plan_id = :plan_id
        AND NOT EXISTS (SELECT FROM incoming_area AS incoming WHERE incoming.code = known.code)
)
SELECT
    (SELECT count(*) FROM compared WHERE is_new) AS new,
    (SELECT count(*) FROM compared WHERE NOT is_new AND is_changed) AS changed,
    (SELECT count(*) FROM compared WHERE NOT is_new AND NOT is_changed) AS unchanged,
    (SELECT count(*) FROM lacking) AS lacking,
    (SELECT min(code) FROM compared WHERE is_new) AS first_new,
    (SELECT min(code) FROM compared WHERE NOT is_new AND is_changed) AS first_changed,
    (SELECT min(code) FROM lacking) AS first_lacking
