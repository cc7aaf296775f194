-- Which area of a layer that is in force on a day owns each of these buildings? Index: building_area_pkey.
SELECT building_area.building_id, building_area.area_code AS code
FROM building_area
JOIN plan ON plan.id = building_area.plan_id
WHERE building_area.building_id = ANY (CAST(:ids AS BIGINT[]))
    AND building_area.layer_id = :layer_id
    AND building_area.area_code IS NOT NULL
    AND plan.status <> 'draft'
    AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
