-- Which buildings that another plan of a layer was given does an area of some plans cover, by the rule of the smallest
-- code? Today there are none, unless a plan has just begun; of a past day there may be many.
-- Indexes: building_area_plan_id_area_code_idx, area_plan_id_code_key, area_plan_id_geom_idx.
SELECT lying.building_id
FROM (
    SELECT building_area.building_id, ST_PointOnSurface(building.geom) AS geom
    FROM building_area
    JOIN building ON building.id = building_area.building_id
    WHERE building_area.area_code IS NOT NULL
        AND building_area.plan_id IN (
            SELECT plan.id
            FROM plan
            WHERE plan.layer_id = :layer_id AND plan.id <> ALL (CAST(:layer_plans AS INTEGER[]))
        )
    OFFSET 0
) AS lying
JOIN area ON area.plan_id = ANY (CAST(:plans AS INTEGER[]))
    AND area.code = :code
    AND area.geom && lying.geom
WHERE ST_Covers(area.geom, lying.geom)
    AND NOT EXISTS (
        SELECT
        FROM area AS before
        WHERE before.plan_id = ANY (CAST(:layer_plans AS INTEGER[]))
            AND before.code < area.code
            AND before.geom && lying.geom
            AND ST_Covers(before.geom, lying.geom)
    )
