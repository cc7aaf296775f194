"""Last year's events, and the visits that buildings are due, replayed on the areas of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.services.redividing.covering import first_cover
from gisgov.store.drafts import areas_by_code, grounds_by_code
from gisgov.store.loads import building_places, event_places
from gisgov.types import Floats, Geometries, Ints

_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Work:
    """What an area has to do.

    Attributes
    ----------
    events_per_year : int or None
        Events of last year on its ground; None for whoever may not see them.
    visits_per_year : int or None
        Visits that its buildings are due by their risk class; None likewise.
    population : int or None
        Who lives in it; None where nobody said.
    """

    events_per_year: int | None
    visits_per_year: int | None
    population: int | None


@dataclass(frozen=True, slots=True)
class AreaWorkload:
    """The work of an area before and after a plan.

    Attributes
    ----------
    code, name : str
        The area; the name is the new one where there is one.
    before, after : Work or None
        Its work; None where the plan does not have it.
    """

    code: str
    name: str
    before: Work | None
    after: Work | None


def workloads(
    connection: sa.Connection,
    former_id: int | None,
    plan_id: int,
    *,
    day: date,
    timezone: ZoneInfo,
    visits_per_year: Mapping[str, int],
) -> tuple[AreaWorkload, ...]:
    """Return the work of the areas of two plans, by code.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service: sums of events count, whoever may see them.
    former_id : int or None
        The plan before; None if there is none.
    plan_id : int
        The plan after.
    day : datetime.date
        Events of the 365 days before it count.
    timezone : zoneinfo.ZoneInfo
        Where it begins.
    visits_per_year : mapping of str to int
        How often a building is due a visit, by the word of its class.
    """
    sides = {plan: grounds_by_code(connection, plan)[1] for plan in (former_id, plan_id) if plan is not None}
    every = np.concatenate([*sides.values()])
    west, south, east, north = shapely.total_bounds(every).tolist()
    bbox = (west, south, east, north)
    after = datetime.combine(day, time(), timezone)
    lon, lat = event_places(connection, bbox, after - _YEAR, after)
    events = np.asarray(shapely.points(lon, lat), dtype=object)
    lon, lat, classes = building_places(connection, bbox)
    buildings = np.asarray(shapely.points(lon, lat), dtype=object)
    due = np.array([visits_per_year[one] for one in classes], dtype=np.float64)
    found = {
        plan: _work(connection, plan, grounds, events, buildings, due) for plan, grounds in sides.items()
    }
    before, now = found.get(former_id or -1, {}), found[plan_id]
    return tuple(
        AreaWorkload(code, (now.get(code) or before[code])[0], _second(before, code), _second(now, code))
        for code in sorted({*before, *now})
    )


def _second(found: Mapping[str, tuple[str, Work]], code: str) -> Work | None:
    return found[code][1] if code in found else None


def _work(
    connection: sa.Connection,
    plan_id: int,
    grounds: Geometries,
    events: Geometries,
    buildings: Geometries,
    due: Floats,
) -> dict[str, tuple[str, Work]]:
    areas = areas_by_code(connection, plan_id)
    happened = _counted(first_cover(events, grounds), np.ones(len(events)), len(grounds))
    visits = _counted(first_cover(buildings, grounds), due, len(grounds))
    return {
        code: (area.name, Work(int(happened[i]), int(visits[i]), area.population))
        for i, (code, area) in enumerate(areas.items())
    }


def _counted(number: Ints, weight: Floats, count: int) -> Ints:
    inside = number >= 0
    return np.rint(np.bincount(number[inside], weight[inside], minlength=count)).astype(np.int64)
