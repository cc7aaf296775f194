-- Does each link of the audit follow on the one before, and does its entry say what was hashed? The first one
-- that does not, with how many; entries that have no link; and where the chain ends and should end. All of it
-- as of one moment, while others write. Reads both tables once.
WITH chain AS (
    SELECT
        link.*,
        lag(link.position, 1, 0::BIGINT) OVER in_order AS position_before,
        lag(link.sha256, 1, repeat('0', 64)) OVER in_order AS sha256_before
    FROM audit_link AS link
    WINDOW in_order AS (ORDER BY link.position)
),
wrong AS MATERIALIZED (
    SELECT found.*
    FROM (
        SELECT
            chain.position,
            chain.committed_at,
            chain.entry_id,
            chain.position_before,
            chain.sha256_before,
            CASE
                WHEN chain.position <> chain.position_before + 1 THEN 'missing-position'
                WHEN chain.previous_sha256 <> chain.sha256_before THEN 'broken'
                WHEN entry.id IS NULL THEN 'missing-entry'
                WHEN chain.sha256 <> encode(sha256(convert_to(
                    audit_line(
                        chain.position, chain.committed_at, chain.previous_sha256, entry.content
                    ), 'UTF8'
                )), 'hex') THEN 'changed'
            END AS fault
        FROM chain
        LEFT JOIN audit_entry AS entry ON entry.id = chain.entry_id
    ) AS found
    WHERE found.fault IS NOT NULL
),
unlinked AS MATERIALIZED (
    SELECT entry.id, entry.content ->> 'at' AS at
    FROM audit_entry AS entry
    WHERE NOT EXISTS (SELECT FROM audit_link AS link WHERE link.entry_id = entry.id)
)
SELECT
    (SELECT count(*) FROM audit_link) AS links,
    (SELECT count(*) FROM wrong) AS wrong,
    first.position,
    first.committed_at,
    first.entry_id,
    first.position_before,
    first.sha256_before,
    first.fault,
    (SELECT count(*) FROM unlinked) AS unlinked,
    stray.id AS unlinked_id,
    stray.at AS unlinked_at,
    last.position AS last_position,
    last.committed_at AS last_committed_at,
    last.sha256 AS last_sha256,
    head.position AS head_position,
    head.committed_at AS head_committed_at,
    head.sha256 AS head_sha256,
    (SELECT link.sha256 FROM audit_link AS link WHERE link.position = :expected) AS expected_sha256
FROM (VALUES (true)) AS one
LEFT JOIN LATERAL (SELECT * FROM wrong ORDER BY position LIMIT 1) AS first ON true
LEFT JOIN LATERAL (SELECT * FROM unlinked ORDER BY id LIMIT 1) AS stray ON true
LEFT JOIN LATERAL (SELECT * FROM audit_link ORDER BY position DESC LIMIT 1) AS last ON true
LEFT JOIN audit_head AS head ON true
