-- Departments that events are given to.
CREATE TABLE department (
    code TEXT COLLATE "C" CONSTRAINT department_pkey PRIMARY KEY,
    title TEXT NOT NULL,
    title_en TEXT,
    source TEXT NOT NULL
);

-- What may be reported: a row for each version of an item of the register.
CREATE TABLE category (
    id INTEGER GENERATED ALWAYS AS IDENTITY CONSTRAINT category_pkey PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL,
    version INTEGER NOT NULL CONSTRAINT category_version_check CHECK (version > 0),
    title TEXT NOT NULL,
    title_en TEXT,
    function TEXT NOT NULL,
    grp TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT category_kind_check CHECK (kind IN ('event', 'component')),
    level TEXT NOT NULL CONSTRAINT category_level_check CHECK (level IN ('1', '2', '3')),
    department_code TEXT COLLATE "C" CONSTRAINT category_department_code_fkey REFERENCES department,
    -- stage: {"amount": 2, "unit": "working-hours"}; a stage that is not named has the policy's limit
    limits JSONB DEFAULT '{}'::jsonb NOT NULL,
    -- level: name of the layer that it is joined to, where that differs from the policy's
    layers JSONB DEFAULT '{}'::jsonb NOT NULL,
    permit TEXT DEFAULT 'proposed' NOT NULL CONSTRAINT category_permit_check
        CHECK (permit IN ('proposed', 'approved', 'in-force', 'retired', 'refused')),
    valid_from DATE,
    valid_to DATE,
    source TEXT NOT NULL,
    is_example BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMPTZ DEFAULT now() NOT NULL,
    CONSTRAINT category_code_version_key UNIQUE (code, version),
    CONSTRAINT category_validity_check CHECK (valid_to >= valid_from),
    CONSTRAINT category_in_force_check CHECK ((permit IN ('in-force', 'retired')) = (valid_from IS NOT NULL)),
    -- one version of an item on each day
    CONSTRAINT category_excl EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to) WITH &&)
        WHERE (valid_from IS NOT NULL)
);

-- The way of a version of an item through its permits.
CREATE TABLE category_permit (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT category_permit_pkey PRIMARY KEY,
    category_id INTEGER NOT NULL CONSTRAINT category_permit_category_id_fkey REFERENCES category,
    permit TEXT NOT NULL,
    at TIMESTAMPTZ DEFAULT now() NOT NULL,
    by_name TEXT NOT NULL,
    reason TEXT
);
CREATE INDEX category_permit_category_id_idx ON category_permit (category_id);

CREATE TABLE working_calendar (
    name TEXT COLLATE "C" CONSTRAINT working_calendar_pkey PRIMARY KEY,
    timezone TEXT NOT NULL,
    -- ISO weekday: [["09:00", "12:00"], ["14:00", "18:00"]]; a weekday that is not named is free
    hours JSONB NOT NULL,
    source TEXT NOT NULL,
    is_example BOOLEAN DEFAULT false NOT NULL
);

-- Days on which a calendar differs from its weekdays: holidays, and free days that are worked.
CREATE TABLE calendar_day (
    calendar TEXT COLLATE "C" NOT NULL CONSTRAINT calendar_day_calendar_fkey
        REFERENCES working_calendar ON DELETE CASCADE,
    day DATE NOT NULL,
    is_working BOOLEAN NOT NULL,
    title TEXT,
    CONSTRAINT calendar_day_pkey PRIMARY KEY (calendar, day)
);

-- Policies that are documents: time limits, grades of disputes, visits, routing. The last one adopted is in force.
CREATE TABLE policy_document (
    kind TEXT COLLATE "C" NOT NULL,
    version TEXT NOT NULL,
    definition JSONB NOT NULL,
    adopted_at TIMESTAMPTZ DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT policy_document_pkey PRIMARY KEY (kind, version)
);

