-- What is known of these orphans of a layer?
-- Index: ${subject}_area_pkey.
SELECT
    $subject.source,
    $subject.external_id,
    stored.orphan_reason AS reason,
    stored.nearest_code AS nearest_area,
    stored.distance_m
FROM ${subject}_area AS stored
JOIN $subject ON $subject.id = stored.${subject}_id
WHERE stored.layer_id = :layer_id
    AND stored.${subject}_id = ANY (CAST(:ids AS BIGINT[]))
    AND stored.area_code IS NULL
ORDER BY $subject.id
