-- Which building does each of these events concern? That which was named; else the first by external id and source of
-- those whose footprint covers its place; else the nearest one within :within_m metres, of several as near the first;
-- else none. Written down with what was followed of the event.
-- Index: building_geom_idx. A degree of latitude is 110.5 km at least.
INSERT INTO event_building AS link (event_id, building_id, how, distance_m, geom, followed)
SELECT
    event.id,
    found.id,
    COALESCE(found.how, 'none'),
    found.distance_m,
    event.geom,
    $followed
FROM event
LEFT JOIN LATERAL (
    SELECT
        named.id,
        'named' AS how,
        COALESCE(ST_Distance(CAST(named.geom AS GEOGRAPHY), CAST(event.geom AS GEOGRAPHY)), 0) AS distance_m
    FROM building AS named
    WHERE named.id = event.building_id
    UNION ALL
    (
        SELECT near.id, CASE WHEN far.is_covering THEN 'footprint' ELSE 'nearest' END AS how, far.metres AS distance_m
        FROM building AS near
        CROSS JOIN LATERAL (
            SELECT
                ST_Covers(near.geom, event.geom) AS is_covering,
                CASE
                    WHEN ST_Covers(near.geom, event.geom) THEN -1
                    ELSE ST_Distance(CAST(near.geom AS GEOGRAPHY), CAST(event.geom AS GEOGRAPHY))
                END AS ordered
        ) AS away
        CROSS JOIN LATERAL (SELECT away.is_covering, GREATEST(away.ordered, 0) AS metres OFFSET 0) AS far
        WHERE event.building_id IS NULL
            AND near.geom && ST_Expand(
                event.geom,
                :within_m / 110500 / GREATEST(cos(radians(ST_Y(event.geom))), 0.001),
                :within_m / 110500
            )
            AND (far.is_covering OR far.metres <= :within_m)
        ORDER BY away.ordered, near.external_id, near.source
        LIMIT 1
    )
) AS found ON true
WHERE event.id = ANY (CAST(:ids AS BIGINT[]))
ON CONFLICT (event_id) DO UPDATE
SET
    building_id = excluded.building_id,
    how = excluded.how,
    distance_m = excluded.distance_m,
    geom = excluded.geom,
    followed = excluded.followed
