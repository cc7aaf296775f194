-- Every rating that a building was given, with what it rests on. The last one is what `building` shows.
CREATE TABLE risk_rating (
    building_id BIGINT NOT NULL CONSTRAINT risk_rating_building_id_fkey REFERENCES building ON DELETE CASCADE,
    rated_at TIMESTAMPTZ NOT NULL,
    risk_class TEXT NOT NULL CONSTRAINT risk_rating_risk_class_check
        CHECK (risk_class IN ('safe', 'general', 'warning', 'unclassified')),
    risk_points INTEGER NOT NULL,
    risk_reasons TEXT[] NOT NULL,
    rules_version TEXT NOT NULL CONSTRAINT risk_rating_rules_version_fkey REFERENCES risk_rules,
    -- what was known of each fact of these rules, in their order; NULL: not known
    answers TEXT[] NOT NULL,
    CONSTRAINT risk_rating_pkey PRIMARY KEY (building_id, rated_at)
);

-- Hazards of buildings: found, rectified by a day, checked.
CREATE TABLE hazard (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT hazard_pkey PRIMARY KEY,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    building_id BIGINT NOT NULL CONSTRAINT hazard_building_id_fkey REFERENCES building ON DELETE CASCADE,
    kind TEXT NOT NULL CONSTRAINT hazard_kind_check
        CHECK (kind IN ('fire', 'electrical', 'structure', 'dangerous-goods', 'work-safety', 'other')),
    -- the event by which it came to light
    event_id BIGINT CONSTRAINT hazard_event_id_fkey REFERENCES event,
    state TEXT DEFAULT 'found' NOT NULL CONSTRAINT hazard_state_check
        CHECK (state IN ('found', 'rectified', 'checked')),
    found_on DATE NOT NULL,
    due_on DATE,
    rectified_on DATE,
    checked_on DATE,
    description TEXT,
    step_number INTEGER DEFAULT 0 NOT NULL,
    changed_at TIMESTAMPTZ DEFAULT now() NOT NULL,
    CONSTRAINT hazard_source_external_id_key UNIQUE (source, external_id),
    CONSTRAINT hazard_days_check CHECK (due_on >= found_on AND rectified_on >= found_on AND checked_on >= rectified_on),
    CONSTRAINT hazard_way_check CHECK (
        (state = 'found') = (rectified_on IS NULL) AND (state = 'checked') = (checked_on IS NOT NULL))
);
-- what a building has on record
CREATE INDEX hazard_building_id_idx ON hazard (building_id, kind);
-- whose day passes
CREATE INDEX hazard_due_on_idx ON hazard (due_on) WHERE state = 'found';
CREATE INDEX hazard_event_id_idx ON hazard (event_id) WHERE event_id IS NOT NULL;

-- What was done with a hazard, step by step; nobody changes it.
CREATE TABLE hazard_step (
    hazard_id BIGINT NOT NULL CONSTRAINT hazard_step_hazard_id_fkey REFERENCES hazard ON DELETE CASCADE,
    number INTEGER NOT NULL CONSTRAINT hazard_step_number_check CHECK (number > 0),
    action TEXT NOT NULL,
    to_state TEXT NOT NULL,
    day DATE NOT NULL,
    due_on DATE,
    at TIMESTAMPTZ DEFAULT clock_timestamp() NOT NULL,
    by_name TEXT NOT NULL,
    by_kind TEXT NOT NULL,
    reason TEXT,
    CONSTRAINT hazard_step_pkey PRIMARY KEY (hazard_id, number)
);

-- The building that an event concerns: named by who reported it, or by its footprint, or the nearest one within reach.
CREATE TABLE event_building (
    event_id BIGINT NOT NULL CONSTRAINT event_building_event_id_fkey REFERENCES event ON DELETE CASCADE,
    building_id BIGINT NOT NULL CONSTRAINT event_building_building_id_fkey REFERENCES building ON DELETE CASCADE,
    how TEXT NOT NULL CONSTRAINT event_building_how_check CHECK (how IN ('named', 'footprint', 'nearest')),
    distance_m DOUBLE PRECISION NOT NULL CONSTRAINT event_building_distance_m_check CHECK (distance_m >= 0),
    CONSTRAINT event_building_pkey PRIMARY KEY (event_id)
);
-- the events of a building
CREATE INDEX event_building_building_id_idx ON event_building (building_id);

-- Up to which change, and for which day, ratings have followed what they rest on.
CREATE TABLE risk_followed (
    one BOOLEAN DEFAULT true NOT NULL CONSTRAINT risk_followed_pkey PRIMARY KEY
        CONSTRAINT risk_followed_one_check CHECK (one),
    epoch UUID NOT NULL,
    version BIGINT NOT NULL,
    day DATE NOT NULL
);
