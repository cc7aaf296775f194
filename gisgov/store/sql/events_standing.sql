-- Where do events stand, and those that they were or are to be merged into? All of them are locked in the order of
-- their ids, so that two that change the same wait for each other. A suspended one was somewhere else before.
-- Indexes: event_pkey, event_step_event_id_number_key.
SELECT
    event.id,
    event.state,
    event.step_number,
    event.source,
    event.level,
    event.category_id,
    event.desk_kind,
    event.department_code,
    event.closed_at,
    event.merged_into,
    CASE WHEN event.state = 'suspended' THEN (
        SELECT event_step.from_state
        FROM event_step
        WHERE event_step.event_id = event.id
            AND event_step.to_state = 'suspended'
            AND event_step.from_state <> 'suspended'
        ORDER BY event_step.number DESC LIMIT 1
    ) END AS before,
    clock_timestamp() AS now
FROM event
WHERE event.id = ANY (ARRAY(
    SELECT unnest(CAST(:ids AS BIGINT[]))
    UNION
    SELECT former.merged_into FROM event AS former WHERE former.id = ANY (CAST(:ids AS BIGINT[]))
))
ORDER BY event.id
FOR NO KEY UPDATE OF event
