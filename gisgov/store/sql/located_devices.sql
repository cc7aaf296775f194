-- Which devices are there, how were they last heard of, and which area of a layer does each lie in on a day?
-- $$told and $$ending make of it a list, or counts.
-- Of all areas that cover one the smallest code has it; without a layer no area is asked for. On the border
-- counts as covered, exactly: see locate_subjects.sql.
-- Indexes: device_pkey for a page, device_geom_idx for a box, area_plan_id_geom_idx once per device and plan,
-- area_plan_id_code_key for the box of an area.
WITH in_force AS MATERIALIZED (
    SELECT plan.id
    FROM plan
    WHERE plan.layer_id = CAST(:layer_id AS INTEGER)
        AND plan.status <> 'draft'
        AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
),
seen AS MATERIALIZED (
    SELECT device.id, device.kind, device.title, device.state, device.state_at, device.source, device.geom
    FROM device
    WHERE (CAST(:kinds AS TEXT[]) IS NULL OR device.kind = ANY (CAST(:kinds AS TEXT[])))
        AND (CAST(:states AS TEXT[]) IS NULL OR device.state = ANY (CAST(:states AS TEXT[])))
        AND (
            CAST(:west AS FLOAT8) IS NULL
            OR device.geom && ST_MakeEnvelope(
                CAST(:west AS FLOAT8), CAST(:south AS FLOAT8), CAST(:east AS FLOAT8), CAST(:north AS FLOAT8), 4326
            )
        )
        AND (CAST(:before AS TIMESTAMPTZ) IS NULL OR device.state_at < CAST(:before AS TIMESTAMPTZ))
        AND (CAST(:after AS TEXT) IS NULL OR device.id > CAST(:after AS TEXT))
        -- what lies in the box of an area alone
        AND (
            CAST(:area_code AS TEXT) IS NULL
            OR EXISTS (
                SELECT
                FROM in_force
                JOIN area ON area.plan_id = in_force.id AND area.code = CAST(:area_code AS TEXT)
                WHERE area.geom && device.geom
            )
        )
    ORDER BY device.id
    -- a page of all is cut before areas are looked for; what is asked for of one area is known only after
    LIMIT CASE WHEN CAST(:area_code AS TEXT) IS NULL THEN CAST(:limit AS INTEGER) END
),
-- in the order of areas, so that PostGIS prepares each polygon once for all its points
pair AS MATERIALIZED (
    SELECT seen.id, seen.geom, near.id AS area_id
    FROM seen
    CROSS JOIN in_force
    CROSS JOIN LATERAL (
        SELECT area.id FROM area WHERE area.plan_id = in_force.id AND area.geom && seen.geom OFFSET 0
    ) AS near
    ORDER BY near.id
),
owner AS (
    SELECT pair.id, min(area.code) AS code
    FROM pair
    JOIN area ON area.id = pair.area_id
    WHERE ST_ContainsProperly(area.geom, pair.geom)
        OR (
            ST_DWithin(area.geom, pair.geom, 1e-9)
            AND ST_Relate(area.geom, pair.geom, '***0*****')
        )
    GROUP BY pair.id
)
SELECT $told
FROM seen
LEFT JOIN owner USING (id)
WHERE CAST(:area_code AS TEXT) IS NULL OR owner.code = CAST(:area_code AS TEXT)
$ending
