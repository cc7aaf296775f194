-- Those of some blocks that lie in boxes.
-- Index: block_geom_idx.
SELECT DISTINCT block.id
FROM unnest(
    CAST(:west AS DOUBLE PRECISION[]),
    CAST(:south AS DOUBLE PRECISION[]),
    CAST(:east AS DOUBLE PRECISION[]),
    CAST(:north AS DOUBLE PRECISION[])
) AS given (west, south, east, north)
INNER JOIN block ON block.geom && ST_MakeEnvelope(given.west, given.south, given.east, given.north, 4326)
WHERE block.id = ANY (CAST(:ids AS BIGINT[]))
