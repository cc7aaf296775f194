-- What lies in boxes around areas of a draft, other than these: areas, and blocks that no area has.
-- Index: area_plan_id_geom_idx; assignment_plan_id_area_code_idx, then block_pkey.
WITH boxes AS (
    SELECT ST_MakeEnvelope(west, south, east, north, 4326) AS geom
    FROM unnest(
        CAST(:west AS DOUBLE PRECISION[]),
        CAST(:south AS DOUBLE PRECISION[]),
        CAST(:east AS DOUBLE PRECISION[]),
        CAST(:north AS DOUBLE PRECISION[])
    ) AS given (west, south, east, north)
)
SELECT ST_AsBinary(area.geom) AS wkb
FROM area
WHERE
    area.plan_id = :plan_id
    AND area.code <> ALL (CAST(:codes AS TEXT[]))
    AND EXISTS (SELECT FROM boxes WHERE area.geom && boxes.geom)
UNION ALL
SELECT ST_AsBinary(block.geom)
FROM assignment
INNER JOIN block ON assignment.block_id = block.id
WHERE
    assignment.plan_id = :plan_id
    AND assignment.area_code IS NULL
    AND EXISTS (SELECT FROM boxes WHERE block.geom && boxes.geom)
