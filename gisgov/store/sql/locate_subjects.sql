-- Which areas of each partition layer cover each $subject, by the plan that is in force on its day?
-- The smallest code of them owns it. Asked only for those that no area of the layer owns yet: what was given
-- once is kept.
-- Indexes: area_plan_id_geom_idx, once per point and plan; ${subject}_area_pkey.
INSERT INTO located_$subject (id, layer_id, day, geom, problem, plan_id, on_border, codes)
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
    SELECT subject.id, subject.day, subject.geom, subject.problem, plan.layer_id, plan.id AS plan_id
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
)
SELECT DISTINCT ON (question.id, question.layer_id)
    question.id,
    question.layer_id,
    question.day,
    question.geom,
    question.problem,
    owner.plan_id,
    owner.on_border,
    owner.codes
FROM question
LEFT JOIN owner USING (id, layer_id)
ORDER BY question.id, question.layer_id
