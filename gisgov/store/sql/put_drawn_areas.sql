-- Write areas of a draft that an operation changed: their ground, what people say of them, and their sums.
-- Index: area_plan_id_code_key.
INSERT INTO area (
    plan_id, code, name, parent_codes, geom, area_m2, population, households, attributes, locked
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
    CAST(attributes AS JSONB),
    locked
FROM unnest(
    CAST(:codes AS TEXT[]),
    CAST(:names AS TEXT[]),
    CAST(:parent_codes AS TEXT[]),
    CAST(:geometries AS BYTEA[]),
    CAST(:area_m2 AS DOUBLE PRECISION[]),
    CAST(:population AS INTEGER[]),
    CAST(:households AS INTEGER[]),
    CAST(:attributes AS TEXT[]),
    CAST(:locked AS BOOLEAN[])
) AS given (code, name, parent_codes, geom, area_m2, population, households, attributes, locked)
ON CONFLICT (plan_id, code) DO UPDATE SET
    name = excluded.name,
    parent_codes = excluded.parent_codes,
    geom = excluded.geom,
    area_m2 = excluded.area_m2,
    population = excluded.population,
    households = excluded.households,
    attributes = excluded.attributes,
    locked = excluded.locked
