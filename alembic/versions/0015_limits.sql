-- Working time of each calendar laid out, with all that was worked before: a limit is a look-up.
CREATE TABLE calendar_span (
    calendar TEXT COLLATE "C" NOT NULL CONSTRAINT calendar_span_calendar_fkey
        REFERENCES working_calendar ON DELETE CASCADE,
    begins TIMESTAMPTZ NOT NULL,
    ends TIMESTAMPTZ NOT NULL,
    seconds_before BIGINT NOT NULL,
    day DATE NOT NULL,
    -- working days up to this one, it included
    day_number INTEGER NOT NULL,
    CONSTRAINT calendar_span_pkey PRIMARY KEY (calendar, begins),
    CONSTRAINT calendar_span_order_check CHECK (begins < ends)
);
-- where so much working time is over
CREATE INDEX calendar_span_seconds_idx ON calendar_span (calendar, seconds_before);
-- the end of a working day
CREATE INDEX calendar_span_day_number_idx ON calendar_span (calendar, day_number, ends);
-- how many working days there were up to a day
CREATE INDEX calendar_span_day_idx ON calendar_span (calendar, day);

-- These are tables of one row each and name no path to look in, so that the planner puts them into the statement that
-- asks: called as functions they would begin anew for each of thousands of limits.

-- How much working time was there up to a moment? 0 before the calendar begins.
CREATE FUNCTION limit_worked(moment TIMESTAMPTZ, wanted TEXT) RETURNS TABLE (seconds DOUBLE PRECISION)
LANGUAGE sql STABLE AS $$
    SELECT CAST(COALESCE((
        SELECT seconds_before + EXTRACT(EPOCH FROM LEAST(moment, ends) - begins)
        FROM public.calendar_span
        WHERE calendar = wanted AND begins <= moment
        ORDER BY begins DESC LIMIT 1
    ), 0) AS DOUBLE PRECISION)
$$;

-- How many working days were there up to the day of a moment, it included?
CREATE FUNCTION limit_working_days(moment TIMESTAMPTZ, wanted TEXT) RETURNS TABLE (days INTEGER)
LANGUAGE sql STABLE AS $$
    SELECT COALESCE((
        SELECT day_number FROM public.calendar_span
        WHERE calendar = wanted
            AND day <= CAST(moment AT TIME ZONE (
                SELECT timezone FROM public.working_calendar WHERE name = wanted) AS DATE)
        ORDER BY day DESC LIMIT 1
    ), 0)
$$;

-- When is a limit over that starts at a moment? NULL where the calendar ends before. Working hours run on while
-- somebody works; of working days that of the start is not counted.
CREATE FUNCTION limit_ends(started TIMESTAMPTZ, amount DOUBLE PRECISION, unit TEXT, wanted TEXT)
RETURNS TABLE (due_at TIMESTAMPTZ)
LANGUAGE sql STABLE AS $$
    SELECT CASE unit
        WHEN 'minutes' THEN started + make_interval(secs => amount * 60)
        WHEN 'hours' THEN started + make_interval(secs => amount * 3600)
        WHEN 'days' THEN started + make_interval(secs => amount * 86400)
        WHEN 'working-hours' THEN (
            SELECT CASE WHEN place.begins IS NULL THEN started ELSE (
                SELECT CASE WHEN due.at <= place.ends THEN GREATEST(started, due.at) END
                FROM (SELECT place.begins + make_interval(secs => target.seconds - place.seconds_before) AS at) AS due
            ) END
            FROM (SELECT worked.seconds + amount * 3600 AS seconds FROM public.limit_worked(started, wanted) AS worked)
                AS target
            LEFT JOIN LATERAL (
                SELECT begins, ends, seconds_before FROM public.calendar_span
                WHERE calendar = wanted AND seconds_before < CAST(ceil(target.seconds) AS BIGINT)
                ORDER BY seconds_before DESC LIMIT 1
            ) AS place ON true
        )
        WHEN 'working-days' THEN (
            SELECT max(ends) FROM public.calendar_span
            WHERE calendar = wanted
                AND day_number = (
                    SELECT worked.days + CAST(ceil(amount) AS INTEGER)
                    FROM public.limit_working_days(started, wanted) AS worked
                )
        )
    END
$$;

-- The same of one limit.
CREATE FUNCTION limit_due(started TIMESTAMPTZ, amount DOUBLE PRECISION, unit TEXT, wanted TEXT) RETURNS TIMESTAMPTZ
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT due_at FROM limit_ends(started, amount, unit, wanted)
$$;

-- Until when does a limit run that stood still for a while? What was left of it is left again; one that was over
-- already stays over.
CREATE FUNCTION limit_resumed(
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
                    WHERE calendar = wanted AND begins > resumed - INTERVAL '1 day' AND ends > resumed
                    ORDER BY begins LIMIT 1)
            ) END
            FROM (SELECT limit_due(
                    resumed,
                    (SELECT later.days - former.days
                        FROM limit_working_days(due, wanted) AS later, limit_working_days(paused, wanted) AS former),
                    unit,
                    wanted
                ) AS at) AS over
        )
        ELSE due + (resumed - paused)
    END
$$;

-- How each limit stands now. Due soon, and overdue, are questions of the moment that they are asked.
CREATE VIEW event_limit_state WITH (security_barrier, security_invoker) AS
SELECT
    event_limit.*,
    CASE
        WHEN void_at IS NOT NULL THEN 'void'
        WHEN met_at IS NOT NULL THEN CASE WHEN met_at <= due_at THEN 'kept' ELSE 'missed' END
        WHEN paused_at IS NOT NULL THEN 'paused'
        WHEN due_at < now() THEN 'overdue'
        WHEN warn_at <= now() THEN 'due-soon'
        ELSE 'running'
    END AS state
FROM event_limit;
