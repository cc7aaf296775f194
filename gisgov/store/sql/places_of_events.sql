-- Where in a box did events of some categories happen within a window? Index: event_occurred_at_idx or event_geom_idx.
WITH items AS MATERIALIZED (
    SELECT category.id
    FROM category
    WHERE ARRAY[category.code, category.grp, category.function] && CAST(:categories AS TEXT[])
)
SELECT
    string_agg(float8send(ST_X(event.geom)), '') AS x,
    string_agg(float8send(ST_Y(event.geom)), '') AS y
FROM event
WHERE event.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    AND event.occurred_at >= :begins AND event.occurred_at < :ends
    AND event.state NOT IN ('rejected', 'merged')
    AND (event.category_id IN (SELECT id FROM items) OR event.category = ANY (CAST(:categories AS TEXT[])))
