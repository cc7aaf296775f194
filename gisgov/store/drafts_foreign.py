"""Drafts that are written otherwise than by operations: by an import, a repair, a re-division in place."""

from __future__ import annotations

import sqlalchemy as sa

from gisgov.store.acting import as_owner
from gisgov.store.tables import area_figure, plan


def written_otherwise(connection: sa.Connection, plan_id: int) -> None:
    """Let a draft be prepared anew before its next operation; whoever saw it is told that it changed."""
    kept = sa.select(area_figure.c.plan_id).where(area_figure.c.plan_id == plan_id).exists()
    if not connection.scalar(sa.select(kept)):
        return
    with as_owner(connection):
        connection.execute(sa.delete(area_figure).where(area_figure.c.plan_id == plan_id))
        counted = sa.update(plan).where(plan.c.id == plan_id).values(revision=plan.c.revision + 1)
        connection.execute(counted)
