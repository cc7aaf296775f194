-- Which exceptions hold at these places on a day, for the items asked about? Of each place the nearest; of those the
-- one that names items, then the oldest. Index: routing_exception_geom_idx, once per place.
SELECT DISTINCT ON (asked.number)
    asked.number,
    exception.title,
    layer.name AS layer,
    exception.area_code,
    exception.department_code
FROM unnest(CAST(:lons AS DOUBLE PRECISION[]), CAST(:lats AS DOUBLE PRECISION[]), CAST(:items AS TEXT[]))
    WITH ORDINALITY AS asked (lon, lat, item, number)
CROSS JOIN LATERAL ST_SetSRID(ST_MakePoint(asked.lon, asked.lat), 4326) AS place
-- a degree of latitude is 110.5 km at least, one of longitude so much less as its circle is smaller
JOIN routing_exception AS exception
    ON exception.geom && ST_Expand(
        place, 1000.0 / 110500 / GREATEST(cos(radians(asked.lat)), 0.001), 1000.0 / 110500
    )
LEFT JOIN layer ON layer.id = exception.layer_id
CROSS JOIN LATERAL (
    SELECT ST_Distance(CAST(exception.geom AS GEOGRAPHY), CAST(place AS GEOGRAPHY)) AS metres OFFSET 0
) AS far
WHERE far.metres <= exception.reach_m
    AND (exception.categories = '{}' OR asked.item = ANY (exception.categories))
    AND daterange(exception.valid_from, exception.valid_to) @> CAST(:day AS DATE)
ORDER BY asked.number, far.metres, (exception.categories = '{}'), exception.id
