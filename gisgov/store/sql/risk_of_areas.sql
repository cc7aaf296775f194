-- How many buildings of each class has each area of a layer that is in force on a day? One row per area and class;
-- without a code: the buildings that none of these areas owns. Classes are those of now, or of the last rating before a
-- moment. Buildings that a later plan was given have the area of this day's plan that covers them, as a join finds it.
-- Indexes: plan_validity_excl, building_area_plan_id_area_code_idx, area_plan_id_geom_idx, risk_rating_pkey.
WITH asked AS MATERIALIZED (
    SELECT plan.id
    FROM plan
    WHERE plan.layer_id = :layer_id
        AND plan.status <> 'draft'
        AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
),
standing AS (
    SELECT area.plan_id, area.code, area.name
    FROM area
    WHERE area.plan_id IN (SELECT id FROM asked)
),
given AS MATERIALIZED (
    SELECT building_area.building_id, building_area.plan_id, building_area.area_code AS code
    FROM building_area
    WHERE building_area.layer_id = :layer_id
        AND building_area.area_code IS NOT NULL
        AND building_area.plan_id IN (SELECT id FROM asked)
),
covering AS (
    SELECT DISTINCT ON (lying.building_id) lying.building_id, area.plan_id, area.code
    FROM (
        SELECT building_area.building_id, ST_PointOnSurface(building.geom) AS geom
        FROM building_area
        JOIN building ON building.id = building_area.building_id
        WHERE building_area.layer_id = :layer_id
            AND building_area.area_code IS NOT NULL
            AND building_area.plan_id NOT IN (SELECT id FROM asked)
        OFFSET 0
    ) AS lying
    JOIN area ON area.plan_id IN (SELECT id FROM asked) AND area.geom && lying.geom
    WHERE ST_ContainsProperly(area.geom, lying.geom)
        OR (ST_DWithin(area.geom, lying.geom, 1e-9) AND ST_Relate(area.geom, lying.geom, '***0*****'))
    ORDER BY lying.building_id, area.code, area.plan_id
),
owner AS (
    SELECT building_id, plan_id, code FROM given
    UNION ALL
    SELECT building_id, plan_id, code FROM covering
),
class_of AS (
    SELECT
        building.id,
        COALESCE(
            CASE
                WHEN CAST(:rated_before AS TIMESTAMPTZ) IS NULL THEN building.risk_class
                ELSE (
                    SELECT risk_rating.risk_class
                    FROM risk_rating
                    WHERE risk_rating.building_id = building.id AND risk_rating.rated_at < :rated_before
                    ORDER BY risk_rating.rated_at DESC
                    LIMIT 1
                )
            END,
            'unclassified'
        ) AS risk_class
    FROM building
),
counted AS (
    SELECT owner.plan_id, owner.code, class_of.risk_class, count(*) AS buildings
    FROM class_of
    LEFT JOIN owner ON owner.building_id = class_of.id
    GROUP BY owner.plan_id, owner.code, class_of.risk_class
)
SELECT standing.code, standing.name, counted.risk_class, COALESCE(counted.buildings, 0) AS buildings
FROM standing
FULL JOIN counted ON counted.plan_id = standing.plan_id AND counted.code = standing.code
ORDER BY standing.code NULLS LAST, counted.risk_class
