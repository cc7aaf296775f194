-- Write anew what their source says of events. Index: event_pkey.
UPDATE event
SET
    category = given.category,
    category_code = given.category_code,
    category_id = given.category_id,
    level = given.level,
    occurred_at = given.occurred_at,
    description = given.description,
    geom = ST_SetSRID(ST_MakePoint(given.lon, given.lat), 4326),
    crs = given.crs,
    problem = given.problem,
    attributes = given.attributes,
    building_id = given.building_id,
    device_id = given.device_id
FROM jsonb_to_recordset(CAST(:events AS JSONB)) AS given (
    id BIGINT, category TEXT, category_code TEXT, category_id INTEGER, level TEXT, occurred_at TIMESTAMPTZ,
    description TEXT, lon DOUBLE PRECISION, lat DOUBLE PRECISION, crs TEXT, problem TEXT, attributes JSONB,
    building_id BIGINT, device_id TEXT
)
WHERE event.id = given.id
