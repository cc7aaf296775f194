-- By which of its codes would the areas of a plan lie elsewhere than where a right reaches?
-- Indexes: area_plan_id_code_key, area_code_idx.
SELECT area.code
FROM area
JOIN plan ON plan.id = area.plan_id
JOIN layer ON layer.id = plan.layer_id
WHERE plan.id = :plan_id
    AND (
        EXISTS (
            SELECT FROM unnest(area.parent_codes) AS parent (code)
            WHERE NOT EXISTS (
                SELECT FROM acting_ground(:right, true) AS ground
                WHERE ground.layer_id = layer.parent_id AND ground.area_code = parent.code
            )
        )
        OR EXISTS (
            SELECT
            FROM area AS other
            JOIN plan AS another ON another.id = other.plan_id
            WHERE other.code = area.code
                AND another.layer_id = plan.layer_id
                AND another.scope_code <> plan.scope_code
                AND another.status <> 'draft'
                AND (another.valid_to IS NULL OR another.valid_to > GREATEST(current_date, another.valid_from))
        )
    )
ORDER BY area.code
LIMIT 1
