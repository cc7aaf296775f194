-- By when has each stage that begins to be over? Index: event_limit_stage_idx, for those that run already.
-- Events that came in together begin alike: of those that do, working time is counted once.
WITH one AS MATERIALIZED (
    SELECT event_id, stage, at, amount, unit
    FROM unnest(
        CAST(:events AS BIGINT[]),
        CAST(:stages AS TEXT[]),
        CAST(:moments AS TIMESTAMPTZ[]),
        CAST(:amounts AS DOUBLE PRECISION[]),
        CAST(:units AS TEXT[])
    ) AS given (event_id, stage, at, amount, unit)
),
alike AS MATERIALIZED (
    SELECT
        at,
        amount,
        unit,
        calendar,
        warning.warn_at,
        over.due_at
    FROM (
        SELECT DISTINCT at, amount, unit, CASE WHEN unit LIKE 'working-%' THEN CAST(:calendar AS TEXT) END AS calendar
        FROM one
    ) AS each
    -- each is worked out where it stands: OFFSET keeps the planner from writing it wherever it is named
    CROSS JOIN LATERAL (SELECT due_at FROM limit_ends(at, amount, unit, calendar) OFFSET 0) AS over
    CROSS JOIN LATERAL (SELECT seconds FROM limit_seconds(at, over.due_at, unit, calendar) OFFSET 0) AS whole
    CROSS JOIN LATERAL (
        SELECT warn_at FROM limit_warns(at, over.due_at, whole.seconds * :warn_share, unit, calendar) OFFSET 0
    ) AS warning
)
INSERT INTO event_limit (event_id, stage, started_at, amount, unit, calendar, warn_at, due_at, warn_share)
SELECT one.event_id, one.stage, one.at, one.amount, one.unit, alike.calendar, alike.warn_at, alike.due_at, :warn_share
FROM one
JOIN alike USING (at, amount, unit)
ON CONFLICT (event_id, stage) WHERE met_at IS NULL AND void_at IS NULL DO NOTHING
