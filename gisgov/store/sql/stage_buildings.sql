-- Where do the buildings of a file wait until all of them are judged? In a table of this transaction alone.
CREATE TEMPORARY TABLE incoming_building (
    row INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    source TEXT NOT NULL,
    name TEXT,
    geom GEOMETRY(GEOMETRY, 4326),
    crs TEXT NOT NULL,
    problem TEXT,
    floors INTEGER,
    households INTEGER,
    population INTEGER,
    use TEXT,
    built_year INTEGER,
    facts JSONB NOT NULL,
    PRIMARY KEY (source, external_id)
) ON COMMIT DROP
