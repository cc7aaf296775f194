-- Change rows of a register, found by their key, all at once. Index: that of the key.
UPDATE $table
SET $values
FROM jsonb_populate_recordset(CAST(NULL AS $table), CAST(:records AS JSONB)) AS given
WHERE $found
