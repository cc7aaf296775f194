"""Changes: in which order what is served changed, so that whoever keeps a copy can follow.

A statement that changes something served writes a row into ``change``. As its transaction commits, the row
gets the next version, and whoever listens on ``gisgov_changes`` is told. Versions are given under a lock that
is held to the end of the transaction: who sees a version sees all before it.

Revision ID: 0013
Revises: 0012
"""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE change_head (
        one BOOLEAN DEFAULT true NOT NULL CONSTRAINT change_head_pkey PRIMARY KEY
            CONSTRAINT change_head_one_check CHECK (one),
        -- of this database: another one, or one that was restored, counts its versions anew
        epoch UUID DEFAULT gen_random_uuid() NOT NULL,
        version BIGINT NOT NULL
    )""",
    "INSERT INTO change_head (version) VALUES (0)",
    """CREATE TABLE change (
        id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT change_pkey PRIMARY KEY,
        version BIGINT,
        subject TEXT CONSTRAINT change_subject_check
            CHECK (subject IN ('plan', 'staff', 'account', 'block', 'building', 'event')) NOT NULL,
        row_ids BIGINT[]
    )""",
    "CREATE INDEX change_version_idx ON change (version)",  # what changed since a version
    "CREATE INDEX change_unnumbered_idx ON change (id) WHERE version IS NULL",  # what this transaction told
)

_MOMENTS = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS change_new",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS change_old NEW TABLE AS change_new",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS change_old",
    "truncate": "AFTER TRUNCATE ON {table}",
}

# table: subject, column that tells which row changed ('' = all may have), which rows count
FOLLOWED = {
    "layer": ("plan", "", "true"),
    "plan": ("plan", "id", "status <> 'draft'"),
    "staff_post": ("staff", "", "true"),
    "staff_phone": ("staff", "", "true"),
    "account": ("account", "", "true"),
    "account_role": ("account", "", "true"),
    "api_key": ("account", "", "true"),
    "role_right": ("account", "", "true"),
    "block": ("block", "id", "cut_from IS NULL AND NOT whole_area"),
    "building": ("building", "id", "true"),
    "building_area": ("building", "building_id", "true"),
    "event": ("event", "id", "true"),
    "event_area": ("event", "event_id", "true"),
}

# that a key was used is noted once a minute: whoever remembers keys need not forget them all for it
KEPT = {("api_key", "update"): "account_id, secret_sha256, scopes, expires_at, revoked_at"}


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    op.execute(Path(__file__).with_name("0013_changes.sql").read_text(encoding="utf-8").replace(":", "\\:"))
    for table, (subject, key, counts) in FOLLOWED.items():
        for verb, moment in _MOMENTS.items():
            if (table, verb) in KEPT:
                op.execute(
                    f"CREATE TRIGGER change_{verb} AFTER UPDATE OF {KEPT[table, verb]} ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION change_note_any('{subject}')"
                )
                continue
            told = ", ".join("'{}'".format(word.replace("'", "''")) for word in (subject, key, counts))
            op.execute(
                f"CREATE TRIGGER change_{verb} {moment.format(table=table)} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION change_note({told})"
            )
    op.execute(
        "CREATE CONSTRAINT TRIGGER change_number AFTER INSERT ON change "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_number()"
    )
    for table in ("change", "change_head"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in FOLLOWED:
        for verb in _MOMENTS:
            op.execute(f"DROP TRIGGER change_{verb} ON {table}")
    op.execute("DROP TABLE change")
    op.execute("DROP TABLE change_head")
    op.execute("DROP FUNCTION change_note()")
    op.execute("DROP FUNCTION change_note_any()")
    op.execute("DROP FUNCTION change_number()")
