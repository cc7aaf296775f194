-- Copy the areas of a plan into another; locks go along from draft to draft alone.
-- Index: area_plan_id_code_key.
INSERT INTO area (
    plan_id, code, name, parent_codes, geom, area_m2, population, households, attributes, locked
)
SELECT
    :plan_id, code, name, parent_codes, geom, area_m2, population, households, attributes,
    locked AND CAST(:keeps_locks AS BOOLEAN)
FROM area
WHERE plan_id = :source_id
