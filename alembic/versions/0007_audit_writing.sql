-- Who acts, from where? A session of the service says so itself. Of others the database knows: it is the
-- account that the login belongs to, or the login.
CREATE FUNCTION audit_who() RETURNS JSONB
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'account', COALESCE(given.actor, own.name, session_user),
        'kind', COALESCE(given.kind, own.kind, CASE WHEN trusted THEN 'service' ELSE 'login' END),
        'login', session_user,
        'operation', COALESCE(given.operation, CASE WHEN trusted THEN '' ELSE 'sql' END),
        'origin', COALESCE(given.origin, host(inet_client_addr()), 'local'),
        'request_id', COALESCE(given.request_id, '')
    )
    FROM (SELECT acts_for_others() AS trusted) AS session
    LEFT JOIN LATERAL (
        SELECT
            NULLIF(current_setting('gisgov.actor', true), '') AS actor,
            NULLIF(current_setting('gisgov.actor_kind', true), '') AS kind,
            NULLIF(current_setting('gisgov.operation', true), '') AS operation,
            NULLIF(current_setting('gisgov.origin', true), '') AS origin,
            NULLIF(current_setting('gisgov.request_id', true), '') AS request_id
    ) AS given ON trusted
    LEFT JOIN account AS own ON own.database_login = session_user AND NOT trusted
$$;

-- The query that tells of the rows of a statement: each with its key and what it was and became, or all
-- together by their number, first and last key, and a digest. Only columns that may be shown give values, of
-- geometry and JSON a digest; the others are told as changed.
CREATE FUNCTION audit_query(
    relation REGCLASS, verb TEXT, keys TEXT[], shown TEXT[], ignored TEXT[], together BOOLEAN
) RETURNS TEXT
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    rows_of TEXT;
    one RECORD;
