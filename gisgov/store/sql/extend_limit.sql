-- Until when does a limit run that is extended, and when is it due soon? Of what is added the same share is left then.
-- Index: event_limit_stage_idx.
UPDATE event_limit SET
    due_at = extended.due_at,
    warn_at = limit_warned(
        event_limit.started_at,
        extended.due_at,
        extended.warn_s + extended.added_s * COALESCE(event_limit.warn_share, 0),
        event_limit.unit,
        event_limit.calendar
    ),
    extended_by = extended_by + :amount
FROM (
    SELECT former.id, over.due_at, warning.seconds AS warn_s, added.seconds AS added_s
    FROM event_limit AS former
    CROSS JOIN LATERAL limit_extends(former.due_at, :amount, former.unit, former.calendar) AS over
    CROSS JOIN LATERAL limit_seconds(former.warn_at, former.due_at, former.unit, former.calendar) AS warning
    CROSS JOIN LATERAL limit_seconds(former.due_at, over.due_at, former.unit, former.calendar) AS added
    WHERE former.event_id = :event_id AND former.stage = :stage AND former.met_at IS NULL AND former.void_at IS NULL
) AS extended
WHERE event_limit.id = extended.id
RETURNING event_limit.due_at
