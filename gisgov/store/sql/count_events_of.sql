-- How many events of some categories concern each of these buildings, of those that happened in a window?
-- Index: event_building_building_id_idx, then event_pkey.
WITH items AS MATERIALIZED (
    SELECT category.id
    FROM category
    WHERE ARRAY[category.code, category.grp, category.function] && CAST(:categories AS TEXT[])
)
SELECT event_building.building_id AS id, count(*) AS events
FROM event_building
JOIN event ON event.id = event_building.event_id
WHERE event_building.building_id = ANY (CAST(:ids AS BIGINT[]))
    AND event.occurred_at >= :begins AND event.occurred_at < :ends
    AND event.state NOT IN ('rejected', 'merged')
    AND (event.category_id IN (SELECT id FROM items) OR event.category = ANY (CAST(:categories AS TEXT[])))
GROUP BY event_building.building_id
