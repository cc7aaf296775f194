"""The audit: a hash-chained row for every change.

Triggers write one entry for each statement that changed something, in the transaction of the change. As the
transaction commits, each entry gets the next position of the chain, which holds the hash of all before it.

Revision ID: 0007
Revises: 0006
"""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE audit_entry (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        content JSONB NOT NULL,
        transaction_id BIGINT NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
        account TEXT GENERATED ALWAYS AS (content ->> 'account'::text) STORED
    )""",
    "CREATE INDEX audit_entry_account_idx ON audit_entry (account)",
    """CREATE TABLE audit_link (
        position BIGINT PRIMARY KEY,
        entry_id BIGINT NOT NULL UNIQUE,
        committed_at TIMESTAMPTZ NOT NULL,
        previous_sha256 TEXT NOT NULL,
        sha256 TEXT NOT NULL
    )""",
    "CREATE INDEX audit_link_committed_at_idx ON audit_link (committed_at)",
    """CREATE TABLE audit_head (
        one BOOLEAN DEFAULT true NOT NULL PRIMARY KEY CONSTRAINT audit_head_one_check CHECK (one),
        position BIGINT NOT NULL,
        committed_at TIMESTAMPTZ NOT NULL,
        sha256 TEXT NOT NULL
    )""",
    "INSERT INTO audit_head (position, committed_at, sha256) VALUES (0, now(), repeat('0', 64))",
)

TRIGGERS = (
    """CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON audit_entry
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain()""",
    *(
        f"CREATE TRIGGER audit_guard BEFORE {events} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()"
        for table, events in (
            ("audit_entry", "UPDATE OR DELETE OR TRUNCATE"),
            ("audit_link", "INSERT OR UPDATE OR DELETE OR TRUNCATE"),
            ("audit_head", "INSERT OR UPDATE OR DELETE OR TRUNCATE"),
        )
    ),
)

POLICIES = tuple(
    statement
    for table in ("audit_entry", "audit_link", "audit_head")
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ((SELECT acts_everywhere('audit.read')))",
    )
)

# Columns whose values are shown. No texts that people write, and nothing of persons: names of staff, phones,
# descriptions, authors, attributes of files. A source is the name of a file, unless another is given.
AUDITED = {
    "account": "name kind database_login disabled_at",
    "account_password": "account_id changed_at expires_at",
    "account_role": "account_id role layer_id area_code",
    "api_key": "id account_id scopes created_at expires_at revoked_at",
    "area": "plan_id code name parent_codes area_m2 population households geom",
    "assignment": "plan_id block_id area_code",
    "block": "code scope_code area_m2 population households land_use geom",
    "block_edge": "scope_code edge_class geom",
    "building": "external_id geom crs problem floors households population use built_year"
    " risk_class risk_points risk_rules_version rated_at",
    "code_scheme": "name definition",
    "event": "external_id category level state occurred_at geom crs problem",
    "import_batch": "kind sha256 rows_read rows_imported rows_unchanged rows_rejected at",
    "layer": "name title_zh title_en kind nesting parent_id code_scheme targets staffing position",
    "plan": "name layer_id scope_code scope_geom status valid_from valid_to working_crs content_sha256"
    " created_at published_at certificate",
    "risk_rules": "version definition adopted_at",
    "role_right": "role right extent",
    "staff_post": "layer_id area_code role",
}

# Written with every use, which is no change.
IGNORED = {"api_key": "last_used_at"}


def _attached(name: str) -> str:
    shown = ",".join(AUDITED[name].split())
    return f"SELECT audit_table('{name}', '{{{shown}}}', '{{{IGNORED.get(name, '')}}}')"


def upgrade() -> None:
    functions = [
        (Path(__file__).parent / f"0007_audit_{part}.sql").read_text(encoding="utf-8")
        for part in ("writing", "chain")
    ]
    for statement in (*TABLES, *functions, *TRIGGERS, *POLICIES, *map(_attached, AUDITED)):
        # "%" and ":" of these are PostgreSQL's own
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))


def downgrade() -> None:
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # entries of this transaction would hold their table
    for table in AUDITED:
        op.execute(f"SELECT audit_table_no_more('{table}')")
    op.execute("DROP TABLE audit_head, audit_link, audit_entry")
    op.execute("DROP FUNCTION audit_note, audit_table, audit_table_no_more, audit_guard, audit_chain")
    op.execute("DROP FUNCTION audit_change, audit_query, audit_who, audit_line")
