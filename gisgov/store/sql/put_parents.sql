-- Write the area above that blocks of a draft lie in. Index: assignment_pkey.
UPDATE assignment SET parent_code = given.parent_code
FROM unnest(CAST(:block_ids AS BIGINT[]), CAST(:parent_codes AS TEXT[])) AS given (block_id, parent_code)
WHERE
    assignment.plan_id = :plan_id
    AND assignment.block_id = given.block_id
    AND assignment.parent_code IS DISTINCT FROM given.parent_code
