-- How many hazards of these buildings are found and not yet rectified? NULL kinds are all, NULL due_before any day.
-- Index: hazard_building_id_idx.
SELECT hazard.building_id AS id, count(*) AS hazards
FROM hazard
WHERE hazard.building_id = ANY (CAST(:ids AS BIGINT[]))
    AND hazard.state = 'found'
    AND (CAST(:kinds AS TEXT[]) IS NULL OR hazard.kind = ANY (CAST(:kinds AS TEXT[])))
    AND (CAST(:due_before AS DATE) IS NULL OR hazard.due_on < CAST(:due_before AS DATE))
GROUP BY hazard.building_id
