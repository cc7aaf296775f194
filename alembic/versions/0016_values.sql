-- Tell what many buildings were given by one statement, as tiles show them: only of those that kept their shape and
-- id. Of few buildings and of very many nothing is told: whoever follows reads them.
CREATE FUNCTION change_note_values() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    many BIGINT := (SELECT count(*) FROM change_new);
BEGIN
    IF many < 100 OR many > 50000 THEN
        RETURN NULL;
    END IF;
    -- planned for as many rows as there are now: a plan that was kept may have been made for one
    EXECUTE $told$
        INSERT INTO change_values (ids, risk_class, risk_points, floors, built_year, use)
        SELECT
            string_agg(int8send(new.id), ''),
            string_agg(COALESCE(convert_to(new.risk_class, 'UTF8'), '\xff'), '\x00'),
            string_agg(int8send(COALESCE(new.risk_points, -9223372036854775808)), ''),
            string_agg(int8send(COALESCE(new.floors, -9223372036854775808)), ''),
            string_agg(int8send(COALESCE(new.built_year, -9223372036854775808)), ''),
            string_agg(COALESCE(convert_to(new.use, 'UTF8'), '\xff'), '\x00')
        FROM change_new AS new
        JOIN change_old AS old ON old.id = new.id
        WHERE record_image_eq(ROW(old.geom), ROW(new.geom)) -- byte by byte
        HAVING count(*) > 0
    $told$;
    RETURN NULL;
END
$$;

-- As before; what was told of values gets the version too, and is forgotten sooner: it is much, and whoever is further
-- behind reads the rows.
CREATE OR REPLACE FUNCTION change_number() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given BIGINT;
BEGIN
    IF NOT EXISTS (SELECT FROM change WHERE id = NEW.id AND version IS NULL) THEN
        RETURN NULL;
    END IF;
    PERFORM FROM audit_head FOR UPDATE;
    UPDATE change_head SET version = version + 1 RETURNING version INTO given;
    -- all that this transaction has told: of others nothing without a version can be seen
    UPDATE change SET version = given WHERE version IS NULL;
    UPDATE change_values SET version = given WHERE version IS NULL;
    PERFORM pg_notify('gisgov_changes', given::TEXT);
    IF given % 20 = 0 THEN
        DELETE FROM change_values WHERE version <= given - 100;
    END IF;
    IF given % 1000 = 0 THEN
        DELETE FROM change WHERE version <= given - 10000;
    END IF;
    RETURN NULL;
END
$$;
