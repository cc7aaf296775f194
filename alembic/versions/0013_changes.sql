-- Tell that a statement changed rows of what is served: subject, column of the key, which rows count.
-- Of very many rows no single one is told of: whoever follows reads them all again.
CREATE FUNCTION change_note() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sides TEXT[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY['change_new']
        WHEN 'DELETE' THEN ARRAY['change_old']
        WHEN 'UPDATE' THEN ARRAY['change_old', 'change_new']
        ELSE '{}'
    END;
    key TEXT := CASE WHEN TG_ARGV[1] = '' THEN 'CAST(NULL AS BIGINT)' ELSE format('%I', TG_ARGV[1]) END;
    ids BIGINT[];
    many BIGINT;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO change (subject) VALUES (TG_ARGV[0]);
        RETURN NULL;
    END IF;
    EXECUTE (
        SELECT 'SELECT count(*), array_agg(id) FROM (SELECT DISTINCT id FROM ('
            || string_agg(format('SELECT %s AS id FROM %I WHERE %s', key, side, TG_ARGV[2]), ' UNION ALL ')
            || ') AS told LIMIT 50001) AS few'
        FROM unnest(sides) AS side
    ) INTO many, ids;
    IF many > 0 THEN
        INSERT INTO change (subject, row_ids)
        VALUES (TG_ARGV[0], CASE WHEN many <= 50000 AND TG_ARGV[1] <> '' THEN ids END);
    END IF;
    RETURN NULL;
END
$$;

-- Tell that any row of a subject may have changed, of statements that set certain columns.
CREATE FUNCTION change_note_any() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO change (subject) VALUES (TG_ARGV[0]);
    RETURN NULL;
END
$$;

-- Give the changes of a transaction the next version, as it commits. The head of the audit is locked first, as the
-- audit does: transactions that end at one time take both locks in the same order.
CREATE FUNCTION change_number() RETURNS TRIGGER
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
    PERFORM pg_notify('gisgov_changes', given::TEXT);
    IF given % 1000 = 0 THEN
        DELETE FROM change WHERE version <= given - 10000;
    END IF;
    RETURN NULL;
END
$$;
