"""Values in the log of changes: what many buildings were given by one statement.

Tiles have to show it to whoever asks after the commit. To read ten thousand rows of buildings takes longer
than all else that it takes; the statement has them at hand.

Revision ID: 0016
Revises: 0015
"""

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLE = """CREATE TABLE change_values (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT change_values_pkey PRIMARY KEY,
    version BIGINT,
    ids BYTEA NOT NULL,
    risk_class BYTEA NOT NULL,
    risk_points BYTEA NOT NULL,
    floors BYTEA NOT NULL,
    built_year BYTEA NOT NULL,
    use BYTEA NOT NULL
)"""

# its name comes before that of the trigger that notes the change: a change is numbered with its values
_TRIGGER = """CREATE TRIGGER change_given AFTER UPDATE ON building
    REFERENCING OLD TABLE AS change_old NEW TABLE AS change_new
    FOR EACH STATEMENT EXECUTE FUNCTION change_note_values()"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute(
        "CREATE INDEX change_values_version_idx ON change_values (version)"
    )  # since a version was seen
    op.execute("ALTER TABLE change_values ENABLE ROW LEVEL SECURITY")
    op.execute(_words("0016_values.sql"))
    op.execute(_TRIGGER)


def downgrade() -> None:
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.execute("DROP TRIGGER change_given ON building")
    op.execute("DROP TABLE change_values")
    op.execute("DROP FUNCTION change_note_values()")
    _, number = _words("0013_changes.sql").split("\n-- Give the changes of a transaction")
    op.execute(
        number[number.index("CREATE FUNCTION") :].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    )


def _words(file: str) -> str:
    return Path(__file__).with_name(file).read_text(encoding="utf-8").replace(":", "\\:")
