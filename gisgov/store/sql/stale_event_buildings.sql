-- Which of these events (NULL: of all) did ratings not follow as they are now? What counts of an event is where and
-- when it happened, of which category, which building was named, and whether it was rejected or merged.
-- Indexes: event_pkey, event_building_pkey.
SELECT array_agg(event.id) AS ids
FROM event
LEFT JOIN event_building AS link ON link.event_id = event.id
WHERE (CAST(:ids AS BIGINT[]) IS NULL OR event.id = ANY (CAST(:ids AS BIGINT[])))
    AND link.followed IS DISTINCT FROM $followed
