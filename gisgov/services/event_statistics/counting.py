"""Use case: statistics of the events of a layer, beside those of the year before on the same areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.governance.events import EventParting
from gisgov.governance.limits import LimitPolicy
from gisgov.services.access import codes_reached
from gisgov.services.event_statistics.parting import part_of, year_later
from gisgov.services.event_statistics.reports import EventStatistics
from gisgov.services.event_statistics.rows import Ground, rows_of
from gisgov.services.event_statistics.tallies import STATES, tally
from gisgov.services.policies import policy_in_force
from gisgov.services.statistics.counting import Period as Days
from gisgov.services.statistics.counting import plans_on
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.event_statistics import (
    NOWHERE,
    OUTSIDE,
    EventColumns,
    EventsWanted,
    category_titles,
    events_of_period,
    events_seen,
    working_time,
)
from gisgov.store.layers import StoredLayer, all_layers, find_layer
from gisgov.store.statistics import areas_counted
from gisgov.types import Ints


@dataclass(frozen=True, slots=True)
class EventsAsked:
    """Which events are counted, and how they are parted.

    Attributes
    ----------
    first, last : datetime.date or None
        First and last day on which they happened; None is open.
    by : EventParting or None
        By what they are parted.
    sources, levels, categories, functions : tuple of str
        Only those of these sources, levels, items of the register (their codes) or functions; empty: all.
    compare_year : bool
        Whether the same days of the year before stand beside them.
    """

    first: date | None = None
    last: date | None = None
    by: EventParting | None = None
    sources: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    compare_year: bool = False


def event_statistics(
    database: Database, layer: str, asked: EventsAsked, *, at: date, timezone: ZoneInfo
) -> EventStatistics:
    """Count the events of a layer by area, and by part.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Name of the layer.
    asked : EventsAsked
        Which events, and how they are parted.
    at : datetime.date
        The day whose areas they are counted on, those of the year before too: an event that was given to an
        area of them is counted there, others where they lie.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened.

    Returns
    -------
    EventStatistics
        Of the events that whoever asks may see. Areas that their right does not reach, where they see those
        alone that they were told of, are one row.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force on the day.
    InputError
        The period ends before it begins, or is open and to be compared with the year before.
    """
    _check(asked)
    with database.begin() as connection:
        found, plans = find_layer(connection, layer), plans_on(connection, layer, at)
        areas = areas_counted(connection, [one.id for one in plans])
        wanted = _wanted(connection, found, [one.id for one in plans], asked, timezone)
        wanted = replace(wanted, codes=[one.code for one in areas])
        days = [Days(asked.first, asked.last)]
        if asked.compare_year:
            days.append(Days(_year_before(asked.first), _year_before(asked.last)))
        moments = [one.moments(timezone) for one in days]
        reached = codes_reached(connection, "events.read", found.id)
        seen = [None if reached is None else events_seen(connection, *one) for one in moments]
        with as_owner(connection):
            read = [
                events_of_period(connection, wanted, *period, among)
                for period, among in zip(moments, seen, strict=True)
            ]
        policy: LimitPolicy = policy_in_force(connection, "time-limits")
        calendar = working_time(connection, policy.calendar)
        titles = category_titles(connection) if asked.by is EventParting.CATEGORY else {}
    ground = Ground.of(areas, reached)
    keys = _all_keys(read, asked.by)
    shape = (len(ground.places), len(keys))
    periods = []
    for is_former, events in enumerate(read):
        places = ground.number[_area_numbers(events, len(areas))]
        parts = _part_numbers(events, keys, asked.by, is_former=bool(is_former))
        worked = np.maximum(calendar.between(events.started, events.ended), 0.0)
        periods.append(tally(events, places, parts, worked, shape))
    return EventStatistics(
        layer=layer,
        at=at,
        first=asked.first,
        last=asked.last,
        former_first=days[-1].first if asked.compare_year else None,
        former_last=days[-1].last if asked.compare_year else None,
        by=None if asked.by is None else asked.by.value,
        calendar=policy.calendar,
        plans=tuple(one.name for one in plans),
        rows=tuple(
            rows_of(
                ground,
                [] if asked.by is None else [part_of(asked.by, key, titles) for key in keys],
                *periods,
            )
        ),
    )


def _check(asked: EventsAsked) -> None:
    if asked.first is not None and asked.last is not None and asked.last < asked.first:
        raise InputError("The period ends before it begins.", field="last")
    if asked.compare_year and (asked.first is None or asked.last is None):
        raise InputError(
            "To compare with the year before takes the first and the last day.",
            field="first" if asked.first is None else "last",
        )


def _year_before(day: date | None) -> date | None:
    """Return the same day a year before; of 29 February the 28th."""
    if day is None:
        return None
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _wanted(
    connection: sa.Connection,
    layer: StoredLayer,
    plan_ids: Sequence[int],
    asked: EventsAsked,
    timezone: ZoneInfo,
) -> EventsWanted:
    above = _above(all_layers(connection))
    return EventsWanted(
        by="" if asked.by is None else asked.by.value,
        timezone=timezone.key,
        layer_id=layer.id,
        plan_ids=plan_ids,
        codes=(),
        own_ids=[one for one, higher in above.items() if layer.id in (one, *higher)],
        handed_up=[(lower, upper) for lower, higher in above.items() for upper in higher],
        states=[one.value for one in STATES],
        sources=asked.sources or None,
        levels=asked.levels or None,
        categories=asked.categories or None,
        functions=asked.functions or None,
    )


def _above(layers: Sequence[StoredLayer]) -> dict[int, list[int]]:
    """Return the layers above each, the nearest first."""
    parents = {one.id: one.parent_id for one in layers}
    found: dict[int, list[int]] = {}
    for one in parents:
        chain, parent = [], parents[one]
        while parent is not None:
            chain.append(parent)
            parent = parents[parent]
        found[one] = chain
    return found


def _area_numbers(events: EventColumns, areas: int) -> Ints:
    """Return the place of each event among the areas; after the last: outside, and nowhere."""
    number = np.where(events.area == OUTSIDE, areas, events.area)
    return np.where(events.area == NOWHERE, areas + 1, number)


def _all_keys(read: Sequence[EventColumns], by: EventParting | None) -> list[str | None]:
    """Return the parts of all periods in their order, those without any last."""
    if by is None:
        return [None]
    told = set(read[0].keys) | {year_later(by, key) for one in read[1:] for key in one.keys}
    return sorted(told, key=lambda key: (key is None, key or ""))


def _part_numbers(
    events: EventColumns, keys: Sequence[str | None], by: EventParting | None, *, is_former: bool
) -> Ints:
    numbers = {key: number for number, key in enumerate(keys)}
    own = [numbers[year_later(by, key) if is_former else key] for key in events.keys]
    return np.array(own, dtype=np.int64)[events.key]
