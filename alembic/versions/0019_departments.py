"""Accounts of departments, who answered whistles for whom, and limits due soon by their working time.

Revision ID: 0019
Revises: 0018
"""

from pathlib import Path

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = (
    # whose people they are: they answer for it, and deal with what lies on its desk
    (
        'ALTER TABLE account ADD COLUMN department_code TEXT COLLATE "C" '
        "CONSTRAINT account_department_code_fkey REFERENCES department"
    ),
    # whether somebody else answered in the name of the department
    "ALTER TABLE whistle_call ADD COLUMN on_behalf BOOLEAN DEFAULT false NOT NULL",
    # the share of a limit that is left when it is due soon; of limits that were over before nobody asks
    (
        "ALTER TABLE event_limit ADD COLUMN warn_share DOUBLE PRECISION "
        "CONSTRAINT event_limit_warn_share_check CHECK (warn_share >= 0 AND warn_share < 1)"
    ),
)

# Of which department are the people of whoever acts?
ACTING_DEPARTMENT = """
CREATE FUNCTION acting_department() RETURNS TEXT
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT department_code FROM account WHERE id = acting_account()
$$"""

# Limits of working days that run are due soon when they are over: by the policy in force, else the example,
# they get a moment before.
RUNNING = """
UPDATE event_limit SET
    warn_share = policy.share,
    warn_at = limit_warned(
        started_at, due_at,
        policy.share * (SELECT seconds FROM limit_seconds(started_at, due_at, unit, calendar)),
        unit, calendar
    )
FROM (
    SELECT COALESCE((
        SELECT CAST(definition ->> 'warn_share' AS DOUBLE PRECISION) FROM policy_document
        WHERE kind = 'time-limits' ORDER BY adopted_at DESC LIMIT 1
    ), 0.2) AS share
) AS policy
WHERE met_at IS NULL AND void_at IS NULL"""

_ACCOUNT = "name,kind,database_login,disabled_at"
_CALL = "whistle_id,department_code,due_at,answered_at"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_words("0019_limits.sql").replace("%", "%%"))
    for statement in (*COLUMNS, ACTING_DEPARTMENT, RUNNING):
        op.execute(statement)
    op.execute(f"SELECT audit_table('account', '{{{_ACCOUNT},department_code}}', '{{}}')")
    op.execute(f"SELECT audit_table('whistle_call', '{{{_CALL},on_behalf}}', '{{}}')")


def downgrade() -> None:
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # entries of the audit would hold their tables
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.execute(f"SELECT audit_table('account', '{{{_ACCOUNT}}}', '{{}}')")
    op.execute(f"SELECT audit_table('whistle_call', '{{{_CALL}}}', '{{}}')")
    op.execute("DROP FUNCTION acting_department()")
    op.execute("ALTER TABLE event_limit DROP COLUMN warn_share")
    op.execute("ALTER TABLE whistle_call DROP COLUMN on_behalf")
    op.execute("ALTER TABLE account DROP COLUMN department_code")
    op.execute("DROP FUNCTION limit_extends, limit_warned, limit_warns, limit_seconds")
    former = _words("0015_limits.sql")
    resumed = former[former.index("CREATE FUNCTION limit_resumed") : former.index("-- How each limit stands")]
    op.get_bind().exec_driver_sql(
        resumed.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace("%", "%%")
    )
    op.execute("DROP FUNCTION limit_last_day")


def _words(file: str) -> str:
    return Path(__file__).with_name(file).read_text(encoding="utf-8")
