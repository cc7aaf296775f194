-- Where do the events of a file wait until all of them are judged? In a table of this transaction alone.
CREATE TEMPORARY TABLE incoming_event (
    row INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    source TEXT NOT NULL,
    category TEXT,
    level TEXT,
    state TEXT,
    occurred_at TIMESTAMPTZ NOT NULL,
    description TEXT,
    geom GEOMETRY(POINT, 4326),
    crs TEXT NOT NULL,
    problem TEXT,
    attributes JSONB NOT NULL,
    category_code TEXT,
    category_id INTEGER,
    PRIMARY KEY (source, external_id)
) ON COMMIT DROP
