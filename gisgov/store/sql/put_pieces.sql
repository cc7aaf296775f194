-- Store pieces of blocks; tell the id of each by its code.
INSERT INTO block (code, scope_code, geom, area_m2, population, households, land_use, attributes, cut_from)
SELECT
    given.code,
    whole.scope_code,
    ST_GeomFromWKB(given.geom, 4326),
    given.area_m2,
    given.population,
    given.households,
    given.land_use,
    CAST(given.attributes AS JSONB),
    whole.id
FROM unnest(
    CAST(:wholes AS BIGINT[]),
    CAST(:codes AS TEXT[]),
    CAST(:geometries AS BYTEA[]),
    CAST(:area_m2 AS DOUBLE PRECISION[]),
    CAST(:population AS INTEGER[]),
    CAST(:households AS INTEGER[]),
    CAST(:land_use AS TEXT[]),
    CAST(:attributes AS TEXT[])
)
WITH ORDINALITY AS given (
    whole, code, geom, area_m2, population, households, land_use, attributes, position
)
INNER JOIN block AS whole ON whole.id = given.whole
ORDER BY given.position
RETURNING code, id
