-- Which rows are not known yet? Those go in. Index: ${subject}_source_external_id_key.
INSERT INTO $subject (external_id, source, geom, $columns)
SELECT incoming.external_id, incoming.source, incoming.geom, $values
FROM incoming_$subject AS incoming
WHERE NOT EXISTS (
    SELECT FROM $subject AS known
    WHERE known.source = incoming.source AND known.external_id = incoming.external_id
)
ORDER BY incoming.row
