-- The events of a period, half-open, and which area of a layer owns each.
-- Indexes: event_occurred_at_idx, event_area_pkey.
SELECT
    event.external_id,
    event.source,
    event.category,
    event.level,
    event.state,
    event.problem,
    event.occurred_at AT TIME ZONE :timezone AS occurred_at,
    owner.area_code AS grid_code,
    ST_AsBinary(event.geom) AS wkb
FROM event
LEFT JOIN event_area AS owner ON owner.event_id = event.id AND owner.layer_id = :layer_id
WHERE (CAST(:first AS DATE) IS NULL OR event.occurred_at >= CAST(:first AS TIMESTAMP) AT TIME ZONE :timezone)
    AND (CAST(:after AS DATE) IS NULL OR event.occurred_at < CAST(:after AS TIMESTAMP) AT TIME ZONE :timezone)
ORDER BY event.occurred_at, event.id
