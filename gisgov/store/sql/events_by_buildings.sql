-- Which events have another building perhaps, now that these buildings are others? Those that concern them, those that
-- lie within reach of them, and those whose building is gone.
-- Indexes: event_building_building_id_idx, event_geom_idx, event_building_lost_idx.
SELECT array_agg(DISTINCT told.id) AS ids
FROM (
    SELECT link.event_id AS id
    FROM event_building AS link
    WHERE link.building_id = ANY (CAST(:ids AS BIGINT[])) OR (link.building_id IS NULL AND link.how <> 'none')
    UNION ALL
    SELECT event.id
    FROM building
    JOIN event ON event.geom && ST_Expand(
        building.geom,
        :within_m / 110500 / GREATEST(cos(radians(ST_Y(ST_Centroid(building.geom)))), 0.001),
        :within_m / 110500
    )
    WHERE building.id = ANY (CAST(:ids AS BIGINT[]))
) AS told
