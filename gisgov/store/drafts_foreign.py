"""Drafts that are written otherwise than by operations: by an import, say, or by SQL of the service."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.acting import as_owner, who_acts
from gisgov.store.tables import area_figure, draft_operation, draft_snapshot, plan
from gisgov.types import Json

WRITTEN: Final = "written"
"""Kind in the log of what was written in place, with all that it moved: it can be undone."""

OVERWRITTEN: Final = "overwritten"
"""Kind in the log of what was written and left no trace of what was before: nothing gets back behind it."""


def has_past(connection: sa.Connection, plan_id: int) -> bool:
    """Whether somebody may want to know what a draft was: it has revisions, names of them, or figures."""
    counted = sa.select(plan.c.id).where(plan.c.id == plan_id, plan.c.revision > 0)
    named = sa.select(draft_snapshot.c.name).where(draft_snapshot.c.plan_id == plan_id)
    shown = sa.select(area_figure.c.code).where(area_figure.c.plan_id == plan_id)
    found = sa.or_(counted.exists(), named.exists(), shown.exists())
    return connection.scalar(sa.select(found)) is True


def written_otherwise(connection: sa.Connection, plan_id: int) -> None:
    """Let a draft be prepared anew before its next operation; whoever saw it is told that it changed.

    Nothing of what was before can be had again, unless the transaction began by `log_written`.
    """
    if not has_past(connection, plan_id) or _is_logged(connection, plan_id):
        return
    log_written(connection, plan_id, OVERWRITTEN, {})


def log_written(
    connection: sa.Connection, plan_id: int, kind: str, parameters: Json, *, keeps_figures: bool = False
) -> int:
    """Log that a draft is written in this transaction, and return the operation's id.

    Its figures are forgotten, so that the next operation draws it anew; not where areas stay what they are.
    """
    account = who_acts(connection)
    with as_owner(connection):
        if not keeps_figures:
            connection.execute(sa.delete(area_figure).where(area_figure.c.plan_id == plan_id))
        counted = sa.update(plan).where(plan.c.id == plan_id).values(revision=plan.c.revision + 1)
        revision = connection.execute(counted.returning(plan.c.revision)).scalar_one()
        values = {"plan_id": plan_id, "revision": revision, "kind": kind, "account": account}
        added = sa.insert(draft_operation).values(**values, parameters=parameters)
        return int(connection.execute(added.returning(draft_operation.c.id)).scalar_one())


def _is_logged(connection: sa.Connection, plan_id: int) -> bool:
    """Whether this transaction logged already that it writes the draft; `now` is when it began."""
    query = sa.select(draft_operation.c.id).where(
        draft_operation.c.plan_id == plan_id,
        draft_operation.c.kind.in_((WRITTEN, OVERWRITTEN)),
        draft_operation.c.at == func.now(),
    )
    return connection.scalar(sa.select(query.exists())) is True
