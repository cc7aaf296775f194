-- The blocks of areas of a draft that a line comes near, and all blocks of it around them.
-- Index: block_geom_idx, then assignment_pkey.
WITH near AS MATERIALIZED (
    SELECT block.geom
    FROM block
    INNER JOIN assignment
        ON assignment.block_id = block.id
        AND assignment.plan_id = :plan_id
        AND assignment.area_code = ANY (CAST(:codes AS TEXT[]))
    WHERE ST_DWithin(block.geom, ST_GeomFromWKB(:line, 4326), :reach)
)
SELECT DISTINCT block.id
FROM near
INNER JOIN block ON block.geom && near.geom
INNER JOIN assignment ON assignment.block_id = block.id AND assignment.plan_id = :plan_id
