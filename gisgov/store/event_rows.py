"""Rows of events and of what hangs on them, set by set, as far as whoever acts may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from gisgov.store.array_literals import array_literal
from gisgov.store.statements import statement
from gisgov.store.tables import event

Row: TypeAlias = sa.RowMapping


def event_rows(connection: sa.Connection, ids: Sequence[int]) -> dict[int, Row]:
    """Return events by their ids; those that whoever acts cannot see are left out."""
    rows = connection.execute(statement("events_told"), {"ids": array_literal(ids)}).mappings()
    return {row["id"]: row for row in rows}


def events_seen_among(connection: sa.Connection, ids: Collection[int]) -> frozenset[int]:
    """Return those of some events that whoever acts may see."""
    return (
        frozenset(connection.scalars(sa.select(event.c.id).where(event.c.id.in_(ids))))
        if ids
        else frozenset()
    )


def areas_of_events(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[Row]]:
    """Return in which area of each layer events lie, from the top layer down."""
    return _by_event(connection, "areas_of_events", ids)


def limits_of_events(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[Row]]:
    """Return how limits of events stand: the last of each stage, what is due first before the others."""
    return _by_event(connection, "limits_of_events", ids)


def steps_of_event(connection: sa.Connection, event_id: int) -> tuple[Row, ...]:
    """Return the steps of an event in their order."""
    rows = connection.execute(statement("steps_of_event"), {"event_id": event_id})
    return tuple(rows.mappings())


def event_of_key(connection: sa.Connection, source: str, external_id: str) -> int | None:
    """Return the id of the event that a source calls so; None where whoever acts sees none."""
    query = sa.select(event.c.id).where(event.c.source == source, event.c.external_id == external_id)
    found: int | None = connection.scalar(query)
    return found


def is_seen(connection: sa.Connection, event_id: int) -> bool:
    """Whether there is an event that whoever acts may see."""
    return connection.scalar(sa.select(event.c.id).where(event.c.id == event_id)) is not None


def _by_event(connection: sa.Connection, name: str, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in connection.execute(statement(name), {"ids": array_literal(ids)}).mappings():
        found[row["event_id"]].append(row)
    return found
