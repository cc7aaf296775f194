-- Which rows of a file are new here? They have ids above those there were before.
-- Index: ${subject}_source_external_id_key.
SELECT stored.id
FROM incoming_$subject AS incoming
JOIN $subject AS stored USING (source, external_id)
WHERE stored.id > :before
ORDER BY incoming.row
