"""What statistics of events look for among all limits and steps: those that were missed, and hand-overs.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INDEXES = {
    # which limits were missed
    "event_limit_missed_idx": "event_limit (event_id) WHERE void_at IS NULL AND met_at > due_at",
    # what was handed over, and to whom
    "event_step_hand_over_idx": (
        "event_step (event_id, number) INCLUDE (desk_kind, desk_layer_id) WHERE action = 'hand-over'"
    ),
}


def upgrade() -> None:
    for name, what in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {what}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
