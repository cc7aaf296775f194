-- Which of the rows that wait are not in the plan yet? Those go in. Uses area_plan_id_code_key.
INSERT INTO area (plan_id, code, name, parent_codes, geom, area_m2, population, households, attributes)
SELECT
    :plan_id, incoming.code, incoming.name, incoming.parent_codes, incoming.geom, incoming.area_m2,
    incoming.population, incoming.households, incoming.attributes
FROM incoming_area AS incoming
WHERE NOT EXISTS (
    SELECT FROM area AS known WHERE known.plan_id = :plan_id AND known.code = incoming.code
)
ORDER BY incoming.code
