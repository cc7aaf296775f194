-- Blocks that plans are made of, without pieces and whole areas: those that are asked for, by id. Index: block_pkey.
SELECT
    block.id,
    ST_AsBinary(block.geom, 'NDR') AS wkb,
    block.code,
    block.land_use,
    block.population,
    block.households,
    block.area_m2
FROM block
WHERE block.cut_from IS NULL AND NOT block.whole_area AND $chosen
ORDER BY block.id
LIMIT :most
