-- Edges of blocks in boxes, and what lies along each: one in several boxes comes as often.
-- Index: block_edge_geom_idx.
SELECT block_edge.edge_class, ST_AsBinary(block_edge.geom) AS wkb
FROM unnest(
    CAST(:west AS DOUBLE PRECISION[]),
    CAST(:south AS DOUBLE PRECISION[]),
    CAST(:east AS DOUBLE PRECISION[]),
    CAST(:north AS DOUBLE PRECISION[])
) AS given (west, south, east, north)
INNER JOIN block_edge
    ON block_edge.geom && ST_MakeEnvelope(given.west, given.south, given.east, given.north, 4326)
