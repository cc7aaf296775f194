-- Write steps as a document lists them; the layer of a desk by its name. Index: layer_name_key.
INSERT INTO event_step (
    event_id, number, action, from_state, to_state, at, by_name, by_kind, reason,
    desk_kind, desk_layer_id, desk_area_code, department_code, details
)
SELECT
    step.event_id, step.number, step.action, step.from_state, step.to_state, step.at, step.by_name, step.by_kind,
    step.reason, step.desk_kind, layer.id, step.code, step.department, step.details
FROM jsonb_to_recordset(CAST(:steps AS JSONB)) AS step (
    event_id BIGINT, number INTEGER, action TEXT, from_state TEXT, to_state TEXT, at TIMESTAMPTZ, by_name TEXT,
    by_kind TEXT, reason TEXT, desk_kind TEXT, layer TEXT, code TEXT, department TEXT, details JSONB
)
LEFT JOIN layer ON layer.name = step.layer
