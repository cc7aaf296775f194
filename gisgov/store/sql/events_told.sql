-- Events and where they stand, as far as whoever acts may see them, with the names that people read.
-- Indexes: event_pkey, category_pkey, area_plan_id_code_key, event_merged_into_idx.
SELECT
    event.id,
    event.source,
    event.external_id,
    event.category AS category_text,
    event.category_code,
    category.title AS category_title,
    category.title_en AS category_title_en,
    category.version AS category_version,
    event.level,
    event.state,
    event.step_number,
    event.occurred_at,
    event.received_at,
    event.changed_at,
    event.closed_at,
    event.description,
    ST_X(event.geom) AS lon,
    ST_Y(event.geom) AS lat,
    event.problem,
    event.building_id,
    event.device_id,
    event.desk_kind,
    desk_layer.name AS desk_layer,
    event.desk_area_code AS desk_code,
    (
        SELECT area.name
        FROM plan
        JOIN area ON area.plan_id = plan.id AND area.code = event.desk_area_code
        WHERE plan.layer_id = event.desk_layer_id AND plan.status <> 'draft'
        ORDER BY plan.valid_from DESC LIMIT 1
    ) AS desk_name,
    event.department_code,
    department.title AS department_title,
    event.merged_into,
    (SELECT count(*) FROM event AS duplicate WHERE duplicate.merged_into = event.id) AS duplicates,
    event.dispute_grade
FROM event
LEFT JOIN category ON category.id = event.category_id
LEFT JOIN layer AS desk_layer ON desk_layer.id = event.desk_layer_id
LEFT JOIN department ON department.code = event.department_code
WHERE event.id = ANY (CAST(:ids AS BIGINT[]))
