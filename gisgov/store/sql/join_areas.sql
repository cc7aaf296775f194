-- Write which area owns each located $subject; what none covers is an orphan, with the nearest area.
-- Indexes: that of border_piece (layer_id, squeezed), once per orphan; ${subject}_area_pkey.
WITH plane AS (
    SELECT DISTINCT layer_id, squeeze FROM border_piece
),
orphan AS (
    SELECT
        located.id, located.layer_id, located.problem, nearest.plan_id, nearest.code, nearest.distance_m
    FROM located_$subject AS located
    LEFT JOIN plane ON plane.layer_id = located.layer_id
    LEFT JOIN LATERAL (
        -- the few nearest as if the ground were flat, the nearest of them along the ellipsoid
        SELECT near.plan_id, near.code, measured.distance_m
        FROM (
            SELECT piece.plan_id, piece.code, piece.geom
            FROM border_piece AS piece
            WHERE piece.layer_id = located.layer_id
                AND located.day >= piece.valid_from
                AND located.day < piece.valid_to
            ORDER BY piece.squeezed <-> ST_Scale(located.geom, plane.squeeze, 1)
            LIMIT 8
        ) AS near
        CROSS JOIN LATERAL (
            SELECT ST_Distance(CAST(near.geom AS GEOGRAPHY), CAST(located.geom AS GEOGRAPHY)) AS distance_m
            OFFSET 0
        ) AS measured
        -- to the micrometre: neighbours are equally far from what lies before their common corner
        ORDER BY round(CAST(measured.distance_m AS NUMERIC), 6), near.code
        LIMIT 1
    ) AS nearest ON located.problem IS NULL
    WHERE located.codes IS NULL
),
written AS (
    INSERT INTO ${subject}_area AS stored (
        ${subject}_id, layer_id, plan_id,
        area_code, on_border, candidates, orphan_reason, nearest_code, distance_m
    )
    SELECT id, layer_id, plan_id, codes[1], on_border, codes[2:], NULL, NULL, NULL
    FROM located_$subject
    WHERE codes IS NOT NULL
    UNION ALL
    SELECT id, layer_id, plan_id, NULL, false, '{}', COALESCE(problem, 'outside'), code, distance_m
    FROM orphan
    ON CONFLICT (${subject}_id, layer_id) DO UPDATE SET
        plan_id = excluded.plan_id,
        area_code = excluded.area_code,
        on_border = excluded.on_border,
        candidates = excluded.candidates,
        orphan_reason = excluded.orphan_reason,
        nearest_code = excluded.nearest_code,
        distance_m = excluded.distance_m
    WHERE stored IS DISTINCT FROM excluded
    RETURNING ${subject}_id AS id, layer_id, area_code, on_border
)
SELECT
    layer.id AS layer_id,
    layer.name AS layer,
    count(written.area_code) AS joined,
    count(written.id) FILTER (WHERE written.on_border) AS on_border,
    count(written.id) - count(written.area_code) AS orphans,
    array_remove(
        array_agg(CASE WHEN written.area_code IS NULL THEN written.id END ORDER BY written.id), NULL
    ) AS orphan_ids
FROM layer
LEFT JOIN written ON written.layer_id = layer.id
WHERE layer.kind = 'partition'
    AND (CAST(:layer_id AS INTEGER) IS NULL OR layer.id = :layer_id)
    AND EXISTS (SELECT FROM plan WHERE plan.layer_id = layer.id AND plan.status <> 'draft')
GROUP BY layer.id
ORDER BY layer.position, layer.name
