-- Which blocks of a draft are elsewhere, new or gone since a revision, and what are they now? A block that is gone has
-- no place; a draft where none moved gives one row without any block. ``is_rewritten``: the draft was also written
-- otherwise than by operations, whose log tells all. Indexes: draft_operation_plan_id_revision_key, draft_move_pkey,
-- assignment_pkey, block_pkey.
WITH since AS (
    SELECT id, kind
    FROM draft_operation
    WHERE plan_id = :plan_id AND revision > :since
),
moved AS (
    SELECT DISTINCT draft_move.block_id
    FROM since
    JOIN draft_move ON draft_move.operation_id = since.id
)
SELECT
    plan.revision,
    EXISTS (SELECT FROM since WHERE kind IN ('written', 'overwritten')) AS is_rewritten,
    block.id,
    block.code,
    assignment.block_id IS NOT NULL AS is_in,
    assignment.area_code,
    assignment.parent_code,
    block.population,
    block.households,
    block.area_m2,
    ST_AsBinary(block.geom, 'NDR') AS wkb
FROM plan
LEFT JOIN (moved JOIN block ON block.id = moved.block_id) ON TRUE
LEFT JOIN assignment ON assignment.plan_id = plan.id AND assignment.block_id = block.id
WHERE plan.id = :plan_id
