-- Write which block belongs to which area of a draft.
-- Index: assignment_pkey.
INSERT INTO assignment AS stored (plan_id, block_id, area_code)
SELECT :plan_id, block_id, area_code
FROM unnest(CAST(:block_ids AS BIGINT[]), CAST(:area_codes AS TEXT[])) AS given (block_id, area_code)
ON CONFLICT (plan_id, block_id) DO UPDATE SET area_code = excluded.area_code
WHERE stored.area_code IS DISTINCT FROM excluded.area_code
