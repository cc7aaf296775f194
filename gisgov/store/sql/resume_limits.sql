-- Which limits run on from these steps, with what was left of them, and are due soon when as much is left as it would
-- have been? Index: event_limit_stage_idx.
UPDATE event_limit SET
    due_at = resumed.due_at,
    warn_at = limit_warned(
        event_limit.started_at, resumed.due_at, resumed.warn_s, event_limit.unit, event_limit.calendar
    ),
    paused_at = NULL
FROM (
    SELECT
        paused.id,
        limit_resumed(paused.due_at, paused.paused_at, told.at, paused.unit, paused.calendar) AS due_at,
        warning.seconds AS warn_s
    FROM unnest(CAST(:events AS BIGINT[]), CAST(:stages AS TEXT[]), CAST(:moments AS TIMESTAMPTZ[]))
        AS told (event_id, stage, at)
    JOIN event_limit AS paused
        ON paused.event_id = told.event_id
        AND paused.stage = COALESCE(told.stage, paused.stage)
        AND paused.met_at IS NULL
        AND paused.void_at IS NULL
        AND paused.paused_at IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT seconds FROM limit_seconds(paused.warn_at, paused.due_at, paused.unit, paused.calendar) OFFSET 0
    ) AS warning
) AS resumed
WHERE event_limit.id = resumed.id
