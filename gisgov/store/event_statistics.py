"""Events of a period as columns, read at once: what statistics are counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import sqlalchemy as sa

from gisgov.store.array_literals import array_literal
from gisgov.store.cells import shapes_of_areas
from gisgov.store.packed import packed_rows
from gisgov.store.statements import statement
from gisgov.store.statistics import first_cover
from gisgov.store.tables import category
from gisgov.types import Bools, Floats, Ints

KEYS: Final[Mapping[str, str]] = {
    "": "CAST(NULL AS TEXT)",
    "source": "event.source",
    "level": "event.level",
    "category": "category.code",
    "group": "category.function || ' / ' || category.grp",
    "function": "category.function",
    "month": "to_char(event.occurred_at AT TIME ZONE :timezone, 'YYYY-MM')",
}
"""By what events are parted, and how that is said of one."""

OUTSIDE: Final = -1
NOWHERE: Final = -2

_LATE, _LATE_NOW, _OWN_DESK, _ESCALATED, _STATE = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events of a period, one in each row.

    Attributes
    ----------
    keys : tuple of str or None
        The parts, sorted, None last.
    key : Ints
        Place of each event's part in ``keys``.
    area : Ints
        Place of its area among the codes; `OUTSIDE`, or `NOWHERE` without a place.
    state : Ints
        Place of its state among the states; −1 for another one.
    is_late, is_late_now, is_own_desk, is_escalated : Bools
        Whether a limit was missed or is overdue; is overdue now; whether it lies, or lay last, on the desk of
        an area of some layers; whether departments were called to it or it was handed up.
    started, ended : Floats
        From when to when it was dealt with, in seconds since 1970; NaN: nobody said.
    """

    keys: tuple[str | None, ...]
    key: Ints
    area: Ints
    state: Ints
    is_late: Bools
    is_late_now: Bools
    is_own_desk: Bools
    is_escalated: Bools
    started: Floats
    ended: Floats


@dataclass(frozen=True, slots=True)
class EventsWanted:
    """Which events are read, and how they are parted.

    Attributes
    ----------
    by : str
        A word of `KEYS`.
    timezone : str
        Whose months.
    layer_id, plan_ids, codes
        The layer, its plans, and the codes of their areas.
    own_ids : sequence of int
        The layers whose desks are told.
    handed_up : sequence of (int, int)
        Layers and those above them.
    states : sequence of str
        All states.
    sources, levels, categories, functions : sequence of str or None
        Only events of these; None is all.
    """

    by: str
    timezone: str
    layer_id: int
    plan_ids: Sequence[int]
    codes: Sequence[str]
    own_ids: Sequence[int]
    handed_up: Sequence[tuple[int, int]]
    states: Sequence[str]
    sources: Sequence[str] | None = None
    levels: Sequence[str] | None = None
    categories: Sequence[str] | None = None
    functions: Sequence[str] | None = None


def events_seen(connection: sa.Connection, begins: datetime | None, ends: datetime | None) -> Ints:
    """Return the ids of the events of a period that whoever acts may see; see `events_of_period`."""
    given = {"begins": begins, "ends": ends}
    return _joined([row.ids for row in packed_rows(connection, statement("events_seen"), given)], ">i8")


