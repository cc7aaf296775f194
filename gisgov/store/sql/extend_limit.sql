-- Until when does a limit run that is extended? Index: event_limit_stage_idx.
UPDATE event_limit SET
    due_at = limit_due(due_at, :amount, unit, calendar),
    warn_at = limit_due(warn_at, :amount, unit, calendar),
    extended_by = extended_by + :amount
WHERE event_id = :event_id AND stage = :stage AND met_at IS NULL AND void_at IS NULL
RETURNING due_at
