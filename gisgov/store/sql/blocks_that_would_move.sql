-- Which of these blocks lie elsewhere than they are stored, and which codes are of something else: of pieces
-- of blocks that drafts cut, or of areas that are blocks of drafts?
-- Index: block_code_key.
SELECT block.id, block.code, block.cut_from IS NULL AND NOT block.whole_area AS is_base
FROM unnest(CAST(:codes AS TEXT[]), CAST(:geometries AS BYTEA[])) AS given (code, geom)
INNER JOIN block ON block.code = given.code
WHERE
    block.geom IS DISTINCT FROM ST_GeomFromWKB(given.geom, 4326)
    OR block.cut_from IS NOT NULL
    OR block.whole_area
ORDER BY is_base, block.code
