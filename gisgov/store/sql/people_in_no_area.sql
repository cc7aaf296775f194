-- How many people and households live in blocks that no area of some plans covers? Index: area_plan_id_geom_idx.
SELECT COALESCE(sum(block.population), 0) AS population, COALESCE(sum(block.households), 0) AS households
FROM block
WHERE block.cut_from IS NULL
    AND NOT block.whole_area
    AND block.population + block.households > 0
    AND NOT EXISTS (
        SELECT FROM area
        WHERE area.plan_id = ANY(:plan_ids) AND ST_Covers(area.geom, ST_PointOnSurface(block.geom))
    )
