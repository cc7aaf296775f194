-- Write which areas events belong to, as they were looked up in the index: the rows that join_areas.sql writes. How far
-- an orphan is from the nearest area is measured here, along the ellipsoid as there.
-- Indexes: area_plan_id_code_key; event_area_pkey.
INSERT INTO event_area (
    event_id, layer_id, plan_id, area_code, on_border, candidates, orphan_reason, nearest_code, distance_m
)
SELECT
    given.event_id,
    given.layer_id,
    given.plan_id,
    given.area_code,
    given.on_border,
    COALESCE(CAST(given.candidates AS TEXT[]), '{}'),
    given.orphan_reason,
    given.nearest_code,
    CASE WHEN given.nearest_code IS NOT NULL THEN (
        SELECT ST_Distance(CAST(area.geom AS GEOGRAPHY), CAST(event.geom AS GEOGRAPHY))
        FROM area, event
        WHERE area.plan_id = given.plan_id AND area.code = given.nearest_code AND event.id = given.event_id
    ) END
FROM unnest(
    CAST(:event_ids AS BIGINT[]), CAST(:layer_ids AS INTEGER[]), CAST(:plan_ids AS INTEGER[]),
    CAST(:codes AS TEXT[]), CAST(:borders AS BOOLEAN[]), CAST(:candidates AS TEXT[]),
    CAST(:reasons AS TEXT[]), CAST(:nearest AS TEXT[])
) AS given (
    event_id, layer_id, plan_id, area_code, on_border, candidates, orphan_reason, nearest_code
)
