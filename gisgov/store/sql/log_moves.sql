-- Write down which blocks an operation moved, brought in or took out.
INSERT INTO draft_move (operation_id, block_id, was_in, is_in, from_code, to_code)
SELECT :operation_id, block_id, was_in, is_in, from_code, to_code
FROM unnest(
    CAST(:block_ids AS BIGINT[]),
    CAST(:was_in AS BOOLEAN[]),
    CAST(:is_in AS BOOLEAN[]),
    CAST(:from_codes AS TEXT[]),
    CAST(:to_codes AS TEXT[])
) AS given (block_id, was_in, is_in, from_code, to_code)
