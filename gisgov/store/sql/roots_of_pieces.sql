-- The block that each block was first cut from, itself where it never was, and the highest number that a
-- piece of it has in its code.
-- Index: block_pkey; block_code_key ("-" comes right before "." in the order of codes).
WITH RECURSIVE way AS (
    SELECT block.id AS of_id, block.id, block.cut_from, block.code
    FROM block
    WHERE block.id = ANY (CAST(:ids AS BIGINT[]))
    UNION ALL
    SELECT way.of_id, block.id, block.cut_from, block.code
    FROM way
    INNER JOIN block ON block.id = way.cut_from
)
SELECT
    way.of_id,
    way.code,
    (
        SELECT coalesce(max(CAST(substring(piece.code FROM length(way.code) + 2) AS NUMERIC)), 0)
        FROM block AS piece
        WHERE
            piece.code > way.code || '-'
            AND piece.code < way.code || '.'
            AND substring(piece.code FROM length(way.code) + 2) !~ '[^0-9]'
    ) AS highest
FROM way
WHERE way.cut_from IS NULL
ORDER BY way.of_id
