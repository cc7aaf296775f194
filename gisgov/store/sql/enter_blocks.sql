-- Bring blocks into a draft, each in an area or in none.
INSERT INTO assignment (plan_id, block_id, area_code, parent_code)
SELECT :plan_id, block_id, area_code, parent_code
FROM unnest(
    CAST(:block_ids AS BIGINT[]), CAST(:area_codes AS TEXT[]), CAST(:parent_codes AS TEXT[])
) AS given (block_id, area_code, parent_code)
