-- Where does a hazard stand that this transaction has locked? Indexes: hazard_pkey, hazard_step_pkey.
SELECT
    hazard.id, hazard.external_id, hazard.building_id, hazard.kind, hazard.event_id, hazard.state, hazard.found_on,
    hazard.due_on, hazard.rectified_on, hazard.checked_on, hazard.step_number,
    (SELECT max(step.day) FROM hazard_step AS step WHERE step.hazard_id = hazard.id) AS last_on,
    (
        SELECT max(step.day) FROM hazard_step AS step WHERE step.hazard_id = hazard.id AND step.action = 'return'
    ) AS returned_on
FROM hazard
WHERE hazard.id = :id
