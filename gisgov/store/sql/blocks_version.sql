-- Is what is known of the blocks of a plan still what it was? The revision counts what planners do; people are put
-- onto blocks beside it, and then their rows are other rows. Indexes: assignment_pkey, block_pkey.
SELECT
    plan.revision,
    count(block.id) AS blocks,
    COALESCE(sum(CAST(CAST(block.xmin AS TEXT) AS BIGINT)), 0) AS written_by
FROM plan
LEFT JOIN (assignment JOIN block ON block.id = assignment.block_id) ON assignment.plan_id = plan.id
WHERE plan.id = :plan_id
GROUP BY plan.id
