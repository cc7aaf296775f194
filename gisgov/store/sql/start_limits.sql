-- By when has each stage that begins to be over? Index: event_limit_stage_idx, for those that run already.
INSERT INTO event_limit (event_id, stage, started_at, amount, unit, calendar, warn_at, due_at)
SELECT
    one.event_id,
    one.stage,
    one.at,
    one.amount,
    one.unit,
    counted.calendar,
    limit_due(one.at, one.amount * (1 - :warn_share), one.unit, counted.calendar),
    limit_due(one.at, one.amount, one.unit, counted.calendar)
FROM unnest(
    CAST(:events AS BIGINT[]),
    CAST(:stages AS TEXT[]),
    CAST(:moments AS TIMESTAMPTZ[]),
    CAST(:amounts AS DOUBLE PRECISION[]),
    CAST(:units AS TEXT[])
) AS one (event_id, stage, at, amount, unit)
CROSS JOIN LATERAL (
    SELECT CASE WHEN one.unit LIKE 'working-%' THEN CAST(:calendar AS TEXT) END AS calendar
) AS counted
ON CONFLICT (event_id, stage) WHERE met_at IS NULL AND void_at IS NULL DO NOTHING
