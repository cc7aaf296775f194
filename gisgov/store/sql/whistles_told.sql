-- Whistles as far as whoever acts may see their events, the latest first, each with all its calls.
-- Indexes: whistle_pkey, whistle_event_id_idx, whistle_call_pkey, whistle_call_department_code_idx.
SELECT
    whistle.id,
    whistle.event_id,
    layer.name AS layer,
    whistle.area_code,
    whistle.reason,
    whistle.same_day,
    whistle.called_at,
    whistle.called_by,
    whistle.closed_at,
    (
        SELECT jsonb_agg(jsonb_build_object(
            'department', call.department_code,
            'title', department.title,
            'due_at', call.due_at,
            'answered_at', call.answered_at,
            'answered_by', call.answered_by,
            'answer', call.answer,
            'on_behalf', call.on_behalf,
            'state', CASE
                WHEN call.answered_at <= call.due_at THEN 'kept'
                WHEN call.answered_at IS NOT NULL THEN 'missed'
                WHEN whistle.closed_at IS NOT NULL THEN 'void'
                WHEN call.due_at < now() THEN 'overdue'
                ELSE 'running'
            END
        ) ORDER BY call.department_code)
        FROM whistle_call AS call
        JOIN department ON department.code = call.department_code
        WHERE call.whistle_id = whistle.id
    ) AS calls
FROM whistle
LEFT JOIN layer ON layer.id = whistle.layer_id
WHERE (CAST(:whistle_id AS BIGINT) IS NULL OR whistle.id = :whistle_id)
    AND (CAST(:event_id AS BIGINT) IS NULL OR whistle.event_id = :event_id)
    AND (CAST(:before AS BIGINT) IS NULL OR whistle.id < :before)
    AND (CAST(:department AS TEXT) IS NULL OR EXISTS (
        SELECT FROM whistle_call AS asked
        WHERE asked.whistle_id = whistle.id
            AND asked.department_code = :department
            AND (CAST(:is_open AS BOOLEAN) IS NULL
                OR (asked.answered_at IS NULL AND whistle.closed_at IS NULL) = :is_open)
    ))
    AND (CAST(:is_open AS BOOLEAN) IS NULL OR CAST(:department AS TEXT) IS NOT NULL
        OR (whistle.closed_at IS NULL) = :is_open)
ORDER BY whistle.id DESC
LIMIT :most
