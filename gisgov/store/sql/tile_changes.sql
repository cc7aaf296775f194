-- Which rows of a subject changed since a version was seen, each as often as it was told of, and when did they last?
-- Of more than can be held no single one. Index: change_version_idx.
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
    EXISTS (SELECT FROM told WHERE told.row_ids IS NULL)
        OR (SELECT sum(cardinality(told.row_ids)) FROM told) > :most AS is_any,
    (
        SELECT string_agg(int8send(one.id), CAST('' AS BYTEA))
        FROM (SELECT unnest(told.row_ids) AS id FROM told) AS one
        WHERE (SELECT sum(cardinality(told.row_ids)) FROM told) <= :most
    ) AS ids
FROM change_head
