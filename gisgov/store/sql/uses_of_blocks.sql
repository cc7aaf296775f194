-- Which plans are made of these blocks or of pieces of them, or were while they were drafts?
-- Index: block_cut_from_idx, assignment_block_id_idx, draft_move_block_id_idx.
WITH RECURSIVE family AS (
    SELECT block.id AS whole, block.id
    FROM block
    WHERE block.id = ANY (CAST(:ids AS BIGINT[]))
    UNION ALL
    SELECT family.whole, block.id
    FROM family
    INNER JOIN block ON block.cut_from = family.id
),
used AS (
    SELECT family.whole, assignment.plan_id
    FROM family
    INNER JOIN assignment ON assignment.block_id = family.id
    UNION
    SELECT family.whole, draft_operation.plan_id
    FROM family
    INNER JOIN draft_move ON draft_move.block_id = family.id
    INNER JOIN draft_operation ON draft_operation.id = draft_move.operation_id
)
SELECT plan.name, plan.status, count(*) AS blocks, min(block.code) AS example
FROM used
INNER JOIN plan ON plan.id = used.plan_id
INNER JOIN block ON block.id = used.whole
GROUP BY plan.name, plan.status
ORDER BY plan.name
