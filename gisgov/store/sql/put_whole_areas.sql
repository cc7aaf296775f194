-- Store areas as blocks of their own, unless the same block is stored; tell the block of each area.
-- Index: block_geom_idx; block_code_key.
WITH given AS MATERIALIZED (
    SELECT code, ST_GeomFromWKB(geom, 4326) AS geom, area_m2, population, households
    FROM unnest(
        CAST(:codes AS TEXT[]),
        CAST(:geometries AS BYTEA[]),
        CAST(:area_m2 AS DOUBLE PRECISION[]),
        CAST(:population AS INTEGER[]),
        CAST(:households AS INTEGER[])
    ) AS given (code, geom, area_m2, population, households)
),
known AS MATERIALIZED (
    SELECT DISTINCT ON (given.code) given.code, block.id
    FROM given
    INNER JOIN block
        ON block.geom ~= given.geom
        AND block.whole_area
        AND block.cut_from IS NULL
        AND block.scope_code = :scope_code
        AND ST_AsBinary(block.geom) = ST_AsBinary(given.geom)
        AND block.population = given.population
        AND block.households = given.households
        AND (block.code = given.code OR starts_with(block.code, given.code || '~'))
    ORDER BY given.code, block.id
),
added AS (
    INSERT INTO block (code, scope_code, geom, area_m2, population, households, attributes, whole_area)
    SELECT
        CASE
            WHEN NOT EXISTS (SELECT FROM block WHERE block.code = given.code) THEN given.code
            ELSE (
                SELECT given.code || '~' || number
                FROM generate_series(2, 2 + (
                    SELECT count(*) FROM block WHERE starts_with(block.code, given.code || '~')
                )) AS number
                WHERE NOT EXISTS (SELECT FROM block WHERE block.code = given.code || '~' || number)
                ORDER BY number
                LIMIT 1
            )
        END,
        :scope_code,
        given.geom,
        given.area_m2,
        given.population,
        given.households,
        jsonb_build_object('area', given.code),
        true
    FROM given
    WHERE NOT EXISTS (SELECT FROM known WHERE known.code = given.code)
    RETURNING id, attributes ->> 'area' AS code
)
SELECT code, id FROM known
UNION ALL
SELECT code, id FROM added
