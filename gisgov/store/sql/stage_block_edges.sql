-- A place for the edges of blocks on their way in: COPY does not enter a table whose rows are guarded.
CREATE TEMPORARY TABLE incoming_block_edge (
    position INTEGER NOT NULL,
    edge_class TEXT NOT NULL,
    geom GEOMETRY NOT NULL,
    name TEXT
) ON COMMIT DROP