BEGIN
    rows_of := CASE verb
        WHEN 'insert' THEN 'audit_new AS n'
        WHEN 'delete' THEN 'audit_old AS o'
        ELSE 'audit_old AS o FULL JOIN audit_new AS n ON '
            || (SELECT string_agg(format('o.%1$I = n.%1$I', key), ' AND ') FROM unnest(keys) AS key)
    END;
    WITH columns AS (
        SELECT
            attribute.attname AS name,
            attribute.attnum AS nth,
            array_position(keys, attribute.attname::TEXT) AS key_nth,
            attribute.attname = ANY (shown) AS is_shown,
            CASE verb
                WHEN 'insert' THEN format('n.%I', attribute.attname)
                WHEN 'delete' THEN format('o.%I', attribute.attname)
                ELSE format('COALESCE(n.%1$I, o.%1$I)', attribute.attname)
            END AS either,
            CASE WHEN attribute.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END AS collated,
            replace(way.told, '@', format('o.%I', attribute.attname)) AS before,
            replace(way.told, '@', format('n.%I', attribute.attname)) AS after,
            replace(way.compared, '@', format('o.%I', attribute.attname)) || ' IS DISTINCT FROM '
                || replace(way.compared, '@', format('n.%I', attribute.attname)) AS differs
        FROM pg_attribute AS attribute
        CROSS JOIN LATERAL (
            SELECT
                CASE
                    WHEN kind IN ('geometry', 'geography') THEN $w$ST_AsEWKB(@, 'NDR')$w$
                    WHEN kind = 'json' THEN '@::TEXT'
                    ELSE '@'
                END AS compared,
                CASE
                    WHEN kind IN ('geometry', 'geography')
                        THEN $w$('sha256:' || encode(sha256(ST_AsEWKB(@, 'NDR')), 'hex'))$w$
                    WHEN kind IN ('json', 'jsonb')
                        THEN $w$('sha256:' || encode(sha256(convert_to(@::TEXT, 'UTF8')), 'hex'))$w$
                    ELSE '@'
                END AS told
            FROM CAST(attribute.atttypid::REGTYPE AS TEXT) AS kind
        ) AS way
        WHERE attribute.attrelid = relation
            AND attribute.attnum > 0
            AND NOT attribute.attisdropped
            AND attribute.attname <> ALL (ignored)
    )
    SELECT
        string_agg(format('%L, %s', name, either), ', ' ORDER BY key_nth)
            FILTER (WHERE key_nth IS NOT NULL) AS key,
        string_agg(format('%L, k%s', name, nth), ', ' ORDER BY key_nth)
            FILTER (WHERE key_nth IS NOT NULL) AS key_again,
        string_agg(either || collated, ', ' ORDER BY key_nth) FILTER (WHERE key_nth IS NOT NULL) AS in_order,
        string_agg(format('%s AS k%s', either || collated, nth), ', ' ORDER BY key_nth)
            FILTER (WHERE key_nth IS NOT NULL) AS named_keys,
        string_agg('k' || nth, ', ' ORDER BY key_nth) FILTER (WHERE key_nth IS NOT NULL) AS up,
        string_agg(format('k%s DESC', nth), ', ' ORDER BY key_nth) FILTER (WHERE key_nth IS NOT NULL) AS down,
        string_agg(either, ', ' ORDER BY key_nth) FILTER (WHERE key_nth IS NOT NULL) AS key_values,
        COALESCE(string_agg(', ' || before, '' ORDER BY nth) FILTER (WHERE is_shown), '') AS befores,
        COALESCE(string_agg(', ' || after, '' ORDER BY nth) FILTER (WHERE is_shown), '') AS afters,
        COALESCE(string_agg(', ' || differs, '' ORDER BY nth), '') AS differences,
        string_agg(format('%L, %s', name, before), ', ' ORDER BY nth)
            FILTER (WHERE is_shown AND key_nth IS NULL) AS whole_before,
        string_agg(format('%L, %s', name, after), ', ' ORDER BY nth)
            FILTER (WHERE is_shown AND key_nth IS NULL) AS whole_after,
        string_agg(differs, ' OR ' ORDER BY nth) AS changed,
        string_agg(
            format(' || CASE WHEN %s THEN jsonb_build_object(%L, %s) ELSE ''{}'' END', differs, name, before),
            '' ORDER BY nth
        ) FILTER (WHERE is_shown AND key_nth IS NULL) AS part_before,
        string_agg(
            format(' || CASE WHEN %s THEN jsonb_build_object(%L, %s) ELSE ''{}'' END', differs, name, after),
            '' ORDER BY nth
        ) FILTER (WHERE is_shown AND key_nth IS NULL) AS part_after,
        string_agg(format('CASE WHEN %s THEN %L END', differs, name), ', ' ORDER BY nth)
            FILTER (WHERE NOT is_shown AND key_nth IS NULL) AS hidden,
        string_agg(format(', %s AS c%s', differs, nth), '' ORDER BY nth) AS flags,
        string_agg(format('%L, NULLIF(count(*) FILTER (WHERE c%s), 0)', name, nth), ', ' ORDER BY nth)
            AS flagged,
        min(format('o.%I', name)) FILTER (WHERE key_nth = 1) AS was,
        min(format('n.%I', name)) FILTER (WHERE key_nth = 1) AS is_now
    INTO one
    FROM columns;
    IF together THEN
        RETURN format(
            'WITH changed AS MATERIALIZED ('
            'SELECT %s, sha256(convert_to(ROW(%s)::TEXT, ''UTF8'')) AS digest%s FROM %s%s) '
            'SELECT jsonb_strip_nulls(jsonb_build_object(''rows'', count(*), ''sha256'', '
            'encode(sha256(string_agg(digest, ''''::BYTEA ORDER BY %s)), ''hex''), '
            '''first'', (SELECT jsonb_build_object(%s) FROM changed ORDER BY %s LIMIT 1), '
            '''last'', (SELECT jsonb_build_object(%s) FROM changed ORDER BY %s LIMIT 1)%s)) FROM changed',
            one.named_keys,
            one.key_values || CASE verb
                WHEN 'insert' THEN one.afters
                WHEN 'delete' THEN one.befores
                ELSE one.befores || one.afters || one.differences
            END,
            CASE verb WHEN 'update' THEN one.flags ELSE '' END,
            rows_of,
            CASE verb WHEN 'update' THEN ' WHERE ' || one.changed ELSE '' END,
            one.up, one.key_again, one.up, one.key_again, one.down,
            CASE verb
                WHEN 'update' THEN format(', ''columns'', jsonb_build_object(%s)', one.flagged)
                ELSE ''
            END
        );
    END IF;
    RETURN format(
        'SELECT jsonb_agg(jsonb_build_object(''key'', jsonb_build_object(%s))%s ORDER BY %s) FROM %s%s',
        one.key,
        CASE verb
            WHEN 'insert'
                THEN format(
                    ' || jsonb_build_object(''after'', jsonb_strip_nulls(jsonb_build_object(%s)))', one.whole_after
                )
            WHEN 'delete'
                THEN format(
                    ' || jsonb_build_object(''before'', jsonb_strip_nulls(jsonb_build_object(%s)))', one.whole_before
                )
            ELSE format(
                ' || CASE WHEN %s IS NULL THEN ''{}'' ELSE jsonb_build_object(''before'', ''{}''::JSONB%s) END'
                ' || CASE WHEN %s IS NULL THEN ''{}'' ELSE jsonb_build_object(''after'', ''{}''::JSONB%s) END'
                ' || COALESCE(jsonb_build_object(''also'', '
                'NULLIF(array_remove(ARRAY[%s]::TEXT[], NULL), ''{}'')) - '
                'CASE WHEN %s THEN '''' ELSE ''also'' END, ''{}'')',
                one.was, one.part_before, one.is_now, one.part_after, one.hidden,
                COALESCE('num_nonnulls(' || NULLIF(one.hidden, '') || ') > 0', 'false')
            )
        END,
        one.in_order,
        rows_of,
        CASE verb WHEN 'update' THEN ' WHERE ' || one.changed ELSE '' END
    );
