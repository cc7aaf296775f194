-- Events as maps show them: those that are asked for, by id; nothing of what was told. Index: event_pkey.
SELECT
    event.id,
    ST_AsBinary(event.geom, 'NDR') AS wkb,
    event.state,
    event.level,
    event.category,
    event.source,
    CAST(floor(extract(EPOCH FROM event.occurred_at)) AS BIGINT) AS occurred_at
FROM event
WHERE event.geom IS NOT NULL AND $chosen
ORDER BY event.id
LIMIT :most
