-- Which open events of the same item are near an event in space and time? The nearest first.
-- Index: event_open_geom_idx, an R-tree over the open events.
SELECT other.id, far.metres, abs(extract(epoch FROM other.occurred_at - this.occurred_at)) / 3600 AS hours
FROM event AS this
JOIN event AS other
    -- a degree of latitude is 110.5 km at least, one of longitude so much less as its circle is smaller
    ON other.geom && ST_Expand(
        this.geom,
        :within_m / 110500 / GREATEST(cos(radians(ST_Y(this.geom))), 0.001),
        :within_m / 110500
    )
    AND other.state NOT IN ('closed', 'revisited', 'rejected', 'merged')
    AND other.id <> this.id
    AND other.category_code IS NOT DISTINCT FROM this.category_code
    AND abs(extract(epoch FROM other.occurred_at - this.occurred_at)) <= :within_hours * 3600
CROSS JOIN LATERAL (
    SELECT ST_Distance(CAST(other.geom AS GEOGRAPHY), CAST(this.geom AS GEOGRAPHY)) AS metres OFFSET 0
) AS far
WHERE this.id = :id AND far.metres <= :within_m
ORDER BY far.metres, hours, other.id
