-- At which version did this subject change last? Where the log does not tell any more: before it begins, which is
-- later than every version that was told of an older state. Index: change_version_idx.
SELECT COALESCE(
    (
        SELECT change.version
        FROM change
        WHERE change.version IS NOT NULL AND change.subject = :subject
        ORDER BY change.version DESC
        LIMIT 1
    ),
    (SELECT min(change.version) - 1 FROM change WHERE change.version IS NOT NULL),
    (SELECT change_head.version FROM change_head)
)
