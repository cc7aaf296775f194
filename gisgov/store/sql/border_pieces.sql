-- The borders of the layers that have orphans, in pieces of few vertices: what is near a point is then a matter of
-- an index, where the distance to a whole area of a hundred thousand vertices takes milliseconds.
-- `squeezed` has its longitudes shortened as they are at the layer's latitude, so that near means near on the ground.
CREATE TEMPORARY TABLE border_piece ON COMMIT DROP AS
WITH plan_in_question AS (
    SELECT plan.id, plan.layer_id, plan.valid_from, COALESCE(plan.valid_to, 'infinity') AS valid_to
    FROM plan
    WHERE plan.status <> 'draft'
        AND plan.layer_id IN (SELECT layer_id FROM located_$subject WHERE codes IS NULL AND problem IS NULL)
),
latitude AS (
    SELECT
        plan.layer_id,
        GREATEST(cos(radians((min(ST_YMin(area.geom)) + max(ST_YMax(area.geom))) / 2)), 0.01) AS squeeze
    FROM plan_in_question AS plan
    JOIN area ON area.plan_id = plan.id
    GROUP BY plan.layer_id
)
SELECT
    plan.layer_id,
    plan.id AS plan_id,
    plan.valid_from,
    plan.valid_to,
    area.code,
    latitude.squeeze,
    piece.geom,
    ST_Scale(piece.geom, latitude.squeeze, 1) AS squeezed
FROM plan_in_question AS plan
JOIN latitude USING (layer_id)
JOIN area ON area.plan_id = plan.id
CROSS JOIN LATERAL ST_Subdivide(ST_Boundary(area.geom), 64) AS piece (geom)
