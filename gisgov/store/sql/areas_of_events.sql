-- In which area of each layer do events lie, as far as whoever acts may see them? From the top layer down.
-- Indexes: event_area_pkey, area_plan_id_code_key.
SELECT
    owned.event_id,
    layer.name AS layer,
    CASE WHEN owned.area_code IS NOT NULL THEN plan.name END AS plan,
    owned.area_code AS code,
    area.name,
    owned.orphan_reason
FROM event_area AS owned
JOIN layer ON layer.id = owned.layer_id
LEFT JOIN plan ON plan.id = owned.plan_id
LEFT JOIN area ON area.plan_id = owned.plan_id AND area.code = owned.area_code
WHERE owned.event_id = ANY (CAST(:ids AS BIGINT[]))
ORDER BY layer.position, layer.name
