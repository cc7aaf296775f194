-- Give blocks of a draft to other areas; a code that is NULL takes them out of all.
-- Index: assignment_pkey.
UPDATE assignment SET area_code = given.area_code
FROM unnest(CAST(:block_ids AS BIGINT[]), CAST(:area_codes AS TEXT[])) AS given (block_id, area_code)
WHERE assignment.plan_id = :plan_id AND assignment.block_id = given.block_id
