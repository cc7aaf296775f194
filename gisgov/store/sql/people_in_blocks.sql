-- Buildings in blocks of which residents are known: where they stand, and how many.
-- Index: building_geom_idx.
SELECT DISTINCT
    building.id,
    ST_X(ST_PointOnSurface(building.geom)) AS lon,
    ST_Y(ST_PointOnSurface(building.geom)) AS lat,
    coalesce(building.population, 0) AS population,
    coalesce(building.households, 0) AS households
FROM block
INNER JOIN building ON building.geom && block.geom
WHERE
    block.id = ANY (CAST(:ids AS BIGINT[]))
    AND (building.population > 0 OR building.households > 0)
ORDER BY building.id
