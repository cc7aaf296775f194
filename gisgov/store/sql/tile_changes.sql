-- Which rows of a subject changed since a version was seen, and when did they last? Index: change_version_idx.
WITH told AS (
    SELECT change.version, change.row_ids
    FROM change
    WHERE change.subject = :subject AND change.version > :seen
)
SELECT
    change_head.epoch,
    change_head.version,
    (SELECT min(change.version) FROM change) AS oldest,
    (SELECT max(told.version) FROM told) AS changed_at,
    EXISTS (SELECT FROM told WHERE told.row_ids IS NULL) AS is_any,
    (
        SELECT string_agg(int8send(one.id), CAST('' AS BYTEA) ORDER BY one.id)
        FROM (SELECT DISTINCT unnest(told.row_ids) AS id FROM told) AS one
    ) AS ids
FROM change_head
