-- Which areas of a layer are in force on a day, or of one plan: whose are they, and who serves them?
-- Indexes: plan_validity_excl, area_plan_id_code_key, staff_post_layer_id_area_code_idx.
WITH drawn AS (
    SELECT plan.id, plan.name, plan.working_crs, COALESCE(CAST(:day AS DATE), plan.valid_from, CURRENT_DATE) AS day
    FROM plan
    WHERE plan.layer_id = :layer_id
        AND CASE
            WHEN CAST(:plan_id AS INTEGER) IS NULL
                THEN plan.status <> 'draft' AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
            ELSE plan.id = CAST(:plan_id AS INTEGER)
        END
),
parent AS (
    SELECT area.code, min(area.name) AS name
    FROM layer
    JOIN plan ON plan.layer_id = layer.parent_id
    JOIN area ON area.plan_id = plan.id
    WHERE layer.id = :layer_id
        AND plan.status <> 'draft'
        AND daterange(plan.valid_from, plan.valid_to) @> (SELECT max(drawn.day) FROM drawn)
    GROUP BY area.code
)
SELECT
    area.code,
    area.name,
    drawn.name AS plan,
    drawn.working_crs,
    area.parent_codes,
    ARRAY(
        SELECT COALESCE(parent.name, asked.code)
        FROM unnest(area.parent_codes) WITH ORDINALITY AS asked (code, place)
        LEFT JOIN parent ON parent.code = asked.code
        ORDER BY asked.place
    ) AS parent_names,
    ST_AsBinary(area.geom) AS wkb,
    area.area_m2,
    area.population,
    area.households,
    ARRAY(
        SELECT staff_post.role
        FROM staff_post
        WHERE staff_post.layer_id = :layer_id
            AND staff_post.area_code = area.code
            AND staff_post.deputy_for IS NULL
            AND daterange(staff_post.valid_from, staff_post.valid_to) @> drawn.day
        ORDER BY staff_post.id
    ) AS roles,
    ARRAY(
        SELECT staff_post.holder
        FROM staff_post
        WHERE staff_post.layer_id = :layer_id
            AND staff_post.area_code = area.code
            AND staff_post.deputy_for IS NULL
            AND daterange(staff_post.valid_from, staff_post.valid_to) @> drawn.day
        ORDER BY staff_post.id
    ) AS holders
FROM area
JOIN drawn ON drawn.id = area.plan_id
ORDER BY area.code, drawn.name
