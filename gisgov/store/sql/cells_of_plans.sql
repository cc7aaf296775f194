-- What are plans made of that others are not: blocks, each with the block that it was cut from in the first place, and
-- the areas that no block is assigned to. Indexes: assignment_pkey, block_pkey, assignment_plan_id_area_code_idx.
WITH RECURSIVE assigned AS (
    SELECT block.id, block.cut_from, block.area_m2, block.population, assignment.area_code
    FROM assignment
    JOIN block ON block.id = assignment.block_id
    WHERE assignment.plan_id = ANY(:plan_ids)
        AND NOT EXISTS (
            SELECT FROM assignment AS other
            WHERE other.plan_id = ANY(:other_ids) AND other.block_id = assignment.block_id
        )
),
way AS (
    SELECT assigned.id, assigned.cut_from AS root
    FROM assigned
    WHERE assigned.cut_from IS NOT NULL
    UNION ALL
    SELECT way.id, block.cut_from
    FROM way
    JOIN block ON block.id = way.root
    WHERE block.cut_from IS NOT NULL
),
-- a block is always cut from an earlier one
root AS (
    SELECT way.id, min(way.root) AS root FROM way GROUP BY way.id
)
SELECT
    assigned.id,
    true AS is_block,
    COALESCE(root.root, assigned.id) AS root,
    assigned.area_code,
    assigned.area_m2,
    assigned.population
FROM assigned
LEFT JOIN root ON root.id = assigned.id
UNION ALL
SELECT area.id, false, 0, area.code, area.area_m2, COALESCE(area.population, 0)
FROM area
WHERE area.plan_id = ANY(:plan_ids)
    AND NOT EXISTS (
        SELECT FROM assignment
        WHERE assignment.plan_id = area.plan_id AND assignment.area_code = area.code
    )
ORDER BY is_block, id
