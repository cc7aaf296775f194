-- Which area of each partition layer owns each $subject, by the plan that is in force on its day?
-- The smallest code of the areas that cover its point; what none covers is an orphan, with the nearest area.
-- Asked only for those that no area of the layer owns yet: what was given once is kept.
-- Indexes: area_plan_id_geom_idx, once per point and plan, for covering as for nearest; ${subject}_area_pkey.
WITH plan_in_question AS (
    SELECT plan.id, plan.layer_id, plan.valid_from, COALESCE(plan.valid_to, 'infinity') AS valid_to
    FROM plan
    JOIN layer ON layer.id = plan.layer_id
    WHERE layer.kind = 'partition'
        AND plan.status <> 'draft'
        AND (CAST(:layer_id AS INTEGER) IS NULL OR plan.layer_id = :layer_id)
),
subject AS MATERIALIZED (
    SELECT id, problem, $place AS geom, $day AS day
    FROM $subject
    WHERE CAST(:ids AS BIGINT[]) IS NULL OR id = ANY (CAST(:ids AS BIGINT[]))
),
question AS MATERIALIZED (
    SELECT subject.id, subject.geom, subject.problem, plan.layer_id, plan.id AS plan_id
    FROM subject
    JOIN plan_in_question AS plan ON subject.day >= plan.valid_from AND subject.day < plan.valid_to
    WHERE NOT EXISTS (
        SELECT FROM ${subject}_area AS known
        WHERE known.${subject}_id = subject.id
            AND known.layer_id = plan.layer_id
            AND known.area_code IS NOT NULL
    )
),
-- in the order of areas, so that PostGIS prepares each polygon once for all its points
pair AS MATERIALIZED (
    SELECT question.id, question.layer_id, question.geom, near.id AS area_id
    FROM question
    CROSS JOIN LATERAL (
        SELECT area.id FROM area WHERE area.plan_id = question.plan_id AND area.geom && question.geom OFFSET 0
    ) AS near
    ORDER BY near.id
),
-- ST_Covers and ST_Contains of a point are computed with rounding, and beside a long edge may name two owners
-- or none. ST_ContainsProperly and ST_Relate are exact, as shapely's covers is; the latter is slow and only
-- asked close to a border.
cover AS MATERIALIZED (
    SELECT pair.id, pair.layer_id, area.plan_id, area.code, side.on_border
    FROM pair
    JOIN area ON area.id = pair.area_id
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN ST_ContainsProperly(area.geom, pair.geom) THEN false
            WHEN ST_DWithin(area.geom, pair.geom, 1e-9)
                AND ST_Relate(area.geom, pair.geom, '***0*****') THEN true
        END AS on_border
        OFFSET 0
    ) AS side
    WHERE side.on_border IS NOT NULL
),
owner AS (
    SELECT
        id,
        layer_id,
        (array_agg(plan_id ORDER BY code, plan_id))[1] AS plan_id,
        (array_agg(on_border ORDER BY code, plan_id))[1] AS on_border,
        array_agg(code ORDER BY code, plan_id) AS codes
    FROM cover
    GROUP BY id, layer_id
),
-- By degrees first, which the index can order. Degrees of longitude are the shorter ones, so the nearest by
-- metres is at most 1 / cos(latitude) times as many degrees away; the few within that are measured.
orphan AS (
    SELECT DISTINCT ON (question.id, question.layer_id)
        question.id, question.layer_id, question.problem, nearest.plan_id, nearest.code, nearest.distance_m
    FROM question
    LEFT JOIN owner USING (id, layer_id)
    LEFT JOIN LATERAL (
        SELECT area.plan_id, area.code, ST_Distance(CAST(area.geom AS GEOGRAPHY), place.point) AS distance_m
        FROM (SELECT CAST(question.geom AS GEOGRAPHY) AS point) AS place
        CROSS JOIN LATERAL (
            SELECT area.geom <-> question.geom AS degrees
            FROM area
            WHERE area.plan_id = question.plan_id
            ORDER BY area.geom <-> question.geom
            LIMIT 1
        ) AS guess
        JOIN area
            ON area.plan_id = question.plan_id
            AND ST_DWithin(
                area.geom,
                question.geom,
                guess.degrees * 1.01 / GREATEST(cos(radians(ST_Y(question.geom))), 0.05) + 1e-9
            )
        ORDER BY distance_m, area.code
        LIMIT 1
    ) AS nearest ON question.problem IS NULL
    WHERE owner.id IS NULL
    ORDER BY question.id, question.layer_id, nearest.distance_m, nearest.code
),
written AS (
    INSERT INTO ${subject}_area AS stored (
        ${subject}_id, layer_id, plan_id,
        area_code, on_border, candidates, orphan_reason, nearest_code, distance_m
    )
    SELECT id, layer_id, plan_id, codes[1], on_border, codes[2:], NULL, NULL, NULL
    FROM owner
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
WHERE EXISTS (SELECT FROM plan_in_question AS plan WHERE plan.layer_id = layer.id)
GROUP BY layer.id
ORDER BY layer.position, layer.name
