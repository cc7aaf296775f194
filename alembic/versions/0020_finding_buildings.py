"""Buildings found by the beginning of their code or name, and the warning ones by their points.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INDEXES = {
    # the beginning of a code, and lists by code
    "building_external_id_idx": "building (external_id text_pattern_ops, id)",
    # the beginning of a name
    "building_name_idx": "building (name text_pattern_ops)",
    # which buildings are in the warning class, the worst first
    "building_warning_idx": "building (risk_points DESC NULLS LAST, id) WHERE risk_class = 'warning'",
}


def upgrade() -> None:
    for name, what in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {what}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
