-- Where does what stands at a position of the audit belong? An entry to the link that was made of it, a link
-- behind the one that it names. Reads the links once.
SELECT min(link.position)
FROM audit_link AS link
LEFT JOIN audit_entry AS entry ON entry.id = :entry_id
WHERE link.position <> :position
    AND CASE :fault
        WHEN 'broken' THEN link.previous_sha256 = :sha256_before
        ELSE link.sha256 = encode(sha256(convert_to(
            audit_line(link.position, link.committed_at, link.previous_sha256, entry.content), 'UTF8'
        )), 'hex')
    END