END
$$;

-- One entry for what a statement changed; none where it changed nothing.
CREATE FUNCTION audit_change() RETURNS TRIGGER
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, YMD' SET "IntervalStyle" = 'iso_8601'
SET extra_float_digits = 1 SET bytea_output = 'hex' SET work_mem = '64MB' AS $$
DECLARE
    few CONSTANT INTEGER := 20;
    verb CONSTANT TEXT := lower(TG_OP);
    keys CONSTANT TEXT[] := TG_ARGV[0];
    shown CONSTANT TEXT[] := TG_ARGV[1];
    ignored CONSTANT TEXT[] := TG_ARGV[2];
    touched BIGINT;
    rows_told JSONB;
    told JSONB;
BEGIN
    IF (SELECT relowner FROM pg_class WHERE oid = TG_RELID)
        <> (SELECT relowner FROM pg_class WHERE oid = 'audit_entry'::REGCLASS)
    THEN
        RAISE EXCEPTION 'Table "%" is not of those that the audit tells of', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF verb = 'truncate' THEN
        EXECUTE format('SELECT count(*) FROM %s', TG_RELID::REGCLASS) INTO touched;
        told := jsonb_build_object('rows', touched);
    ELSIF verb = 'delete' THEN
        SELECT count(*) INTO touched FROM (SELECT FROM audit_old LIMIT few + 1) AS begun;
    ELSE
        SELECT count(*) INTO touched FROM (SELECT FROM audit_new LIMIT few + 1) AS begun;
    END IF;
    IF touched = 0 THEN
        RETURN NULL;
    END IF;
    IF touched > few AND told IS NULL THEN
        EXECUTE audit_query(TG_RELID, verb, keys, shown, ignored, true) INTO told;
    END IF;
    IF told IS NULL OR (verb = 'update' AND (told ->> 'rows')::BIGINT <= few) THEN
        EXECUTE audit_query(TG_RELID, verb, keys, shown, ignored, false) INTO rows_told;
        IF rows_told IS NULL THEN
            RETURN NULL;
        END IF;
        told := jsonb_build_object('rows', jsonb_array_length(rows_told), 'changes', rows_told);
    END IF;
    INSERT INTO audit_entry (content)
    VALUES (audit_who() || jsonb_build_object('table', TG_TABLE_NAME, 'verb', verb) || told);
    RETURN NULL;
END
$$;

CREATE FUNCTION audit_table_no_more(audited REGCLASS) RETURNS VOID
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    former TEXT;
BEGIN
    FOR former IN
        SELECT tgname FROM pg_trigger WHERE tgrelid = audited AND tgfoid = 'audit_change'::REGPROC
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', former, audited);
    END LOOP;
END
$$;

-- For migrations: let the audit tell of a table, with the values of these columns. Once more: with others. A
-- change of nothing but ignored columns is none.
CREATE FUNCTION audit_table(audited REGCLASS, shown TEXT[], ignored TEXT[] DEFAULT '{}') RETURNS VOID
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    keys TEXT[];
    unknown TEXT[];
    one RECORD;
BEGIN
    SELECT array_agg(attribute.attname::TEXT ORDER BY array_position(key.indkey::INT2[], attribute.attnum))
    INTO keys
    FROM pg_index AS key
    JOIN pg_attribute AS attribute
        ON attribute.attrelid = key.indrelid AND attribute.attnum = ANY (key.indkey)
    WHERE key.indrelid = audited AND key.indisprimary;
    SELECT array_agg(name) INTO unknown
    FROM unnest(shown || ignored) AS name
    WHERE name NOT IN (SELECT attname FROM pg_attribute WHERE attrelid = audited AND attnum > 0);
    IF keys IS NULL OR unknown IS NOT NULL THEN
        RAISE EXCEPTION 'The audit cannot tell of %: %', audited,
            CASE WHEN keys IS NULL THEN 'it has no primary key' ELSE format('it has no %s', unknown) END;
    END IF;
    PERFORM audit_table_no_more(audited);
    FOR one IN
        SELECT *
        FROM (
            VALUES
                ('insert', 'AFTER INSERT', 'REFERENCING NEW TABLE AS audit_new'),
                ('update', 'AFTER UPDATE', 'REFERENCING OLD TABLE AS audit_old NEW TABLE AS audit_new'),
                ('delete', 'AFTER DELETE', 'REFERENCING OLD TABLE AS audit_old'),
                ('truncate', 'BEFORE TRUNCATE', '')
        ) AS kinds (verb, moment, tables)
    LOOP
        EXECUTE format(
            'CREATE TRIGGER audit_%s %s ON %s %s FOR EACH STATEMENT '
            'EXECUTE FUNCTION audit_change(%L, %L, %L)',
            one.verb, one.moment, audited, one.tables, keys, shown, ignored
        );
    END LOOP;
END
$$;
