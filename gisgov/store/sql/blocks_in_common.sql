-- Which areas of some plans and of others have blocks in common, and how much? Indexes: assignment_pkey, block_pkey.
SELECT
    former.area_code AS former_code,
    later.area_code AS code,
    sum(block.area_m2) AS area_m2,
    CAST(sum(block.population) AS BIGINT) AS population,
    count(*) AS blocks
FROM assignment AS former
JOIN assignment AS later ON later.block_id = former.block_id
JOIN block ON block.id = former.block_id
WHERE former.plan_id = ANY(:former_ids) AND later.plan_id = ANY(:plan_ids)
GROUP BY former.area_code, later.area_code
