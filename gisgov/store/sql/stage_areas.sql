-- Where do the rows of a file wait until all of them are judged? In a table of this transaction alone.
-- The primary key serves the reading in batches, the index on code the comparison with the plan.
CREATE TEMPORARY TABLE incoming_area (
    row INTEGER PRIMARY KEY,
    code TEXT COLLATE "C",
    name TEXT,
    said_parent TEXT,
    geom GEOMETRY(MULTIPOLYGON, 4326) NOT NULL,
    population INTEGER,
    households INTEGER,
    attributes JSONB NOT NULL,
    parent_codes TEXT[] COLLATE "C",
    area_m2 DOUBLE PRECISION
) ON COMMIT DROP;
CREATE TEMPORARY TABLE found_area (
    row INTEGER PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL,
    parent_codes TEXT[] COLLATE "C" NOT NULL,
    area_m2 DOUBLE PRECISION NOT NULL
) ON COMMIT DROP;
