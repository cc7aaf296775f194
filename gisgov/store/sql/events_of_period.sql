-- The events of a period, parted by $key. Each is some numbers, packed as PostgreSQL sends them: the area of some
-- plans that it was given to (its place among the codes; -1: it was given to none of them, and its place follows;
-- -2: it has no place), its state (its place among the states) and what is said of it, and from when to when it was
-- dealt with. Handed up: from the desk of an area to a department, or to an area of a layer
-- above. Indexes: event_occurred_at_idx; event_limit_missed_idx and event_limit_running_idx for limits that are missed
-- or overdue, as event_limit_state has them; event_step_hand_over_idx; event_step_event_id_number_key for the few steps
-- that hand over to whom may be above.
WITH late AS (
    SELECT event_id, bool_or(is_now) AS is_now
    FROM (
        SELECT event_id, false AS is_now FROM event_limit WHERE void_at IS NULL AND met_at > due_at
        UNION ALL
        SELECT event_id, true AS is_now
        FROM event_limit
        WHERE void_at IS NULL AND met_at IS NULL AND paused_at IS NULL AND due_at < now()
    ) AS one
    GROUP BY event_id
),
upper_layer AS (
    SELECT * FROM unnest(CAST(:lower_ids AS INTEGER[]), CAST(:upper_ids AS INTEGER[])) AS one (lower_id, upper_id)
),
escalated AS (
    SELECT whistle.event_id FROM whistle
    UNION
    SELECT step.event_id
    FROM event_step AS step
    CROSS JOIN LATERAL (
        SELECT former.desk_layer_id
        FROM event_step AS former
        WHERE former.event_id = step.event_id AND former.number < step.number AND former.desk_kind IS NOT NULL
        ORDER BY former.number DESC LIMIT 1
    ) AS former
    WHERE step.action = 'hand-over'
        AND (step.desk_kind = 'department' OR step.desk_layer_id = ANY (CAST(:upper_ids AS INTEGER[])))
        AND former.desk_layer_id IS NOT NULL
        AND (step.desk_kind = 'department' OR (former.desk_layer_id, step.desk_layer_id) IN (
            SELECT lower_id, upper_id FROM upper_layer
        ))
),
owned AS (
    SELECT given.event_id, CAST(one.number - 1 AS INTEGER) AS number
    FROM event_area AS given
    JOIN unnest(CAST(:codes AS TEXT[])) WITH ORDINALITY AS one (code, number) ON one.code = given.area_code
    WHERE given.layer_id = :layer_id AND given.plan_id = ANY (CAST(:plan_ids AS INTEGER[]))
),
seen AS (
    SELECT
        $key AS key,
        COALESCE(owned.number, CASE WHEN event.geom IS NULL THEN -2 ELSE -1 END) AS area,
        event.geom,
        COALESCE(array_position(CAST(:states AS TEXT[]), event.state), 0) * 16
            + CASE WHEN late.event_id IS NULL THEN 0 WHEN late.is_now THEN 3 ELSE 1 END
            + CASE WHEN event.desk_layer_id = ANY (CAST(:own_ids AS INTEGER[])) THEN 4 ELSE 0 END
            + CASE WHEN escalated.event_id IS NULL THEN 0 ELSE 8 END AS flags,
        -- EXTRACT would count in decimal digits
        date_part('epoch', CASE
            WHEN event.closed_at < event.received_at THEN event.occurred_at ELSE event.received_at
        END) AS started,
        COALESCE(date_part('epoch', event.closed_at), 'NaN') AS ended
    FROM event
    LEFT JOIN owned ON owned.event_id = event.id
    LEFT JOIN category ON category.id = event.category_id
    LEFT JOIN late ON late.event_id = event.id
    LEFT JOIN escalated ON escalated.event_id = event.id
    WHERE event.occurred_at >= COALESCE(CAST(:begins AS TIMESTAMPTZ), '-infinity')
        AND event.occurred_at < COALESCE(CAST(:ends AS TIMESTAMPTZ), 'infinity')
        AND (CAST(:sources AS TEXT[]) IS NULL OR event.source = ANY (CAST(:sources AS TEXT[])))
        AND (CAST(:levels AS TEXT[]) IS NULL OR event.level = ANY (CAST(:levels AS TEXT[])))
        AND (CAST(:categories AS TEXT[]) IS NULL OR category.code = ANY (CAST(:categories AS TEXT[])))
        AND (CAST(:functions AS TEXT[]) IS NULL OR category.function = ANY (CAST(:functions AS TEXT[])))
        $among
)
SELECT
    key,
    string_agg(int4send(area), '') AS areas,
    string_agg(int2send(CAST(flags AS SMALLINT)), '') AS flags,
    string_agg(float8send(started), '') AS started,
    string_agg(float8send(ended), '') AS ended,
    string_agg(float8send(ST_X(geom)), '') FILTER (WHERE area = -1) AS x,
    string_agg(float8send(ST_Y(geom)), '') FILTER (WHERE area = -1) AS y
FROM seen
GROUP BY key
ORDER BY key
