"""Accounts, the roles they hold in areas, and who acts: what row-level security asks.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    r"""CREATE TABLE account (
        id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name TEXT NOT NULL UNIQUE CONSTRAINT account_name_check CHECK (name ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
        kind TEXT NOT NULL CONSTRAINT account_kind_check CHECK (kind IN ('person', 'client')),
        database_login TEXT UNIQUE,
        created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        disabled_at TIMESTAMPTZ
    )""",
    """CREATE TABLE account_role (
        id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
        role TEXT NOT NULL CONSTRAINT account_role_role_check
            CHECK (role IN ('viewer', 'dispatcher', 'planner', 'manager', 'administrator')),
        layer_id INTEGER REFERENCES layer,
        area_code TEXT COLLATE "C",
        granted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        CONSTRAINT account_role_area_has_layer_check CHECK ((layer_id IS NULL) = (area_code IS NULL)),
        UNIQUE NULLS NOT DISTINCT (account_id, role, layer_id, area_code)
    )""",
    """CREATE TABLE role_right (
        role TEXT NOT NULL,
        "right" TEXT NOT NULL,
        extent TEXT NOT NULL,
        PRIMARY KEY (role, "right")
    )""",
)

# May a session say for whom it acts? One of those that own the tables may, as the service does; a login that
# belongs to an account never.
ACTS_FOR_OTHERS = """
CREATE FUNCTION acts_for_others() RETURNS BOOLEAN
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT pg_has_role(
        session_user, (SELECT relowner FROM pg_class WHERE oid = 'account'::regclass), 'MEMBER'
    ) AND NOT EXISTS (SELECT FROM account WHERE database_login = session_user)
$$"""

# Whose session is it? Of a login that belongs to an account it is that account's, whatever it says of itself.
ACTING_ACCOUNT = """
CREATE FUNCTION acting_account() RETURNS INTEGER
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT account.id
    FROM account
    WHERE account.disabled_at IS NULL
        AND CASE
            WHEN acts_for_others()
                THEN account.id = NULLIF(current_setting('gisgov.account', true), '')::INTEGER
            ELSE account.database_login = session_user
        END
$$"""

# Which rights does whoever acts hold, and where? One row for each right and area; no area: everywhere. A key
# may be limited to some rights.
ACTING_RIGHT = """
CREATE VIEW acting_right WITH (security_barrier) AS
SELECT role_right."right", role_right.extent, account_role.layer_id, account_role.area_code
FROM account_role
JOIN role_right ON role_right.role = account_role.role
WHERE account_role.account_id = (SELECT acting_account())
    AND CASE
        WHEN COALESCE(current_setting('gisgov.scopes', true), '') = '' THEN true
        ELSE role_right."right" = ANY(string_to_array(current_setting('gisgov.scopes', true), ','))
    END"""

# Does a right reach everything? It may also be open to everybody, by a setting of the service.
ACTS_EVERYWHERE = """
CREATE FUNCTION acts_everywhere(wanted TEXT) RETURNS BOOLEAN
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM acting_right
        WHERE "right" = wanted AND (extent = 'any' OR area_code IS NULL)
    ) OR (
        wanted = ANY(string_to_array(COALESCE(current_setting('gisgov.open_rights', true), ''), ','))
        AND acts_for_others()
    )
$$"""

# Which areas lie where a right is held? Those it is held in, and from the top down every area of a layer
# below whose parents are among them: all of its parents, or any of them, which differs where areas span some.
ACTING_GROUND = """
CREATE FUNCTION acting_ground(wanted TEXT, wholly BOOLEAN) RETURNS TABLE (layer_id INTEGER, area_code TEXT)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    layers INTEGER[];
    codes TEXT[];
    below RECORD;
