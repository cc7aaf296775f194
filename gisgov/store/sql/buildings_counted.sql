-- How many buildings lie in each area of some plans, by risk class? One that an area of these plans was given keeps
-- it; others are found by a point on them. Indexes: building_area_pkey, area_plan_id_geom_idx.
WITH standing AS (
    SELECT
        COALESCE(building.risk_class, 'unclassified') AS risk_class,
        CASE
            WHEN given.area_code IS NOT NULL AND given.plan_id = ANY(:plan_ids) THEN given.area_code
            ELSE (
                SELECT area.code
                FROM area
                WHERE area.plan_id = ANY(:plan_ids) AND ST_Covers(area.geom, ST_PointOnSurface(building.geom))
                ORDER BY area.code
                LIMIT 1
            )
        END AS code
    FROM building
    LEFT JOIN building_area AS given ON given.building_id = building.id AND given.layer_id = :layer_id
)
SELECT code, risk_class, count(*) AS count
FROM standing
GROUP BY code, risk_class
ORDER BY code, risk_class
