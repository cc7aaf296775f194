-- Write blocks: new codes are added, known ones changed where anything differs.
-- Index: block_code_key.
WITH given AS (
    SELECT *
    FROM unnest(
        CAST(:codes AS TEXT[]),
        CAST(:geometries AS BYTEA[]),
        CAST(:area_m2 AS DOUBLE PRECISION[]),
        CAST(:population AS INTEGER[]),
        CAST(:households AS INTEGER[]),
        CAST(:land_use AS TEXT[]),
        CAST(:attributes AS TEXT[])
    ) AS given (code, geom, area_m2, population, households, land_use, attributes)
),
written AS (
    INSERT INTO block AS stored (
        scope_code, code, geom, area_m2, population, households, land_use, attributes
    )
    SELECT
        :scope_code,
        code,
        ST_GeomFromWKB(geom, 4326),
        area_m2,
        population,
        households,
        land_use,
        CAST(attributes AS JSONB)
    FROM given
    ON CONFLICT (code) DO UPDATE SET
        scope_code = excluded.scope_code,
        geom = excluded.geom,
        area_m2 = excluded.area_m2,
        population = excluded.population,
        households = excluded.households,
        land_use = excluded.land_use,
        attributes = excluded.attributes
    WHERE (
        stored.scope_code, stored.geom, stored.area_m2, stored.population, stored.households,
        stored.land_use, stored.attributes
    ) IS DISTINCT FROM (
        excluded.scope_code, excluded.geom, excluded.area_m2, excluded.population, excluded.households,
        excluded.land_use, excluded.attributes
    )
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new) AS inserted, count(*) FILTER (WHERE NOT is_new) AS updated FROM written
