"""Revisions of drafts that people gave a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.store.tables import draft_snapshot


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """A snapshot: its name, the revision that it keeps, who made it, and when."""

    name: str
    revision: int
    account: str
    at: datetime


def snapshots_of(connection: sa.Connection, plan_id: int) -> tuple[StoredSnapshot, ...]:
    """Return the snapshots of a draft by revision and name."""
    columns = (
        draft_snapshot.c.name,
        draft_snapshot.c.revision,
        draft_snapshot.c.account,
        draft_snapshot.c.at,
    )
    query = sa.select(*columns).where(draft_snapshot.c.plan_id == plan_id)
    rows = connection.execute(query.order_by(draft_snapshot.c.revision, draft_snapshot.c.name))
    return tuple(StoredSnapshot(*row) for row in rows)


def snapshot_revision(connection: sa.Connection, plan_id: int, name: str) -> int:
    """Return the revision of a snapshot.

    Raises
    ------
    NotFoundError
        The draft has none of that name; the hint lists those it has.
    """
    found = {one.name: one.revision for one in snapshots_of(connection, plan_id)}
    if name not in found:
        hint = f"There are {', '.join(found)}." if found else "The draft has none yet."
        raise NotFoundError(f"The draft has no snapshot {name!r}.", hint=hint, field="snapshot")
    return found[name]


def insert_snapshot(
    connection: sa.Connection, plan_id: int, name: str, *, revision: int, account: str
) -> StoredSnapshot:
    """Give a revision of a draft a name, which none of its other snapshots has."""
    values = {"plan_id": plan_id, "name": name, "revision": revision, "account": account}
    added = sa.insert(draft_snapshot).values(values).returning(draft_snapshot.c.at)
    return StoredSnapshot(name, revision, account, connection.execute(added).scalar_one())
