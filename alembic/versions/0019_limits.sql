-- When is a limit due soon? When a share of the time that it has is left: of working time where it is counted in working
-- time, working days too, else by the clock. Tables of one row each that name no path, as those of 0015_limits.sql.

-- How many seconds of its own time does a limit have from one moment to another?
CREATE FUNCTION limit_seconds(first TIMESTAMPTZ, last TIMESTAMPTZ, unit TEXT, wanted TEXT)
RETURNS TABLE (seconds DOUBLE PRECISION)
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN unit LIKE 'working-%' THEN (
            SELECT later.seconds - former.seconds
            FROM public.limit_worked(last, wanted) AS later, public.limit_worked(first, wanted) AS former
        )
        ELSE CAST(EXTRACT(EPOCH FROM last - first) AS DOUBLE PRECISION)
    END
$$;

-- From when on are no more than so many seconds of a limit left that is due at a moment? Not before it starts.
CREATE FUNCTION limit_warns(
    started TIMESTAMPTZ, due TIMESTAMPTZ, left_s DOUBLE PRECISION, unit TEXT, wanted TEXT
) RETURNS TABLE (warn_at TIMESTAMPTZ)
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN due IS NOT NULL THEN GREATEST(started, LEAST(due, CASE
        WHEN unit LIKE 'working-%' THEN (
            SELECT place.begins + make_interval(secs => target.seconds - place.seconds_before)
            FROM (SELECT CAST(round(CAST(worked.seconds - left_s AS NUMERIC), 3) AS DOUBLE PRECISION) AS seconds
                FROM public.limit_worked(due, wanted) AS worked) AS target
            JOIN LATERAL (
                SELECT begins, seconds_before FROM public.calendar_span
                WHERE calendar = wanted AND seconds_before < CAST(ceil(target.seconds) AS BIGINT)
                ORDER BY seconds_before DESC LIMIT 1
            ) AS place ON true
        )
        ELSE due - make_interval(secs => left_s)
    END)) END
$$;

-- The same of one limit that stood still or was extended, by what was left of it when it was due soon before.
CREATE FUNCTION limit_warned(
    started TIMESTAMPTZ, due TIMESTAMPTZ, left_s DOUBLE PRECISION, unit TEXT, wanted TEXT
) RETURNS TIMESTAMPTZ
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT warn_at FROM limit_warns(started, due, left_s, unit, wanted)
$$;

-- Which working day is a moment the end of? Its number; the span may be over after midnight, on another day.
CREATE FUNCTION limit_last_day(due TIMESTAMPTZ, wanted TEXT) RETURNS TABLE (number INTEGER)
LANGUAGE sql STABLE AS $$
    SELECT COALESCE((
        SELECT day_number FROM public.calendar_span
        WHERE calendar = wanted AND begins < due
        ORDER BY begins DESC LIMIT 1
    ), 0)
$$;

-- When is a limit over that is extended? Working days are added to its last one.
CREATE FUNCTION limit_extends(due TIMESTAMPTZ, amount DOUBLE PRECISION, unit TEXT, wanted TEXT)
RETURNS TABLE (due_at TIMESTAMPTZ)
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN unit = 'working-days' THEN (
        SELECT max(ends) FROM public.calendar_span
        WHERE calendar = wanted
            AND day_number = (
                SELECT last.number + CAST(ceil(amount) AS INTEGER) FROM public.limit_last_day(due, wanted) AS last)
    ) ELSE (SELECT ends.due_at FROM public.limit_ends(due, amount, unit, wanted) AS ends) END
$$;

-- As before, but the last day is that on which its work began, and work over midnight may have begun longer ago than a
-- day.
CREATE OR REPLACE FUNCTION limit_resumed(
    due TIMESTAMPTZ, paused TIMESTAMPTZ, resumed TIMESTAMPTZ, unit TEXT, wanted TEXT
) RETURNS TIMESTAMPTZ
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN due <= paused THEN due
        WHEN unit = 'working-hours' THEN
            limit_due(
                resumed,
                (SELECT (later.seconds - former.seconds) / 3600
                    FROM limit_worked(due, wanted) AS later, limit_worked(paused, wanted) AS former),
                unit,
                wanted
            )
        -- of a last day that was begun its end is left: of the next day that is worked
        WHEN unit = 'working-days' THEN (
            SELECT CASE WHEN over.at > resumed THEN over.at ELSE (
                SELECT max(ends) FROM calendar_span
                WHERE calendar = wanted AND day_number = (
                    SELECT day_number FROM calendar_span
                    WHERE calendar = wanted AND begins > resumed - INTERVAL '2 days' AND ends > resumed
                    ORDER BY begins LIMIT 1)
            ) END
            FROM (SELECT limit_due(
                    resumed,
                    (SELECT later.number - former.days
                        FROM limit_last_day(due, wanted) AS later, limit_working_days(paused, wanted) AS former),
                    unit,
                    wanted
                ) AS at) AS over
        )
        ELSE due + (resumed - paused)
    END
$$;
