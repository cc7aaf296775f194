"""Facts that ratings count: hazards on record, events of a building, events near it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.nearness import counts_within, metres_per_degree
from gisgov.governance.risk.origins import EventCount, HazardCount
from gisgov.store.array_literals import array_literal, integers_literal
from gisgov.store.packed import packed_rows
from gisgov.store.statements import statement
from gisgov.types import Floats, Geometries, Ints


def count_hazards(connection: sa.Connection, ids: Ints, origin: HazardCount, today: date) -> Ints:
    """Count the hazards of buildings that are found and not yet rectified.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`, or the service's own: what accounts may see does not decide.
    ids : numpy.ndarray of int, shape (n,)
        The buildings; best some ten thousand at a time.
    origin : HazardCount
        Which hazards.
    today : datetime.date
        A hazard is overdue whose last day is before it.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        How many each has.
    """
    given = {
        "ids": integers_literal(ids),
        "kinds": array_literal(kind.value for kind in origin.kinds) if origin.kinds else None,
        "due_before": today if origin.is_overdue else None,
    }
    rows = packed_rows(connection, statement("count_hazards"), given)
    return _in_order(ids, [(row.id, row.hazards) for row in rows])


def count_events(
    connection: sa.Connection, ids: Ints, origin: EventCount, today: date, timezone: ZoneInfo
) -> Ints:
    """Count the events of buildings, or near them.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`, or the service's own.
    ids : numpy.ndarray of int, shape (n,)
        The buildings; best some ten thousand at a time, near each other.
    origin : EventCount
        Which events. ``within_m`` above 0 counts those whose place lies so near to the footprint, metres
        on the ellipsoid (`gisgov.geometry.nearness.counts_within`), 0 those of ``event_building``.
    today : datetime.date
        The last day of the window.
    timezone : zoneinfo.ZoneInfo
        Whose days.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        How many; near a building without a place there is none.
    """
    begins, ends = window(origin, today, timezone)
    given = {"begins": begins, "ends": ends, "categories": array_literal(origin.categories)}
    if origin.within_m <= 0.0:
        given["ids"] = integers_literal(ids)
        rows = packed_rows(connection, statement("count_events_of"), given)
        return _in_order(ids, [(row.id, row.events) for row in rows])
    known, shapes = footprints_of(connection, ids)
    if not len(known):
        return np.zeros(len(ids), dtype=np.int64)
    points = _places(connection, shapes, origin.within_m, given)
    return _in_order(ids, zip(known, counts_within(shapes, points, origin.within_m).tolist(), strict=True))


def window(origin: EventCount, today: date, timezone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the window of a count begins, and the moment after it."""
    after = datetime.combine(today + timedelta(days=1), time(), timezone)
    return datetime.combine(today - timedelta(days=origin.days - 1), time(), timezone), after


def footprints_of(connection: sa.Connection, ids: Ints) -> tuple[list[int], Geometries]:
    """Return the ids and footprints (EPSG:4326) of those buildings that have a place."""
    given = {"ids": integers_literal(ids)}
    (row,) = packed_rows(connection, statement("footprints_of"), given)
    return row.ids or [], shapely.from_wkb(np.array(row.shapes or [], dtype=object))


def _places(connection: sa.Connection, shapes: Geometries, within_m: float, given: dict[str, Any]) -> Floats:
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    # a degree of longitude is shortest where it is farthest from the equator
    scale = metres_per_degree(np.array([south, north])).min(axis=0)
    across, along = (1.01 * within_m / scale).tolist()
    box = {"west": west - across, "south": south - along, "east": east + across, "north": north + along}
    (row,) = packed_rows(connection, statement("places_of_events"), {**given, **box})
    return np.column_stack([np.frombuffer(axis or b"", dtype=">f8") for axis in (row.x, row.y)]).astype(float)


def _in_order(ids: Ints, counted: Iterable[tuple[int, int]]) -> Ints:
    """Put the counts of some of the ids in the order of all, 0 where there is none."""
    pairs = np.array([*counted], dtype=np.int64).reshape(-1, 2)
    distinct, which = np.unique(ids, return_inverse=True)
    counts = np.zeros(len(distinct), dtype=np.int64)
    counts[np.searchsorted(distinct, pairs[:, 0])] = pairs[:, 1]
    return counts[which]
