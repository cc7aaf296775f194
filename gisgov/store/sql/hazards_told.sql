-- Hazards that whoever acts may see, by id, the latest first. NULL leaves a condition out; an area has the hazards of
-- the buildings that it owns in the plan in force on a day. Indexes: hazard_pkey, hazard_building_id_idx,
-- hazard_due_on_idx, building_area_layer_id_area_code_idx.
SELECT
    hazard.id,
    hazard.source,
    hazard.external_id,
    hazard.building_id,
    building.source AS building_source,
    building.external_id AS building_external_id,
    building.name AS building_name,
    hazard.kind,
    hazard.event_id,
    hazard.state,
    hazard.found_on,
    hazard.due_on,
    hazard.rectified_on,
    hazard.checked_on,
    hazard.description,
    hazard.step_number,
    hazard.changed_at
FROM hazard
JOIN building ON building.id = hazard.building_id
WHERE (CAST(:id AS BIGINT) IS NULL OR hazard.id = :id)
    AND (CAST(:before AS BIGINT) IS NULL OR hazard.id < :before)
    AND (CAST(:building_id AS BIGINT) IS NULL OR hazard.building_id = :building_id)
    AND (CAST(:kinds AS TEXT[]) IS NULL OR hazard.kind = ANY (CAST(:kinds AS TEXT[])))
    AND (CAST(:states AS TEXT[]) IS NULL OR hazard.state = ANY (CAST(:states AS TEXT[])))
    AND (
        CAST(:is_overdue AS BOOLEAN) IS NULL
        OR (hazard.state = 'found' AND COALESCE(hazard.due_on < CAST(:today AS DATE), false)) = :is_overdue
    )
    AND (CAST(:layer_id AS INTEGER) IS NULL OR hazard.building_id IN (
        SELECT owned.building_id
        FROM building_area AS owned
        JOIN plan ON plan.id = owned.plan_id AND plan.status <> 'draft'
            AND daterange(plan.valid_from, plan.valid_to) @> CAST(:today AS DATE)
        WHERE owned.layer_id = :layer_id AND owned.area_code = :code
    ))
ORDER BY hazard.id DESC
LIMIT :most
