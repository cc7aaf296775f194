-- What was done with an event, step by step. Index: event_step_event_id_number_key.
SELECT
    step.number,
    step.action,
    step.from_state,
    step.to_state,
    step.at,
    step.by_name,
    step.by_kind,
    step.reason,
    step.desk_kind,
    layer.name AS desk_layer,
    step.desk_area_code AS desk_code,
    (
        SELECT area.name
        FROM plan
        JOIN area ON area.plan_id = plan.id AND area.code = step.desk_area_code
        WHERE plan.layer_id = step.desk_layer_id AND plan.status <> 'draft'
        ORDER BY plan.valid_from DESC LIMIT 1
    ) AS desk_name,
    step.department_code,
    department.title AS department_title,
    step.details
FROM event_step AS step
LEFT JOIN layer ON layer.id = step.desk_layer_id
LEFT JOIN department ON department.code = step.department_code
WHERE step.event_id = :event_id
ORDER BY step.number
