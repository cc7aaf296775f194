-- How many events of a period lie in each area of some plans, by state and category? An event that an area of these
-- plans was given keeps it; others are found by their place. Indexes: event_occurred_at_idx, event_area_pkey,
-- area_plan_id_geom_idx.
WITH happened AS (
    SELECT
        event.state,
        COALESCE(event.category, 'unclassified') AS category,
        CASE
            WHEN given.area_code IS NOT NULL AND given.plan_id = ANY(:plan_ids) THEN given.area_code
            ELSE (
                SELECT area.code
                FROM area
                WHERE area.plan_id = ANY(:plan_ids) AND ST_Covers(area.geom, event.geom)
                ORDER BY area.code
                LIMIT 1
            )
        END AS code
    FROM event
    LEFT JOIN event_area AS given ON given.event_id = event.id AND given.layer_id = :layer_id
    WHERE event.occurred_at >= COALESCE(CAST(:begins AS TIMESTAMPTZ), '-infinity')
        AND event.occurred_at < COALESCE(CAST(:ends AS TIMESTAMPTZ), 'infinity')
)
SELECT code, state, category, count(*) AS count
FROM happened
GROUP BY code, state, category
ORDER BY code, state, category
