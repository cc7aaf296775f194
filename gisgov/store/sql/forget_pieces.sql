-- Delete the pieces of blocks, and pieces of these: no plan is made of them, nor was.
-- Index: block_cut_from_idx.
WITH RECURSIVE family AS (
    SELECT block.id
    FROM block
    WHERE block.cut_from = ANY (CAST(:ids AS BIGINT[]))
    UNION ALL
    SELECT block.id
    FROM family
    INNER JOIN block ON block.cut_from = family.id
)
DELETE FROM block
USING family
WHERE block.id = family.id
