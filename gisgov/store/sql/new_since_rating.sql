-- Which events changed after the last rating there is, and which buildings were never rated? Asked once, before anything
-- was followed: both tables are read through.
SELECT
    (
        SELECT array_agg(event.id)
        FROM event
        WHERE event.changed_at > (SELECT max(building.rated_at) FROM building)
    ) AS events,
    (SELECT array_agg(building.id) FROM building WHERE building.rated_at IS NULL) AS buildings
