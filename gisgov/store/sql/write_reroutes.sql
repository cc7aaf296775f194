-- Write which of the events that were asked again have another area now, and from where to where they went.
-- Index: event_area_pkey.
INSERT INTO event_reroute (event_id, layer_id, cause_plan_id, from_plan_id, from_code, to_plan_id, to_code)
SELECT former.id, :layer_id, :plan_id, former.plan_id, former.area_code, owner.id, owned.area_code
FROM rerouted_event AS former
LEFT JOIN event_area AS owned ON owned.event_id = former.id AND owned.layer_id = :layer_id
LEFT JOIN plan AS owner ON owner.id = owned.plan_id AND owned.area_code IS NOT NULL
WHERE (former.plan_id, former.area_code) IS DISTINCT FROM (owner.id, owned.area_code)
ORDER BY former.id
