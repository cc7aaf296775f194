-- Which open events does a plan that takes effect find in the hands of others? Those of areas that are in force no
-- longer on the day, if they are of its own scope or lie in it, and those in it that no area owned.
-- Indexes: event_area_pkey, area_plan_id_geom_idx.
CREATE TEMPORARY TABLE rerouted_event ON COMMIT DROP AS
SELECT event.id, former.id AS plan_id, owned.area_code
FROM event
LEFT JOIN event_area AS owned ON owned.event_id = event.id AND owned.layer_id = :layer_id
-- what is near to an orphan does not own it
LEFT JOIN plan AS former ON former.id = owned.plan_id AND owned.area_code IS NOT NULL
WHERE event.state <> ALL (CAST(:closed AS TEXT[]))
    AND (
        former.id IS NULL
        OR NOT (:day >= former.valid_from AND :day < COALESCE(former.valid_to, 'infinity'))
    )
    AND (
        former.scope_code = :scope_code
        OR EXISTS (
            SELECT
            FROM area
            WHERE area.plan_id = :plan_id AND area.geom && event.geom AND ST_Intersects(area.geom, event.geom)
        )
    )
