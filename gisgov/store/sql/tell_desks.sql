-- Let the areas see events on whose desk they lie, and those above them on a day: parents by the plans in force.
-- Indexes: layer_parent_id_idx, area_plan_id_code_key, event_told_pkey.
WITH RECURSIVE told AS (
    SELECT event.id AS event_id, event.desk_layer_id AS layer_id, event.desk_area_code AS code, 'desk' AS why
    FROM event
    WHERE event.id = ANY (CAST(:ids AS BIGINT[])) AND event.desk_area_code IS NOT NULL
    UNION
    SELECT told.event_id, layer.parent_id, parent.code, 'above'
    FROM told
    JOIN layer ON layer.id = told.layer_id AND layer.parent_id IS NOT NULL
    JOIN plan ON plan.layer_id = layer.id
        AND plan.status <> 'draft'
        AND daterange(plan.valid_from, plan.valid_to) @> CAST(:day AS DATE)
    JOIN area ON area.plan_id = plan.id AND area.code = told.code
    CROSS JOIN unnest(area.parent_codes) AS parent (code)
)
INSERT INTO event_told (event_id, layer_id, area_code, why)
SELECT event_id, layer_id, code, why FROM told
ON CONFLICT ON CONSTRAINT event_told_pkey DO UPDATE SET why = excluded.why
