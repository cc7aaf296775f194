"""Which areas events belong to, by the plans of their own days, from the indexes in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from gisgov.governance.events import OrphanReason
from gisgov.services.assigning import Status
from gisgov.services.days import local_day
from gisgov.services.indexes import DayIndexes, LayerIndex
from gisgov.services.ingesting.judging import Judged
from gisgov.services.routing.areas import owners_of, partitions
from gisgov.store.database import Database
from gisgov.store.ingesting import EventAreas, days_of_change
from gisgov.types import Floats

Days: TypeAlias = Callable[[date], DayIndexes]
"""Returns the indexes of a day, as `gisgov.services.indexes.LiveIndexes.on` does."""


@dataclass(frozen=True, slots=True)
class OwnDays:
    """The indexes of today and of the days of events."""

    today: DayIndexes
    of: Mapping[date, DayIndexes]


def own_days(
    database: Database, days: Days, items: Sequence[Judged], *, today: date, timezone: ZoneInfo
) -> OwnDays:
    """Read the indexes of the days on which events happened, one for all days that are alike.

    Nothing else may be asked of the database meanwhile: what is not at hand is read on another connection.
    """
    own = {local_day(item.occurred_at, timezone) for item in items if not item.faults}
    here = days(today)
    if own <= {today}:
        return OwnDays(here, {today: here})
    with database.own.begin() as connection:
        changes = days_of_change(connection)
    read: dict[int, DayIndexes] = {bisect_right(changes, today): here}
    found = {}
    for day in sorted(own):
        span = bisect_right(changes, day)
        if span not in read:
            read[span] = days(day)
        found[day] = read[span]
    return OwnDays(here, found)


def areas_of(
    ids: Sequence[int], items: Sequence[Judged], known: OwnDays, *, timezone: ZoneInfo
) -> EventAreas:
    """Return the rows that say which area of each partition layer owns each event, or why none does.

    They are those that `gisgov.store.joining.join_events` writes.

    Parameters
    ----------
    ids : sequence of int
        The events.
    items : sequence of Judged
        What they say.
    known : OwnDays
        Indexes of their days.
    timezone : zoneinfo.ZoneInfo
        Whose calendar says on which day an event happened.
    """
    rows = EventAreas()
    together: dict[int, list[int]] = defaultdict(list)
    indexes: dict[int, DayIndexes] = {}
    for number, item in enumerate(items):
        day = known.of[local_day(item.occurred_at, timezone)]
        indexes[id(day)] = day
        together[id(day)].append(number)
    for key, numbers in together.items():
        lon, lat = (
            np.array([getattr(items[n], axis) for n in numbers], dtype=np.float64) for axis in ("lon", "lat")
        )
        for index in partitions(indexes[key]).values():
            _add(rows, [ids[n] for n in numbers], index, lon, lat)
    return rows


def _add(rows: EventAreas, ids: Sequence[int], index: LayerIndex, lon: Floats, lat: Floats) -> None:
    """Add the rows of one layer; only what lies on a border or outside is looked at twice."""
    assigned = owners_of(index, lon, lat)
    owner, status = assigned.owner.tolist(), assigned.status
    codes, plan_of = index.codes, index.plan_of
    plans = [plan.id for plan in index.plans]
    others: dict[int, tuple[str, ...]] = {}
    nearest: dict[int, int] = {}
    twice = np.flatnonzero((status == Status.BORDER) | (status == Status.OUTSIDE))
    if len(twice):
        found = index.index.locate(lon[twice], lat[twice])
        for at, candidates, near in zip(
            twice.tolist(), found.candidates, found.nearest.tolist(), strict=True
        ):
            others[at] = tuple(codes[row] for row in candidates)
            nearest[at] = near
    for at, (key, row, word) in enumerate(zip(ids, owner, status.tolist(), strict=True)):
        shown = row if row >= 0 else nearest.get(at, -1)
        rows.event_id.append(key)
        rows.layer_id.append(index.layer.id)
        rows.plan_id.append(plans[plan_of[shown]] if shown >= 0 else None)
        rows.area_code.append(codes[row] if row >= 0 else None)
        rows.on_border.append(word == Status.BORDER)
        rows.candidates.append(others.get(at, ()) if row >= 0 else ())
        rows.orphan_reason.append(None if row >= 0 else _reason(word))
        rows.nearest_code.append(codes[shown] if row < 0 and shown >= 0 else None)


def _reason(status: int) -> str:
    return OrphanReason.OUTSIDE.value if status == Status.OUTSIDE else OrphanReason.NO_COORDINATE.value
