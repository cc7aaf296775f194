-- What is a plan made of now: its blocks with the areas and the areas above that they lie in? One statement, so that
-- the revision is that of the blocks. A plan without blocks gives one row without any. Indexes: assignment_pkey,
-- block_pkey.
SELECT
    plan.revision,
    block.id,
    block.code,
    assignment.area_code,
    assignment.parent_code,
    block.population,
    block.households,
    block.area_m2,
    ST_AsBinary(block.geom, 'NDR') AS wkb
FROM plan
LEFT JOIN (assignment JOIN block ON block.id = assignment.block_id) ON assignment.plan_id = plan.id
WHERE plan.id = :plan_id
