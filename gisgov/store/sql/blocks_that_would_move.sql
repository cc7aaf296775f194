-- Which of these blocks lie elsewhere than they are stored, though a plan is made of them?
-- Index: block_code_key, assignment_block_id_idx.
SELECT block.code, plan.name AS plan
FROM unnest(CAST(:codes AS TEXT[]), CAST(:geometries AS BYTEA[])) AS given (code, geom)
JOIN block ON block.code = given.code
JOIN assignment ON assignment.block_id = block.id
JOIN plan ON plan.id = assignment.plan_id
WHERE block.geom IS DISTINCT FROM ST_GeomFromWKB(given.geom, 4326)
ORDER BY block.code, plan.name
LIMIT 1
