-- Where are the buildings that are visited, patrolled and served, how many people live there, of which risk class are
-- they, and to which area of some plans was each given? Index: building_area_pkey.
SELECT
    building.id,
    ST_X(place.geom) AS x,
    ST_Y(place.geom) AS y,
    building.population,
    COALESCE(building.risk_class, 'unclassified') AS risk_class,
    given.area_code
FROM building
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(building.geom) AS geom) AS place
LEFT JOIN building_area AS given
    ON given.building_id = building.id AND given.layer_id = :layer_id AND given.plan_id = ANY(:plan_ids)
ORDER BY building.id
