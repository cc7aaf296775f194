-- How do the limits of events stand? The last of each stage, what is due first before the others.
-- Index: event_limit_event_id_idx.
SELECT event_id, stage, started_at, warn_at, due_at, state
FROM (
    SELECT DISTINCT ON (event_id, stage) event_id, stage, started_at, warn_at, due_at, state
    FROM event_limit_state
    WHERE event_id = ANY (CAST(:ids AS BIGINT[]))
    ORDER BY event_id, stage, id DESC
) AS newest
ORDER BY event_id, due_at, stage
