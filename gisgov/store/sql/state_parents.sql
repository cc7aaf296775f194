-- Blocks lie in the area above that their own area states, where it states one.
-- Indexes: assignment_plan_id_area_code_idx, area_plan_id_code_key.
UPDATE assignment SET parent_code = area.parent_codes[1]
FROM area
WHERE
    assignment.plan_id = :plan_id
    AND assignment.parent_code IS NULL
    AND area.plan_id = assignment.plan_id
    AND area.code = assignment.area_code
    AND cardinality(area.parent_codes) = 1
