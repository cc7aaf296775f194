-- Which events changed between two versions, each once, in the order of their last changes?
-- Index: change_version_idx.
SELECT told.id
FROM change
CROSS JOIN LATERAL unnest(change.row_ids) AS told (id)
WHERE change.subject = 'event' AND change.version > :seen AND change.version <= :now
GROUP BY told.id
ORDER BY max(change.version), told.id
