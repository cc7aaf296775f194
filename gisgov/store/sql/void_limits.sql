-- Which limits are given up with these steps? Index: event_limit_stage_idx.
UPDATE event_limit SET void_at = GREATEST(told.at, event_limit.started_at), paused_at = NULL
FROM unnest(CAST(:events AS BIGINT[]), CAST(:stages AS TEXT[]), CAST(:moments AS TIMESTAMPTZ[]))
    AS told (event_id, stage, at)
WHERE event_limit.event_id = told.event_id
    AND event_limit.stage = COALESCE(told.stage, event_limit.stage)
    AND event_limit.met_at IS NULL
    AND event_limit.void_at IS NULL
