-- Areas of a layer in force on a day that lie in boxes.
-- Index: plan_validity_excl, then area_plan_id_geom_idx.
SELECT area.code, ST_AsBinary(area.geom) AS wkb
FROM plan
INNER JOIN area ON area.plan_id = plan.id
WHERE
    plan.layer_id = :layer_id
    AND plan.status <> 'draft'
    AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
    AND EXISTS (
        SELECT
        FROM unnest(
            CAST(:west AS DOUBLE PRECISION[]),
            CAST(:south AS DOUBLE PRECISION[]),
            CAST(:east AS DOUBLE PRECISION[]),
            CAST(:north AS DOUBLE PRECISION[])
        ) AS given (west, south, east, north)
        WHERE area.geom && ST_MakeEnvelope(given.west, given.south, given.east, given.north, 4326)
    )
ORDER BY area.code
