-- Which buildings do these events concern, or lie near to, as they were followed last? Near is a box a little wider
-- than :within_m metres: whoever rates finds out that nothing changed. Index: event_building_pkey, building_geom_idx.
SELECT array_agg(DISTINCT near.id) AS ids
FROM event_building AS link
CROSS JOIN LATERAL (
    SELECT link.building_id AS id WHERE link.building_id IS NOT NULL
    UNION ALL
    SELECT building.id
    FROM building
    WHERE :within_m > 0
        AND building.geom && ST_Expand(
            link.geom,
            :within_m / 110500 / GREATEST(cos(radians(ST_Y(link.geom))), 0.001),
            :within_m / 110500
        )
) AS near
WHERE link.event_id = ANY (CAST(:ids AS BIGINT[]))
