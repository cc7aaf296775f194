-- What do rules ask of these buildings? One array per fact, all in one order. Index: building_pkey.
SELECT array_agg(asked.id) AS ids, array_agg(asked.risk_class) AS classes$gathered
FROM (
    SELECT building.id, COALESCE(building.risk_class, '') AS risk_class$columns
    FROM building
    WHERE building.id = ANY (CAST(:ids AS BIGINT[]))
    ORDER BY building.id
    OFFSET 0
) AS asked
