-- Which of these events (NULL: of all) may a count of the rules have: of its categories, and between two moments? Which
-- of them are over is no matter: one that was rejected counted before. Index: event_pkey or event_occurred_at_idx.
SELECT array_agg(event.id) AS ids
FROM event
WHERE (CAST(:ids AS BIGINT[]) IS NULL OR event.id = ANY (CAST(:ids AS BIGINT[])))
    AND event.occurred_at >= :begins AND event.occurred_at < :ends
    AND (
        event.category = ANY (CAST(:categories AS TEXT[]))
        OR event.category_id IN (
            SELECT category.id
            FROM category
            WHERE ARRAY[category.code, category.grp, category.function] && CAST(:categories AS TEXT[])
        )
    )
