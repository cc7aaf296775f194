-- Write where hazards stand after their steps. Index: hazard_pkey.
UPDATE hazard
SET
    state = settled.state,
    due_on = settled.due_on,
    rectified_on = settled.rectified_on,
    checked_on = settled.checked_on,
    step_number = settled.step_number,
    changed_at = clock_timestamp()
FROM unnest(
    CAST(:ids AS BIGINT[]), CAST(:states AS TEXT[]), CAST(:due_on AS DATE[]), CAST(:rectified_on AS DATE[]),
    CAST(:checked_on AS DATE[]), CAST(:step_numbers AS INTEGER[])
) AS settled (id, state, due_on, rectified_on, checked_on, step_number)
WHERE hazard.id = settled.id
