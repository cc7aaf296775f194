-- Which areas of these layers, in force on that day, cover the point; which of each layer owns it?
-- The smallest code owns (then the plan's name, where two scopes meet in one code); on the border counts as
-- covered. ST_Covers would be the word, but PostGIS answers it for points with arithmetic of its own that
-- now and then names a second owner beside a long edge; the matrix of ST_Relate is exact: its first letters
-- are 0FF inside, F0F on the border, FF0 outside.
-- Indexes: area_geom_idx through &&, plan_validity_excl.
WITH point AS (
    SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom
),
in_force AS (
    SELECT plan.id, plan.layer_id, plan.name, plan.valid_from, plan.valid_to, plan.working_crs
    FROM plan
    WHERE plan.layer_id = ANY(CAST(:layer_ids AS INTEGER[]))
        AND plan.status <> 'draft'
        AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
),
covering AS (
    SELECT
        in_force.*,
        area.code,
        area.name AS area_name,
        area.parent_codes,
        area.geom,
        substr(relation.matrix, 2, 1) <> 'F' AS on_border,
        row_number() OVER (PARTITION BY in_force.layer_id ORDER BY area.code, in_force.name) AS turn
    FROM point
    JOIN area ON area.geom && point.geom
    JOIN in_force ON in_force.id = area.plan_id
    CROSS JOIN LATERAL ST_Relate(point.geom, area.geom) AS relation (matrix)
    WHERE substr(relation.matrix, 3, 1) = 'F'
)
SELECT
    covering.layer_id,
    covering.code,
    covering.area_name AS name,
    covering.parent_codes,
    covering.name AS plan,
    covering.valid_from,
    covering.valid_to,
    covering.working_crs,
    covering.on_border,
    CASE WHEN covering.turn = 1 THEN ST_AsBinary(covering.geom) END AS owner_wkb
FROM covering
ORDER BY covering.layer_id, covering.turn
