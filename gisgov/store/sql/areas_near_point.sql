-- Which areas of the layer, in force on that day, come nearest to the point, and which meet the box around it?
-- The order is by degrees, which are not metres: whoever wants metres asks for the first of a box as wide as
-- the world, then for all of a box as wide as that one is far.
-- Indexes: area_geom_idx through <-> or &&, plan_validity_excl.
WITH point AS (
    SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom
),
in_force AS (
    SELECT plan.id, plan.working_crs
    FROM plan
    WHERE plan.layer_id = :layer_id
        AND plan.status <> 'draft'
        AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
)
SELECT area.code, area.name, in_force.working_crs, ST_AsBinary(area.geom) AS wkb
FROM point
JOIN area ON area.geom && ST_Expand(point.geom, :reach_lon, :reach_lat)
JOIN in_force ON in_force.id = area.plan_id
ORDER BY area.geom <-> point.geom, area.code
LIMIT :most
