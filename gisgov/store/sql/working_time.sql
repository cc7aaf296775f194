-- The working time of a calendar, span by span in its order, packed. Index: calendar_span_pkey.
SELECT
    string_agg(float8send(CAST(EXTRACT(EPOCH FROM begins) AS DOUBLE PRECISION)), '' ORDER BY begins) AS begins,
    string_agg(float8send(CAST(EXTRACT(EPOCH FROM ends) AS DOUBLE PRECISION)), '' ORDER BY begins) AS ends,
    string_agg(float8send(CAST(seconds_before AS DOUBLE PRECISION)), '' ORDER BY begins) AS before
FROM calendar_span
WHERE calendar = :calendar
