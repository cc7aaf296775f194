-- Buildings as maps show them: those that are asked for, by id. Index: building_pkey.
SELECT
    building.id,
    ST_AsBinary(building.geom, 'NDR') AS wkb,
    building.risk_class,
    building.risk_points,
    building.floors,
    building.built_year,
    building.use
FROM building
WHERE building.geom IS NOT NULL AND $chosen
ORDER BY building.id
LIMIT :most
