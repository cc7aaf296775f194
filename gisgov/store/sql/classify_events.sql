-- Of which item of the register are events that are of none yet, by what they say: its code or title? A text that means
-- several items means none. The version in force on an event's own day counts; before the first was, the first one.
-- Reads all of $event that the caller is after, which is asked for after imports and decisions alone.
WITH told AS (
    SELECT DISTINCT event.category AS text
    FROM $event AS event
    WHERE event.category_id IS NULL AND event.category IS NOT NULL $among
),
named AS (
    SELECT DISTINCT told.text, category.code, category.code = btrim(told.text) AS by_code
    FROM told
    JOIN category
        ON category.code = btrim(told.text)
            OR lower(btrim(told.text)) IN (lower(category.title), lower(category.title_en))
    WHERE category.valid_from IS NOT NULL
),
meant AS (
    SELECT text, COALESCE(min(code) FILTER (WHERE by_code), min(code)) AS code
    FROM named
    GROUP BY text
    HAVING bool_or(by_code) OR count(DISTINCT code) = 1
),
span AS (
    SELECT
        code,
        id,
        daterange(
            CASE WHEN row_number() OVER (PARTITION BY code ORDER BY valid_from) > 1 THEN valid_from END, valid_to
        ) AS days
    FROM category
    WHERE valid_from IS NOT NULL AND valid_to IS DISTINCT FROM valid_from
)
UPDATE $event AS event
SET category_code = span.code, category_id = span.id
FROM meant
JOIN span USING (code)
WHERE event.category = meant.text
    AND event.category_id IS NULL
    $among
    AND span.days @> CAST(event.occurred_at AT TIME ZONE :timezone AS DATE)
