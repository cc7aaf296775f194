-- Write down what an operation changed of areas besides their ground.
INSERT INTO draft_area (operation_id, code, before, after)
SELECT :operation_id, code, CAST(before AS JSONB), CAST(after AS JSONB)
FROM unnest(CAST(:codes AS TEXT[]), CAST(:before AS TEXT[]), CAST(:after AS TEXT[]))
    AS given (code, before, after)
