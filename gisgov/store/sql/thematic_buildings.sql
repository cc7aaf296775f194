-- All buildings with their rating, and which area of a layer owns each.
-- Index: building_area_pkey.
SELECT
    building.id,
    building.external_id,
    building.name,
    building.use,
    building.floors,
    building.built_year,
    building.households,
    building.population,
    building.problem,
    building.risk_class,
    building.risk_points,
    building.risk_reasons,
    building.risk_rules_version,
    building.rated_at AT TIME ZONE :timezone AS rated_at,
    owner.area_code AS grid_code,
    ST_AsBinary(building.geom) AS wkb
FROM building
LEFT JOIN building_area AS owner ON owner.building_id = building.id AND owner.layer_id = :layer_id
ORDER BY building.id
