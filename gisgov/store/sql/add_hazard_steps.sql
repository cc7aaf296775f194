-- Write what was done with hazards.
INSERT INTO hazard_step (hazard_id, number, action, to_state, day, due_on, by_name, by_kind, reason)
SELECT step.hazard_id, step.number, step.action, step.to_state, step.day, step.due_on, :by_name, :by_kind, step.reason
FROM unnest(
    CAST(:hazard_ids AS BIGINT[]), CAST(:numbers AS INTEGER[]), CAST(:actions AS TEXT[]), CAST(:to_states AS TEXT[]),
    CAST(:days AS DATE[]), CAST(:due_on AS DATE[]), CAST(:reasons AS TEXT[])
) AS step (hazard_id, number, action, to_state, day, due_on, reason)
