-- Which plans of each layer are in force on a day, and which ground do they have? Index: plan_validity_excl.
SELECT
    layer.name AS layer,
    layer.title_zh,
    layer.title_en,
    COALESCE(array_agg(plan.id ORDER BY plan.id) FILTER (WHERE plan.id IS NOT NULL), '{}') AS plan_ids,
    COALESCE(
        array_agg(COALESCE(plan.content_sha256, '') ORDER BY plan.id) FILTER (WHERE plan.id IS NOT NULL), '{}'
    ) AS contents,
    COALESCE(array_agg(plan.name ORDER BY plan.id) FILTER (WHERE plan.id IS NOT NULL), '{}') AS plans,
    max(plan.valid_from) AS since
FROM layer
LEFT JOIN plan
    ON plan.layer_id = layer.id
    AND plan.status <> 'draft'
    AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
GROUP BY layer.id
ORDER BY layer.position, layer.name
