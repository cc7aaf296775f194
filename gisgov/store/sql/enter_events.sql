-- Write events as they stand after their first steps, in the order of their keys, so that two that bring the same wait
-- for each other. What somebody else was faster with is left out. Index: event_source_external_id_key.
INSERT INTO event (
    source, external_id, category, category_code, category_id, level, state, occurred_at, description, geom, crs,
    problem, attributes, building_id, device_id, step_number, received_at, changed_at, closed_at, desk_kind,
    desk_layer_id, desk_area_code, department_code
)
SELECT
    source, external_id, category, category_code, category_id, level, state, occurred_at, description,
    ST_SetSRID(ST_MakePoint(lon, lat), 4326), crs, problem, attributes, building_id, device_id, step_number,
    received_at, changed_at, closed_at, desk_kind, desk_layer_id, desk_area_code, department_code
FROM jsonb_to_recordset(CAST(:events AS JSONB)) AS given (
    source TEXT, external_id TEXT, category TEXT, category_code TEXT, category_id INTEGER, level TEXT,
    occurred_at TIMESTAMPTZ, description TEXT, lon DOUBLE PRECISION, lat DOUBLE PRECISION, crs TEXT, problem TEXT,
    attributes JSONB, building_id BIGINT, device_id TEXT, state TEXT, step_number INTEGER, received_at TIMESTAMPTZ,
    changed_at TIMESTAMPTZ, closed_at TIMESTAMPTZ, desk_kind TEXT, desk_layer_id INTEGER, desk_area_code TEXT,
    department_code TEXT
)
ORDER BY source, external_id
ON CONFLICT (source, external_id) DO NOTHING
RETURNING id, source, external_id
