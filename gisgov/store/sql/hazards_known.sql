-- Which hazards are known by their source and id there? This transaction has locked them.
-- Indexes: hazard_source_external_id_key, hazard_step_pkey.
SELECT
    hazard.id, hazard.external_id, hazard.building_id, hazard.kind, hazard.event_id, hazard.state, hazard.found_on,
    hazard.due_on, hazard.rectified_on, hazard.checked_on, hazard.step_number,
    (SELECT max(step.day) FROM hazard_step AS step WHERE step.hazard_id = hazard.id) AS last_on,
    (
        SELECT max(step.day) FROM hazard_step AS step WHERE step.hazard_id = hazard.id AND step.action = 'return'
    ) AS returned_on
FROM hazard
WHERE hazard.source = :source AND hazard.external_id = ANY (CAST(:external_ids AS TEXT[]))
ORDER BY hazard.id
