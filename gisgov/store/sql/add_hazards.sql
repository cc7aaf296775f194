-- Write hazards that are new, and tell the ids that they were given.
INSERT INTO hazard (
    source, external_id, building_id, kind, event_id, state, found_on, due_on, rectified_on, checked_on, description,
    step_number
)
SELECT
    :source, fresh.external_id, fresh.building_id, fresh.kind, fresh.event_id, fresh.state, fresh.found_on,
    fresh.due_on, fresh.rectified_on, fresh.checked_on, fresh.description, fresh.step_number
FROM unnest(
    CAST(:external_ids AS TEXT[]), CAST(:building_ids AS BIGINT[]), CAST(:kinds AS TEXT[]),
    CAST(:event_ids AS BIGINT[]), CAST(:states AS TEXT[]), CAST(:found_on AS DATE[]), CAST(:due_on AS DATE[]),
    CAST(:rectified_on AS DATE[]), CAST(:checked_on AS DATE[]), CAST(:descriptions AS TEXT[]),
    CAST(:step_numbers AS INTEGER[])
) AS fresh (
    external_id, building_id, kind, event_id, state, found_on, due_on, rectified_on, checked_on, description,
    step_number
)
RETURNING id, external_id