def events_of_period(
    connection: sa.Connection,
    wanted: EventsWanted,
    begins: datetime | None,
    ends: datetime | None,
    among: Ints | None,
) -> EventColumns:
    """Read the events that happened in a period.

    One that was given to an area of the plans is of it, others of the first area by code that covers them.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`: under the policies of accounts all that hangs on an event would
        be asked for its rights once more.
    wanted : EventsWanted
        Which, and how they are parted.
    begins, ends : datetime.datetime or None
        From when until before when; None is open.
    among : Ints or None
        Only these: what `events_seen` told whoever acts; None is all, for those who may see all.
    """
    known = "" if among is None else "AND event.id = ANY (CAST(:among AS BIGINT[]))"
    given = {**_parameters(wanted), "begins": begins, "ends": ends}
    if among is not None:
        given["among"] = array_literal(among.tolist())
    query = statement("events_of_period", key=KEYS[wanted.by], among=known)
    rows = packed_rows(connection, query, given)
    area, flags = _joined([row.areas for row in rows], ">i4"), _joined([row.flags for row in rows], ">i2")
    places = np.stack([_joined([getattr(row, axis) for row in rows], ">f8") for axis in "xy"], axis=1)
    to_find = np.flatnonzero(area == OUTSIDE)
    if len(to_find):
        shapes = shapes_of_areas(connection, wanted.plan_ids)
        numbers = {code: number for number, code in enumerate(wanted.codes)}
        owners = np.array([numbers[code] for code in shapes] + [OUTSIDE], dtype=np.int64)
        area[to_find] = owners[first_cover(places, shapes)]
    return EventColumns(
        keys=tuple(row.key for row in rows),
        key=np.repeat(np.arange(len(rows)), [len(row.areas) // 4 for row in rows]),
        area=area,
        state=flags // _STATE - 1,
        is_late=(flags & _LATE) > 0,
        is_late_now=(flags & _LATE_NOW) > 0,
        is_own_desk=(flags & _OWN_DESK) > 0,
        is_escalated=(flags & _ESCALATED) > 0,
        started=_joined([row.started for row in rows], ">f8"),
        ended=_joined([row.ended for row in rows], ">f8"),
    )


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The working time of a calendar: when spans begin and end (seconds since 1970), and what was before."""

    begins: Floats
    ends: Floats
    before: Floats

    def between(self, started: Floats, ended: Floats) -> Floats:
        """Return how many seconds were worked; NaN where one is NaN, and all without a calendar."""
        if not len(self.begins):
            return np.full(len(started), np.nan)
        return self._until(ended) - self._until(started)

    def _until(self, moments: Floats) -> Floats:
        place = np.searchsorted(self.begins, moments, side="right") - 1
        worked = self.before[place] + np.minimum(moments, self.ends[place]) - self.begins[place]
        return np.where(np.isnan(moments), np.nan, np.where(place < 0, 0.0, worked))


def working_time(connection: sa.Connection, calendar: str) -> WorkingTime:
    """Return the working time of a calendar; nothing where there is none of that name."""
    (row,) = packed_rows(connection, statement("working_time"), {"calendar": calendar})
    return WorkingTime(*(_joined([one], ">f8") for one in (row.begins, row.ends, row.before)))


def category_titles(connection: sa.Connection) -> dict[str, tuple[str, str]]:
    """Return the titles of all items that there ever were, Chinese and English, those of the last version."""
    rows = connection.execute(
        sa.select(category.c.code, category.c.title, category.c.title_en).order_by(category.c.version)
    )
    return {row.code: (row.title, row.title_en or row.title) for row in rows}


def _parameters(wanted: EventsWanted) -> dict[str, object]:
    kept = {
        name: None if chosen is None else array_literal(chosen)
        for name in ("sources", "levels", "categories", "functions")
        for chosen in (getattr(wanted, name),)
    }
    return {
        **kept,
        "timezone": wanted.timezone,
        "layer_id": wanted.layer_id,
        "plan_ids": array_literal(wanted.plan_ids),
        "codes": array_literal(wanted.codes),
        "own_ids": array_literal(wanted.own_ids),
        "lower_ids": array_literal(lower for lower, _ in wanted.handed_up),
        "upper_ids": array_literal(upper for _, upper in wanted.handed_up),
        "states": array_literal(wanted.states),
    }


def _joined(parts: Sequence[bytes | None], kind: str) -> np.ndarray:
    whole = np.frombuffer(b"".join(part or b"" for part in parts), dtype=kind)
    return whole.astype(np.float64 if kind == ">f8" else np.int64)
