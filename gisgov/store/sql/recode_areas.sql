-- Give areas of a draft other codes; their blocks and figures follow.
-- Index: area_plan_id_code_key.
UPDATE area
SET code = given.new_code
FROM unnest(CAST(:codes AS TEXT[]), CAST(:new_codes AS TEXT[])) AS given (code, new_code)
WHERE area.plan_id = :plan_id AND area.code = given.code
