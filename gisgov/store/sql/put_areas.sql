-- Write areas of a plan: new codes are added, known ones changed where anything differs.
-- Index: area_plan_id_code_key.
WITH given AS (
    SELECT *
    FROM unnest(
        CAST(:codes AS TEXT[]),
        CAST(:names AS TEXT[]),
        CAST(:parent_codes AS TEXT[]),
        CAST(:geometries AS BYTEA[]),
        CAST(:area_m2 AS DOUBLE PRECISION[]),
        CAST(:population AS INTEGER[]),
        CAST(:households AS INTEGER[]),
        CAST(:attributes AS TEXT[])
    ) AS given (code, name, parent_codes, geom, area_m2, population, households, attributes)
),
written AS (
    INSERT INTO area AS stored (
        plan_id, code, name, parent_codes, geom, area_m2, population, households, attributes
    )
    SELECT
        :plan_id,
        code,
        name,
        ARRAY(SELECT jsonb_array_elements_text(CAST(parent_codes AS JSONB))),
        ST_GeomFromWKB(geom, 4326),
        area_m2,
        population,
        households,
        CAST(attributes AS JSONB)
    FROM given
    ON CONFLICT (plan_id, code) DO UPDATE SET
        name = excluded.name,
        parent_codes = excluded.parent_codes,
        geom = excluded.geom,
        area_m2 = excluded.area_m2,
        population = excluded.population,
        households = excluded.households,
        attributes = excluded.attributes
    WHERE (
        stored.name, stored.parent_codes, stored.geom, stored.area_m2, stored.population, stored.households,
        stored.attributes
    ) IS DISTINCT FROM (
        excluded.name, excluded.parent_codes, excluded.geom, excluded.area_m2, excluded.population,
        excluded.households, excluded.attributes
    )
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new) AS inserted, count(*) FILTER (WHERE NOT is_new) AS updated FROM written
