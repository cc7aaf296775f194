-- Where does a join wait between finding owners and writing them? In a table of this transaction alone.
CREATE TEMPORARY TABLE located_$subject (
    id BIGINT NOT NULL,
    layer_id INTEGER NOT NULL,
    day DATE NOT NULL,
    geom GEOMETRY(POINT, 4326),
    problem TEXT,
    plan_id INTEGER,
    on_border BOOLEAN,
    codes TEXT[] COLLATE "C",
    PRIMARY KEY (id, layer_id)
) ON COMMIT DROP
