-- The ids of the events of a period that whoever acts may see, packed. Index: event_occurred_at_idx.
SELECT string_agg(int8send(event.id), '') AS ids
FROM event
WHERE event.occurred_at >= COALESCE(CAST(:begins AS TIMESTAMPTZ), '-infinity')
    AND event.occurred_at < COALESCE(CAST(:ends AS TIMESTAMPTZ), 'infinity')
