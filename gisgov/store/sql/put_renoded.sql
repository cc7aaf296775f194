-- Store blocks as pieces of themselves: the same ground and people, other vertices in the border.
INSERT INTO block (
    code, scope_code, geom, area_m2, population, households, land_use, attributes, cut_from, whole_area
)
SELECT
    block.code || '-' || (1 + (SELECT count(*) FROM block AS piece WHERE piece.cut_from = block.id)),
    block.scope_code,
    ST_GeomFromWKB(given.geom, 4326),
    block.area_m2,
    block.population,
    block.households,
    block.land_use,
    block.attributes,
    block.id,
    block.whole_area
FROM unnest(CAST(:ids AS BIGINT[]), CAST(:geometries AS BYTEA[])) AS given (id, geom)
INNER JOIN block ON given.id = block.id
RETURNING cut_from, id
