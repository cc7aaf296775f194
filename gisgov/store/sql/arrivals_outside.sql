-- Which rows of a file lie in no area of a layer, though they lie somewhere?
-- Indexes: ${subject}_source_external_id_key, ${subject}_area_pkey.
SELECT
    incoming.row,
    incoming.source,
    incoming.external_id,
    layer.name AS layer,
    joined.nearest_code AS nearest_area,
    joined.distance_m
FROM incoming_$subject AS incoming
JOIN $subject AS stored USING (source, external_id)
JOIN ${subject}_area AS joined ON joined.${subject}_id = stored.id AND joined.orphan_reason = 'outside'
JOIN layer ON layer.id = joined.layer_id
ORDER BY incoming.row, layer.position, layer.name
