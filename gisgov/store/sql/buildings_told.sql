-- Buildings as lists tell of them, with the areas that own them now, from above to below.
-- Indexes: building_pkey, building_area_pkey.
SELECT
    building.id,
    building.source,
    building.external_id,
    building.name,
    COALESCE(building.facts ->> 'address', building.facts ->> '地址') AS address,
    ST_X(ST_PointOnSurface(building.geom)) AS lon,
    ST_Y(ST_PointOnSurface(building.geom)) AS lat,
    building.floors,
    building.built_year,
    building.use,
    building.households,
    building.population,
    owner.layers,
    owner.codes
FROM building
CROSS JOIN LATERAL (
    SELECT
        COALESCE(array_agg(layer.name ORDER BY layer.position, layer.name), '{}') AS layers,
        COALESCE(array_agg(building_area.area_code ORDER BY layer.position, layer.name), '{}') AS codes
    FROM building_area
    JOIN layer ON layer.id = building_area.layer_id
    WHERE building_area.building_id = building.id AND building_area.area_code IS NOT NULL
) AS owner
WHERE building.id = ANY (CAST(:ids AS BIGINT[]))
