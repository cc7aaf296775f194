"""The certificate of a plan: what was proved of its coverage when it was put into force.

It is written in the statement that publishes the plan, and never again: a draft has none, and `guard_plan`
keeps all of a published plan as it is but its retirement.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE plan ADD COLUMN certificate JSONB")
    op.execute(
        "ALTER TABLE plan ADD CONSTRAINT plan_certificate_check"
        " CHECK (certificate IS NULL OR status <> 'draft')"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE plan DROP COLUMN certificate")
