-- What did statements that changed many buildings give them since a version was seen? The newest first.
-- Index: change_values_version_idx.
SELECT
    change_values.ids,
    change_values.risk_class,
    change_values.risk_points,
    change_values.floors,
    change_values.built_year,
    change_values.use
FROM change_values
WHERE change_values.version > :seen
ORDER BY change_values.version DESC
LIMIT :most
