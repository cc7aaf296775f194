-- Every rating that a building was given, with what it rests on. The last one is what `building` shows.
CREATE TABLE risk_rating (
    building_id BIGINT NOT NULL,
    rated_at TIMESTAMPTZ NOT NULL,
    risk_class TEXT NOT NULL CONSTRAINT risk_rating_risk_class_check
        CHECK (risk_class IN ('safe', 'general', 'warning', 'unclassified')),
    risk_points INTEGER NOT NULL,
    risk_reasons TEXT[] NOT NULL,
    rules_version TEXT NOT NULL,
    -- what was known of each fact of these rules, in their order; NULL: not known
    answers TEXT[] NOT NULL,
    CONSTRAINT risk_rating_pkey PRIMARY KEY (building_id, rated_at)
);

-- What foreign keys of ratings would hold, for all rows of a statement at once: they ask row by row, and a rating of
-- all buildings writes very many. Rules are only taken away while nobody rates.
ALTER TABLE building DROP CONSTRAINT building_risk_rules_version_fkey;
CREATE FUNCTION building_rules_known() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT risk_rules_version AS version FROM fresh_building) AS fresh
        WHERE fresh.version IS NOT NULL
            AND NOT EXISTS (SELECT FROM risk_rules WHERE risk_rules.version = fresh.version)
    ) THEN
        RAISE EXCEPTION 'a building names rules that are not on record' USING
            ERRCODE = 'foreign_key_violation', TABLE = 'building', CONSTRAINT = 'building_risk_rules_version_fkey';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER building_rules_known_of_new AFTER INSERT ON building
    REFERENCING NEW TABLE AS fresh_building FOR EACH STATEMENT EXECUTE FUNCTION building_rules_known();
CREATE TRIGGER building_rules_known_of_changed AFTER UPDATE ON building
    REFERENCING NEW TABLE AS fresh_building FOR EACH STATEMENT EXECUTE FUNCTION building_rules_known();

CREATE FUNCTION risk_rating_sound() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT rules_version AS version FROM fresh_rating) AS fresh
        WHERE NOT EXISTS (SELECT FROM risk_rules WHERE risk_rules.version = fresh.version)
    ) THEN
        RAISE EXCEPTION 'a rating names rules that are not on record' USING
            ERRCODE = 'foreign_key_violation', TABLE = 'risk_rating', CONSTRAINT = 'risk_rating_rules_version_fkey';
    END IF;
    IF EXISTS (
        SELECT FROM fresh_rating
        WHERE NOT EXISTS (SELECT FROM building WHERE building.id = fresh_rating.building_id)
    ) THEN
        RAISE EXCEPTION 'a rating is of a building that is not there' USING
            ERRCODE = 'foreign_key_violation', TABLE = 'risk_rating', CONSTRAINT = 'risk_rating_building_id_fkey';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER risk_rating_sound AFTER INSERT ON risk_rating
    REFERENCING NEW TABLE AS fresh_rating FOR EACH STATEMENT EXECUTE FUNCTION risk_rating_sound();

CREATE FUNCTION risk_rating_gone() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM risk_rating WHERE building_id IN (SELECT id FROM gone_building);
    RETURN NULL;
END
$$;
CREATE TRIGGER risk_rating_gone AFTER DELETE ON building
    REFERENCING OLD TABLE AS gone_building FOR EACH STATEMENT EXECUTE FUNCTION risk_rating_gone();

CREATE FUNCTION risk_rules_kept() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('gisgov.risk', 0));
    IF EXISTS (SELECT FROM building WHERE risk_rules_version = OLD.version) THEN
        RAISE EXCEPTION 'buildings are rated by the rules %', OLD.version USING
            ERRCODE = 'foreign_key_violation', TABLE = 'building', CONSTRAINT = 'building_risk_rules_version_fkey';
    END IF;
    IF EXISTS (SELECT FROM risk_rating WHERE rules_version = OLD.version) THEN
        RAISE EXCEPTION 'ratings rest on the rules %', OLD.version USING
            ERRCODE = 'foreign_key_violation', TABLE = 'risk_rating', CONSTRAINT = 'risk_rating_rules_version_fkey';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER risk_rules_kept BEFORE DELETE OR UPDATE OF version, definition ON risk_rules
    FOR EACH ROW EXECUTE FUNCTION risk_rules_kept();

-- no question asks for buildings of a class alone, and every rating would have to write it
DROP INDEX building_risk_class_idx;

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

-- The building that an event concerns: named by who reported it, or by its footprint, or the nearest one within reach;
-- none, if no such building is there. With it the event as ratings followed it: where it lay, and a hash of all that
-- counts (gisgov/store/sql/stale_event_buildings.sql).
CREATE TABLE event_building (
    event_id BIGINT NOT NULL CONSTRAINT event_building_event_id_fkey REFERENCES event ON DELETE CASCADE,
    building_id BIGINT CONSTRAINT event_building_building_id_fkey REFERENCES building ON DELETE SET NULL,
    how TEXT NOT NULL CONSTRAINT event_building_how_check CHECK (how IN ('named', 'footprint', 'nearest', 'none')),
    distance_m DOUBLE PRECISION CONSTRAINT event_building_distance_m_check CHECK (distance_m >= 0),
    geom GEOMETRY(POINT, 4326),
    followed BIGINT,
    CONSTRAINT event_building_pkey PRIMARY KEY (event_id),
    CONSTRAINT event_building_none_check CHECK (how <> 'none' OR building_id IS NULL)
);
-- the events of a building
CREATE INDEX event_building_building_id_idx ON event_building (building_id);
-- those whose building is gone
CREATE INDEX event_building_lost_idx ON event_building (event_id) WHERE building_id IS NULL AND how <> 'none';

-- Up to which change, and for which day, ratings have followed what they rest on.
CREATE TABLE risk_followed (
    one BOOLEAN DEFAULT true NOT NULL CONSTRAINT risk_followed_pkey PRIMARY KEY
        CONSTRAINT risk_followed_one_check CHECK (one),
    epoch UUID NOT NULL,
    version BIGINT NOT NULL,
    day DATE NOT NULL
);
