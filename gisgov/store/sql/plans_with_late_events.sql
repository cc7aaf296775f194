-- Which plans are in force and took effect, while open events are still in the hands of plans before them?
-- Those came in late, dated before, or just as the plan took effect.
-- Indexes: plan_validity_excl, event_area_plan_id_area_code_idx.
SELECT DISTINCT taking.name
FROM plan AS former
JOIN plan AS taking ON taking.layer_id = former.layer_id
    AND taking.scope_code = former.scope_code
    AND taking.status <> 'draft'
    AND taking.took_effect_at IS NOT NULL
    AND daterange(taking.valid_from, taking.valid_to) @> CAST(:day AS DATE)
WHERE former.status = 'retired'
    AND former.valid_to <= :day
    AND EXISTS (
        SELECT
        FROM event_area AS owned
        JOIN event ON event.id = owned.event_id
        WHERE owned.plan_id = former.id
            AND owned.area_code IS NOT NULL
            AND event.state <> ALL (CAST(:closed AS TEXT[]))
    )
ORDER BY taking.name
