-- Let events stand where their last step took them, on the desk that a step gave them last. Index: event_pkey.
UPDATE event
SET
    state = settled.state,
    step_number = settled.number,
    changed_at = settled.changed_at,
    closed_at = settled.closed_at,
    merged_into = settled.merged_into,
    desk_kind = CASE WHEN settled.desk_kind IS NULL THEN event.desk_kind ELSE settled.desk_kind END,
    desk_layer_id = CASE WHEN settled.desk_kind IS NULL THEN event.desk_layer_id ELSE layer.id END,
    desk_area_code = CASE WHEN settled.desk_kind IS NULL THEN event.desk_area_code ELSE settled.code END,
    level = settled.level,
    category_id = COALESCE(settled.category_id, event.category_id),
    category_code = COALESCE(settled.category_code, event.category_code),
    department_code = COALESCE(settled.department, event.department_code)
FROM jsonb_to_recordset(CAST(:events AS JSONB)) AS settled (
    id BIGINT, state TEXT, number INTEGER, changed_at TIMESTAMPTZ, closed_at TIMESTAMPTZ, merged_into BIGINT,
    desk_kind TEXT, layer TEXT, code TEXT, department TEXT, level TEXT, category_id INTEGER, category_code TEXT
)
LEFT JOIN layer ON layer.name = settled.layer
WHERE event.id = settled.id
