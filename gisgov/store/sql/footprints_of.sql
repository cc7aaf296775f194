-- Where do these buildings stand? Those without a place are not told. Index: building_pkey.
SELECT array_agg(building.id) AS ids, array_agg(ST_AsBinary(building.geom)) AS shapes
FROM building
WHERE building.id = ANY (CAST(:ids AS BIGINT[])) AND building.geom IS NOT NULL