-- Cameras and other devices: an alert names one, and so its place.
CREATE TABLE device (
    id TEXT COLLATE "C" CONSTRAINT device_pkey PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT,
    geom GEOMETRY(POINT, 4326) NOT NULL CONSTRAINT device_geom_check CHECK (
        ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180
        AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    state TEXT DEFAULT 'online' NOT NULL CONSTRAINT device_state_check
        CHECK (state IN ('online', 'offline', 'retired')),
    source TEXT NOT NULL
);
CREATE INDEX device_geom_idx ON device USING gist (geom);

-- Where somebody answers beyond their own area: parks, lamps along a road.
CREATE TABLE routing_exception (
    id INTEGER GENERATED ALWAYS AS IDENTITY CONSTRAINT routing_exception_pkey PRIMARY KEY,
    title TEXT NOT NULL,
    geom GEOMETRY(GEOMETRY, 4326) NOT NULL CONSTRAINT routing_exception_geom_check CHECK (
        ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180
        AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    -- of points and lines: how far around them it holds
    reach_m DOUBLE PRECISION DEFAULT 0 NOT NULL CONSTRAINT routing_exception_reach_m_check
        CHECK (reach_m >= 0 AND reach_m <= 1000),
    -- codes of categories; none: all
    categories TEXT[] COLLATE "C" DEFAULT '{}'::text[] NOT NULL,
    layer_id INTEGER CONSTRAINT routing_exception_layer_id_fkey REFERENCES layer,
    area_code TEXT COLLATE "C",
    department_code TEXT COLLATE "C" CONSTRAINT routing_exception_department_code_fkey REFERENCES department,
    valid_from DATE,
    valid_to DATE,
    source TEXT NOT NULL,
    CONSTRAINT routing_exception_owner_check CHECK (
        (layer_id IS NULL) = (area_code IS NULL) AND COALESCE(area_code, department_code) IS NOT NULL),
    CONSTRAINT routing_exception_validity_check CHECK (valid_to > valid_from)
);
CREATE INDEX routing_exception_geom_idx ON routing_exception USING gist (geom);

-- What was done with an event, step by step; nobody changes it.
CREATE TABLE event_step (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT event_step_pkey PRIMARY KEY,
    event_id BIGINT NOT NULL CONSTRAINT event_step_event_id_fkey REFERENCES event,
    number INTEGER NOT NULL CONSTRAINT event_step_number_check CHECK (number > 0),
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    at TIMESTAMPTZ DEFAULT clock_timestamp() NOT NULL,
    by_name TEXT NOT NULL,
    by_kind TEXT NOT NULL,
    reason TEXT,
    -- whose desk it lies on after the step
    desk_kind TEXT,
    desk_layer_id INTEGER CONSTRAINT event_step_desk_layer_id_fkey REFERENCES layer,
    desk_area_code TEXT COLLATE "C",
    department_code TEXT COLLATE "C" CONSTRAINT event_step_department_code_fkey REFERENCES department,
    details JSONB DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT event_step_event_id_number_key UNIQUE (event_id, number)
);
CREATE INDEX event_step_at_idx ON event_step (at);

-- By when a stage of an event has to be over. A stage may come again: the last row of it counts.
CREATE TABLE event_limit (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT event_limit_pkey PRIMARY KEY,
    event_id BIGINT NOT NULL CONSTRAINT event_limit_event_id_fkey REFERENCES event ON DELETE CASCADE,
    stage TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    amount DOUBLE PRECISION NOT NULL CONSTRAINT event_limit_amount_check CHECK (amount >= 0),
    unit TEXT NOT NULL CONSTRAINT event_limit_unit_check
        CHECK (unit IN ('minutes', 'hours', 'days', 'working-hours', 'working-days')),
    calendar TEXT COLLATE "C" CONSTRAINT event_limit_calendar_fkey REFERENCES working_calendar,
    -- of how much before it is due somebody is warned
    warn_at TIMESTAMPTZ,
    due_at TIMESTAMPTZ NOT NULL,
    paused_at TIMESTAMPTZ,
    -- when the stage was over; what it was given up for counts as neither kept nor missed
    met_at TIMESTAMPTZ,
    void_at TIMESTAMPTZ,
    extended_by DOUBLE PRECISION DEFAULT 0 NOT NULL
);
CREATE INDEX event_limit_event_id_idx ON event_limit (event_id);
-- what is due soon, and what is overdue
CREATE INDEX event_limit_running_idx ON event_limit (due_at)
    WHERE met_at IS NULL AND void_at IS NULL AND paused_at IS NULL;
-- one limit of a stage runs at a time
CREATE UNIQUE INDEX event_limit_stage_idx ON event_limit (event_id, stage) WHERE met_at IS NULL AND void_at IS NULL;

-- The areas that see an event because it lies on their desk, above it, or near their border.
CREATE TABLE event_told (
    event_id BIGINT NOT NULL CONSTRAINT event_told_event_id_fkey REFERENCES event ON DELETE CASCADE,
    layer_id INTEGER NOT NULL CONSTRAINT event_told_layer_id_fkey REFERENCES layer,
    area_code TEXT COLLATE "C" NOT NULL,
    why TEXT NOT NULL CONSTRAINT event_told_why_check CHECK (why IN ('desk', 'above', 'neighbour')),
    distance_m DOUBLE PRECISION,
    since TIMESTAMPTZ DEFAULT now() NOT NULL,
    CONSTRAINT event_told_pkey PRIMARY KEY (event_id, layer_id, area_code)
);
-- what an area sees
CREATE INDEX event_told_layer_id_area_code_idx ON event_told (layer_id, area_code);

-- A grid or street calls departments to an event.
CREATE TABLE whistle (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT whistle_pkey PRIMARY KEY,
    event_id BIGINT NOT NULL CONSTRAINT whistle_event_id_fkey REFERENCES event,
    layer_id INTEGER CONSTRAINT whistle_layer_id_fkey REFERENCES layer,
    area_code TEXT COLLATE "C",
    reason TEXT NOT NULL,
    same_day BOOLEAN DEFAULT false NOT NULL,
    called_at TIMESTAMPTZ DEFAULT clock_timestamp() NOT NULL,
    called_by TEXT NOT NULL,
    closed_at TIMESTAMPTZ,
    CONSTRAINT whistle_area_check CHECK ((layer_id IS NULL) = (area_code IS NULL))
);
CREATE INDEX whistle_event_id_idx ON whistle (event_id);

CREATE TABLE whistle_call (
    whistle_id BIGINT NOT NULL CONSTRAINT whistle_call_whistle_id_fkey REFERENCES whistle,
    department_code TEXT COLLATE "C" NOT NULL CONSTRAINT whistle_call_department_code_fkey REFERENCES department,
    due_at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    answered_by TEXT,
    answer TEXT,
    CONSTRAINT whistle_call_pkey PRIMARY KEY (whistle_id, department_code),
    CONSTRAINT whistle_call_answer_check CHECK (num_nulls(answered_at, answered_by) IN (0, 2))
);
-- what a department still owes
CREATE INDEX whistle_call_department_code_idx ON whistle_call (department_code, due_at) WHERE answered_at IS NULL;

-- How many people of a care category live in a building: counts, never persons.
CREATE TABLE care_count (
    building_id BIGINT NOT NULL CONSTRAINT care_count_building_id_fkey REFERENCES building ON DELETE CASCADE,
    category TEXT NOT NULL,
    count INTEGER NOT NULL CONSTRAINT care_count_count_check CHECK (count >= 0),
    as_of DATE NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT care_count_pkey PRIMARY KEY (building_id, category)
);

-- Where and when somebody on patrol for an area checked in.
CREATE TABLE patrol_point (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT patrol_point_pkey PRIMARY KEY,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    layer_id INTEGER NOT NULL CONSTRAINT patrol_point_layer_id_fkey REFERENCES layer,
    area_code TEXT COLLATE "C" NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    geom GEOMETRY(POINT, 4326) NOT NULL CONSTRAINT patrol_point_geom_check CHECK (
        ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180
        AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    CONSTRAINT patrol_point_source_external_id_key UNIQUE (source, external_id)
);
-- the points of an area in a period
CREATE INDEX patrol_point_layer_id_area_code_at_idx ON patrol_point (layer_id, area_code, at);

-- Where people are served: of the district, streets, communities and grids.
CREATE TABLE service_point (
    code TEXT COLLATE "C" CONSTRAINT service_point_pkey PRIMARY KEY,
    tier TEXT NOT NULL,
    title TEXT NOT NULL,
    geom GEOMETRY(POINT, 4326) NOT NULL CONSTRAINT service_point_geom_check CHECK (
        ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180
        AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    valid_from DATE,
    valid_to DATE,
    source TEXT NOT NULL,
    CONSTRAINT service_point_validity_check CHECK (valid_to > valid_from)
);
CREATE INDEX service_point_geom_idx ON service_point USING gist (geom);

-- Rows of a log stay as they were written; to empty a log that has none takes nothing away.
CREATE FUNCTION guard_log() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
DECLARE
    has_rows BOOLEAN := true;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', TG_TABLE_NAME) INTO has_rows;
    END IF;
    IF has_rows THEN
        RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
