-- Which open events are told to areas of a plan, as their desk or above it? What is above may be others by the plan.
-- Indexes: event_told_layer_id_area_code_idx, area_plan_id_code_key, event_pkey.
SELECT DISTINCT told.event_id
FROM area
JOIN event_told AS told ON told.layer_id = :layer_id AND told.area_code = area.code AND told.why <> 'neighbour'
JOIN event ON event.id = told.event_id AND event.state <> ALL (CAST(:closed AS TEXT[]))
WHERE area.plan_id = :plan_id
ORDER BY told.event_id
