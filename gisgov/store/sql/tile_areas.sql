-- Areas of plans that were put into force, by id. Indexes: area_plan_id_code_key, area_pkey.
SELECT
    area.id,
    ST_AsBinary(area.geom, 'NDR') AS wkb,
    area.code,
    area.name,
    array_to_string(area.parent_codes, ',') AS parent_codes,
    plan.name AS plan,
    area.area_m2,
    area.population,
    area.households
FROM area
JOIN plan ON plan.id = area.plan_id
WHERE area.plan_id = ANY(CAST(:plan_ids AS INTEGER[])) AND plan.status <> 'draft' AND $chosen
ORDER BY area.id
LIMIT :most
