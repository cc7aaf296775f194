-- Which open events lie on desks of a layer whose areas they left, as re-routings after one tell, or that are in force
-- no longer on a day? They go to the area that owns them now, if any does.
-- Indexes: event_desk_idx, event_area_pkey, event_reroute_event_id_idx, area_plan_id_code_key.
SELECT event.id, event.desk_area_code AS former_code, owned.area_code AS code
FROM event
LEFT JOIN event_area AS owned ON owned.event_id = event.id AND owned.layer_id = event.desk_layer_id
WHERE event.desk_layer_id = :layer_id
    AND event.desk_area_code IS NOT NULL
    AND event.state <> ALL (CAST(:closed AS TEXT[]))
    AND owned.area_code IS DISTINCT FROM event.desk_area_code
    AND (
        EXISTS (
            SELECT
            FROM event_reroute AS way
            WHERE way.event_id = event.id
                AND way.layer_id = event.desk_layer_id
                AND way.from_code = event.desk_area_code
                AND way.id > :after
        )
        OR NOT EXISTS (
            SELECT
            FROM plan
            JOIN area ON area.plan_id = plan.id AND area.code = event.desk_area_code
            WHERE plan.layer_id = event.desk_layer_id
                AND plan.status <> 'draft'
                AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
        )
    )
ORDER BY event.id
