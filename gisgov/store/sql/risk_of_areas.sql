-- How many buildings of each class has each area of a layer that is in force on a day? One row per area and class;
-- without a code: the buildings that none of these areas owns.
-- Indexes: plan_validity_excl, building_area_pkey.
WITH owner AS (
    SELECT building_area.building_id, area.plan_id, area.code
    FROM building_area
    JOIN plan ON plan.id = building_area.plan_id
    JOIN area ON area.plan_id = building_area.plan_id AND area.code = building_area.area_code
    WHERE building_area.layer_id = :layer_id
        AND plan.status <> 'draft'
        AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
),
counted AS (
    SELECT owner.plan_id, owner.code, COALESCE(building.risk_class, 'unclassified') AS risk_class, count(*) AS buildings
    FROM building
    LEFT JOIN owner ON owner.building_id = building.id
    GROUP BY owner.plan_id, owner.code, COALESCE(building.risk_class, 'unclassified')
),
standing AS (
    SELECT area.plan_id, area.code, area.name
    FROM area
    JOIN plan ON plan.id = area.plan_id
    WHERE plan.layer_id = :layer_id
        AND plan.status <> 'draft'
        AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
)
SELECT standing.code, standing.name, counted.risk_class, COALESCE(counted.buildings, 0) AS buildings
FROM standing
FULL JOIN counted ON counted.plan_id = standing.plan_id AND counted.code = standing.code
ORDER BY standing.code NULLS LAST, counted.risk_class
