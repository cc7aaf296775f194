-- Which buildings stand in areas of plans that are not in force on the day? They are to be asked again.
-- Index: building_area_plan_id_area_code_idx, through the plans.
DELETE FROM building_area AS stored
USING plan
WHERE plan.id = stored.plan_id
    AND NOT (:day >= plan.valid_from AND :day < COALESCE(plan.valid_to, 'infinity'))
    AND (CAST(:layer_id AS INTEGER) IS NULL OR stored.layer_id = :layer_id)
