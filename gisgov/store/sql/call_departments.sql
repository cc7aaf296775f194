-- Call departments by a whistle. On the same day: by the end of the working day that it is, or of the next one where
-- nobody works any more; else within the limit. Indexes: calendar_span_pkey, calendar_span_day_idx.
INSERT INTO whistle_call (whistle_id, department_code, due_at)
SELECT
    whistle.id,
    called.department_code,
    CASE WHEN whistle.same_day THEN (
        SELECT max(ends) FROM calendar_span
        WHERE calendar = :calendar AND day = (
            SELECT day FROM calendar_span
            WHERE calendar = :calendar AND ends > whistle.called_at
            ORDER BY begins LIMIT 1
        )
    ) ELSE limit_due(whistle.called_at, :amount, :unit, :calendar) END
FROM whistle
CROSS JOIN unnest(CAST(:departments AS TEXT[])) AS called (department_code)
WHERE whistle.id = :whistle_id
