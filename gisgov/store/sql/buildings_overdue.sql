-- Which buildings have a hazard whose term ended between two days, and that is not rectified? Index: hazard_due_on_idx.
SELECT array_agg(DISTINCT hazard.building_id) AS ids
FROM hazard
WHERE hazard.state = 'found' AND hazard.due_on >= CAST(:first AS DATE) AND hazard.due_on < CAST(:after AS DATE)
