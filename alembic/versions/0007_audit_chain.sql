-- What is hashed of an entry, and written by an export: one line of JSON, the same whatever the session's
-- time zone and locale.
CREATE FUNCTION audit_line(nth BIGINT, committed TIMESTAMPTZ, previous TEXT, content JSONB) RETURNS TEXT
LANGUAGE sql STABLE AS $$
    SELECT '{"position": ' || nth
        || ', "committed_at": "' || to_char(committed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '", "previous": "' || previous
        || '", "entry": ' || content || '}'
$$;

-- The next positions of the chain. They are given as the transaction commits, and the head is held from then
-- until that is done: only commits wait for each other, not the work before them. The first entry takes the
-- others of its transaction with it, so that the head is written once: each time leaves a row behind that
-- the next has to pass.
CREATE FUNCTION audit_chain() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head audit_head%ROWTYPE;
    previous TEXT;
    mine RECORD;
BEGIN
    IF TG_RELID <> 'audit_entry'::REGCLASS THEN
        RAISE EXCEPTION 'Table "%" is not the audit', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM audit_link WHERE entry_id = NEW.id) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
    head.committed_at := greatest(clock_timestamp(), head.committed_at);
    FOR mine IN
        SELECT id, content
        FROM audit_entry
        WHERE id >= NEW.id AND transaction_id = NEW.transaction_id
        ORDER BY id
    LOOP
        previous := head.sha256;
        head.position := head.position + 1;
        head.sha256 := encode(
            sha256(convert_to(
                audit_line(head.position, head.committed_at, previous, mine.content), 'UTF8'
            )),
            'hex'
        );
        INSERT INTO audit_link (position, entry_id, committed_at, previous_sha256, sha256)
        VALUES (head.position, mine.id, head.committed_at, previous, head.sha256);
    END LOOP;
    UPDATE audit_head
    SET position = head.position, committed_at = head.committed_at, sha256 = head.sha256;
    RETURN NULL;
END
$$;

CREATE FUNCTION audit_guard() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- the chain itself writes from within its trigger, and nobody else may
    IF pg_trigger_depth() > 1 AND (
        (TG_TABLE_NAME = 'audit_link' AND TG_OP = 'INSERT')
        OR (TG_TABLE_NAME = 'audit_head' AND TG_OP = 'UPDATE')
    ) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The audit can only be added to: no % of "%"', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'GG002', HINT = 'Entries are written by the triggers of the tables that change.';
END
$$;

-- An entry of what is no change of a row. With `seldom`, none where the same was noted within that time, so
-- that nobody can fill the audit by trying passwords; only the latest thousand entries are looked at.
CREATE FUNCTION audit_note(verb TEXT, subject TEXT, details JSONB, seldom INTERVAL DEFAULT NULL) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    noted JSONB := audit_who()
        || jsonb_build_object('verb', verb, 'subject', subject, 'details', COALESCE(details, '{}'));
BEGIN
    IF NOT acts_for_others() THEN
        RAISE EXCEPTION 'Only the service writes notes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF seldom IS NULL OR NOT EXISTS (
        SELECT
        FROM (SELECT content FROM audit_entry ORDER BY id DESC LIMIT 1000) AS latest
        WHERE content ->> 'verb' = noted ->> 'verb'
            AND content ->> 'subject' = noted ->> 'subject'
            AND (content ->> 'at')::TIMESTAMPTZ > clock_timestamp() - seldom
    ) THEN
        INSERT INTO audit_entry (content) VALUES (noted);
    END IF;
END
$$;