BEGIN
    SELECT array_agg(held.layer_id), array_agg(held.area_code) INTO layers, codes
    FROM acting_right AS held
    WHERE held."right" = wanted AND held.area_code IS NOT NULL;
    IF layers IS NULL THEN
        RETURN;
    END IF;
    FOR below IN
        WITH RECURSIVE ranked AS (
            SELECT layer.id, layer.parent_id, 0 AS depth FROM layer WHERE layer.parent_id IS NULL
            UNION ALL
            SELECT layer.id, layer.parent_id, ranked.depth + 1
            FROM layer JOIN ranked ON layer.parent_id = ranked.id
        )
        SELECT ranked.id, ranked.parent_id FROM ranked WHERE ranked.depth > 0 ORDER BY ranked.depth
    LOOP
        IF below.parent_id = ANY(layers) THEN
            WITH parents AS (
                SELECT COALESCE(array_agg(one.code), '{}') AS held
                FROM unnest(layers, codes) AS one (layer_id, code)
                WHERE one.layer_id = below.parent_id
            ),
            children AS (
                SELECT DISTINCT area.code
                FROM parents
                JOIN area ON area.parent_codes && parents.held
                JOIN plan ON plan.id = area.plan_id
                WHERE plan.layer_id = below.id
                    AND plan.status <> 'draft'
                    AND (plan.valid_to IS NULL OR plan.valid_to > current_date)
                    AND (NOT wholly OR area.parent_codes <@ parents.held)
            )
            SELECT
                layers || COALESCE(array_agg(below.id), '{}'),
                codes || COALESCE(array_agg(children.code), '{}')
            INTO layers, codes
            FROM children;
        END IF;
    END LOOP;
    RETURN QUERY SELECT DISTINCT one.layer_id, one.code FROM unnest(layers, codes) AS one (layer_id, code);
END
$$"""

# Does a right reach an area, with all of its parents?
REACHES_AREA = """
CREATE FUNCTION reaches_area(wanted TEXT, wanted_layer INTEGER, wanted_code TEXT) RETURNS BOOLEAN
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT acts_everywhere(wanted) OR EXISTS (
        SELECT FROM acting_ground(wanted, true) AS ground
        WHERE ground.layer_id = wanted_layer AND ground.area_code = wanted_code
    )
$$"""

# Does a right reach the scope of a plan or of blocks? A scope is a code without its layer: every area that
# has it must be reached. No scope is the whole ground, which a right reaches that is held everywhere.
REACHES_SCOPE = """
CREATE FUNCTION reaches_scope(wanted TEXT, wanted_code TEXT) RETURNS BOOLEAN
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT acts_everywhere(wanted) OR (
        SELECT COALESCE(bool_and(ground.area_code IS NOT NULL), false)
        FROM (
            SELECT DISTINCT plan.layer_id
            FROM area JOIN plan ON plan.id = area.plan_id
            WHERE area.code = wanted_code
                AND plan.status <> 'draft'
                AND (plan.valid_to IS NULL OR plan.valid_to > current_date)
        ) AS known
        LEFT JOIN acting_ground(wanted, true) AS ground
            ON ground.layer_id = known.layer_id AND ground.area_code = wanted_code
    )
$$"""

FUNCTIONS = (
    ACTS_FOR_OTHERS,
    ACTING_ACCOUNT,
    ACTING_RIGHT,
    ACTS_EVERYWHERE,
    ACTING_GROUND,
    REACHES_AREA,
    REACHES_SCOPE,
)

POLICIES = tuple(
    statement
    for table, own in (("account", "id"), ("account_role", "account_id"))
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"""CREATE POLICY {table}_read ON {table} FOR SELECT USING (
            {own} = (SELECT acting_account()) OR (SELECT acts_everywhere('accounts.manage'))
        )""",
        f"""CREATE POLICY {table}_write ON {table}
            USING ((SELECT acts_everywhere('accounts.manage')))""",
    )
)


def upgrade() -> None:
    for statement in (*TABLES, *FUNCTIONS, *POLICIES):
        op.execute(statement)


def downgrade() -> None:
    for table in ("account", "account_role"):
        op.execute(f"DROP POLICY {table}_read ON {table}")
        op.execute(f"DROP POLICY {table}_write ON {table}")
    op.execute("DROP FUNCTION reaches_scope, reaches_area, acting_ground, acts_everywhere")
    op.execute("DROP VIEW acting_right")
    op.execute("DROP TABLE account_role")
    op.execute("DROP FUNCTION acting_account, acts_for_others")
    op.execute("DROP TABLE role_right, account")
