"""Open events that may be the same as another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gisgov.store.acting import as_owner
from gisgov.store.statements import statement
from gisgov.store.tables import event


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """An open event near another: how far away, and how many hours apart."""

    id: int
    source: str
    external_id: str
    category_code: str | None
    state: str
    occurred_at: datetime
    description: str | None
    metres: float
    hours: float


def duplicates_near(
    connection: sa.Connection, event_id: int, *, within_m: float, within_hours: float, most: int
) -> tuple[DuplicateRow, ...]:
    """Return open events of the same item near an event that whoever acts may see, the nearest first."""
    asked = {"id": event_id, "within_m": within_m, "within_hours": within_hours}
    with as_owner(connection):  # policies would keep the index from being used
        near = {row.id: row for row in connection.execute(statement("duplicates_near"), asked)}
    columns = ("id", "source", "external_id", "category_code", "state", "occurred_at", "description")
    query = sa.select(*(event.c[name] for name in columns)).where(event.c.id.in_([*near]))
    seen = {row["id"]: row for row in connection.execute(query).mappings()}
    return tuple(
        DuplicateRow(**seen[key], metres=row.metres, hours=float(row.hours))
        for key, row in near.items()
        if key in seen
    )[:most]
