-- Write rows of a register, all at once: whoever follows it, the audit for one, is told of one statement and not of
-- each row. No index.
INSERT INTO $table ($columns)
SELECT $columns
FROM jsonb_populate_recordset(CAST(NULL AS $table), CAST(:records AS JSONB)) AS given
