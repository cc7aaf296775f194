"""Who is at work in which draft at this moment.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# written every few seconds, and of no worth a minute later: a crash may empty it
TABLE = """
CREATE UNLOGGED TABLE draft_presence (
    plan_id INTEGER CONSTRAINT draft_presence_plan_id_fkey REFERENCES plan ON DELETE CASCADE,
    account TEXT,
    doing TEXT,
    seen TIMESTAMPTZ DEFAULT now() NOT NULL,
    CONSTRAINT draft_presence_pkey PRIMARY KEY (plan_id, account)
)"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("ALTER TABLE draft_presence ENABLE ROW LEVEL SECURITY")
    # seen by whoever sees the draft; written by the service, which asks for the right to draft first
    op.execute(
        "CREATE POLICY draft_presence_read ON draft_presence FOR SELECT"
        " USING (plan_id IN (SELECT id FROM plan))"
    )


def downgrade() -> None:
    op.execute("DROP TABLE draft_presence")
