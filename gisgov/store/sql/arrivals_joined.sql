-- Where do the rows of a file stand in each partition layer that has a plan?
-- Indexes: ${subject}_source_external_id_key, ${subject}_area_pkey.
WITH arrived AS MATERIALIZED (
    SELECT stored.id
    FROM incoming_$subject AS incoming
    JOIN $subject AS stored USING (source, external_id)
)
SELECT
    layer.name AS layer,
    count(joined.area_code) AS joined,
    count(*) FILTER (WHERE joined.on_border) AS on_border,
    count(joined.orphan_reason) AS orphans,
    (SELECT count(*) FROM arrived) - count(joined.${subject}_id) AS no_plan
FROM layer
LEFT JOIN ${subject}_area AS joined
    ON joined.layer_id = layer.id AND joined.${subject}_id IN (SELECT id FROM arrived)
WHERE layer.kind = 'partition'
    AND EXISTS (SELECT FROM plan WHERE plan.layer_id = layer.id AND plan.status <> 'draft')
GROUP BY layer.id
ORDER BY layer.position, layer.name
