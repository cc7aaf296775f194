-- Which of these events are there already, what do they say, who reported them, and did anybody do anything since?
-- Indexes: event_source_external_id_key, event_step_event_id_number_key.
SELECT
    event.id,
    event.source,
    event.external_id,
    event.category,
    event.category_code,
    event.category_id,
    event.level,
    event.state,
    event.occurred_at,
    event.description,
    ST_X(event.geom) AS lon,
    ST_Y(event.geom) AS lat,
    event.problem,
    event.attributes,
    event.building_id,
    event.device_id,
    first.by_name AS reported_by,
    EXISTS (
        SELECT FROM event_step AS step
        WHERE step.event_id = event.id
            AND (step.by_name <> first.by_name OR step.action NOT IN ('report', 'reroute', 'note'))
    ) AS is_touched,
    (
        SELECT step.details ->> 'said' FROM event_step AS step
        WHERE step.event_id = event.id AND step.details ? 'said'
        ORDER BY step.number DESC LIMIT 1
    ) AS said
FROM unnest(CAST(:sources AS TEXT[]), CAST(:ids AS TEXT[])) AS asked (source, external_id)
JOIN event USING (source, external_id)
LEFT JOIN event_step AS first ON first.event_id = event.id AND first.number = 1
ORDER BY event.id
$locking
