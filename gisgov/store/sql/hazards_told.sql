-- Hazards, as far as whoever acts may see them, by id, the latest first. Indexes: hazard_pkey, building_pkey.
SELECT
    hazard.id,
    hazard.source,
    hazard.external_id,
    hazard.building_id,
    building.source AS building_source,
    building.external_id AS building_external_id,
    building.name AS building_name,
    hazard.kind,
    hazard.event_id,
    hazard.state,
    hazard.found_on,
    hazard.due_on,
    hazard.rectified_on,
    hazard.checked_on,
    hazard.description,
    hazard.step_number,
    hazard.changed_at
FROM hazard
JOIN building ON building.id = hazard.building_id
WHERE hazard.id = ANY (CAST(:ids AS BIGINT[]))
ORDER BY hazard.id DESC
