-- Which layers are there, from the top down by their parents, and has each a plan in force on that day?
-- Index: plan_validity_excl for the plans of a layer.
WITH RECURSIVE ranked AS (
    SELECT layer.id, 0 AS depth FROM layer WHERE layer.parent_id IS NULL
    UNION ALL
    SELECT layer.id, ranked.depth + 1 FROM layer JOIN ranked ON layer.parent_id = ranked.id
)
SELECT
    layer.id,
    layer.name,
    layer.title_zh,
    layer.title_en,
    layer.kind,
    EXISTS (
        SELECT FROM plan
        WHERE plan.layer_id = layer.id
            AND plan.status <> 'draft'
            AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
    ) AS in_force
FROM layer JOIN ranked USING (id)
ORDER BY ranked.depth, layer.position, layer.name
