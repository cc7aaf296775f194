"""Which building an event concerns, and which buildings' ratings rest on events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from gisgov.store.array_literals import array_literal
from gisgov.store.packed import packed_rows
from gisgov.store.statements import statement
from gisgov.store.tables import event, event_building

_FOLLOWED: Final = (
    "hashtextextended(concat_ws('|', encode(ST_AsBinary(event.geom), 'hex'), event.building_id, "
    "EXTRACT(EPOCH FROM event.occurred_at), event.category_id, event.state IN ('rejected', 'merged'), "
    "COALESCE(event.category, '')), 0)"
)
"""Hash of all that counts of an event."""


def stale_events(connection: sa.Connection, ids: Collection[int] | None) -> list[int]:
    """Return those of some events that are others than ratings followed, or new; of all for None."""
    given = {"ids": None if ids is None else array_literal(ids)}
    return _ids(connection, "stale_event_buildings", given, followed=_FOLLOWED)


def all_events(connection: sa.Connection) -> list[int]:
    """Return the ids of all events."""
    return [*connection.scalars(sa.select(event.c.id).order_by(event.c.id))]


def link_events(connection: sa.Connection, ids: Sequence[int], *, within_m: float) -> None:
    """Write down which building each of some events concerns, and that it is followed as it is now.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        The service's own.
    ids : sequence of int
        The events.
    within_m : float
        How far the nearest building may be, metres on the ellipsoid, where none covers the place.
    """
    if ids:
        linking = statement("link_events", followed=_FOLLOWED)
        connection.execute(linking, {"ids": array_literal(ids), "within_m": within_m})


def buildings_of_events(connection: sa.Connection, ids: Sequence[int], *, within_m: float) -> list[int]:
    """Return the buildings that events concern or lie near to, as these were followed last."""
    if not ids:
        return []
    return _ids(connection, "buildings_of_events", {"ids": array_literal(ids), "within_m": within_m})


def building_of_event(connection: sa.Connection, event_id: int) -> tuple[int, str, float] | None:
    """Return the building that an event concerns, how that is known, and how far away it is, metres.

    None of one that concerns none, that nobody looked at yet, or that whoever acts may not see.
    """
    link = event_building.c
    query = sa.select(link.building_id, link.how, link.distance_m).where(
        link.event_id == event_id, link.building_id.is_not(None)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.building_id, row.how, row.distance_m)


def events_that_count(
    connection: sa.Connection,
    ids: Collection[int] | None,
    categories: Collection[str],
    begins: datetime,
    ends: datetime,
) -> list[int]:
    """Return those of some events (of all for None) of some categories that happened between two moments."""
    given = {
        "ids": None if ids is None else array_literal(ids),
        "categories": array_literal(sorted(categories)),
        "begins": begins,
        "ends": ends,
    }
    return _ids(connection, "events_that_count", given)


def events_by_buildings(connection: sa.Connection, ids: Collection[int], *, within_m: float) -> list[int]:
    """Return the events whose building may be another, now that some buildings are others or gone."""
    given = {"ids": array_literal(ids), "within_m": within_m}
    return _ids(connection, "events_by_buildings", given)


def _ids(connection: sa.Connection, name: str, given: dict[str, Any], **words: str) -> list[int]:
    (row,) = packed_rows(connection, statement(name, **words), given)
    return row.ids or []
