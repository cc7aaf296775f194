"""From tallies to the rows that are told: areas, what lies in none, and all together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gisgov.errors import InputError
from gisgov.services.event_statistics.reports import (
    EventChanges,
    EventFigures,
    EventPart,
    EventStatisticsRow,
)
from gisgov.services.event_statistics.tallies import Tally
from gisgov.store.statistics import CountedArea
from gisgov.types import Bools, Ints

MOST_ROWS: Final = 60_000

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the places; people and ground None where there are none or nobody said."""

    place: str
    code: str | None = None
    name: str | None = None
    plan: str | None = None
    people: int | None = None
    km2: float | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """The places that are told.

    Attributes
    ----------
    places : tuple of Place
        Areas that the right reaches, by code; then beyond, outside and no place.
    whole : Place
        All together; ground and people are those of the areas.
    number : Ints
        Of each area, of outside and of no place: the row among the places.
    """

    places: tuple[Place, ...]
    whole: Place
    number: Ints

    @classmethod
    def of(cls, areas: Sequence[CountedArea], reached: frozenset[str] | None) -> Ground:
        """Return the places of areas; None is reached everywhere."""
        own = [reached is None or one.code in reached for one in areas]
        told = [one for one, is_own in zip(areas, own, strict=True) if is_own]
        rows = [
            Place("area", one.code, one.name, one.plan, one.population, one.area_m2 / 1e6) for one in told
        ]
        people = [one.population for one in told if one.population is not None]
        whole = Place(
            "all",
            people=sum(people) if people else None,
            km2=math.fsum(one.area_m2 for one in told) / 1e6 if told else None,
        )
        number = np.full(len(areas) + 2, len(told), dtype=np.int64)
        number[np.flatnonzero(own)] = np.arange(len(told))
        number[-2:] = len(told) + 1, len(told) + 2
        return cls((*rows, Place("beyond"), Place("outside"), Place("no-place")), whole, number)


def rows_of(
    ground: Ground, parts: Sequence[EventPart], now: Tally, former: Tally | None = None
) -> Iterator[EventStatisticsRow]:
    """Yield the row of each place, and after it those of its parts that have any event.

    Parameters
    ----------
    ground : Ground
        The places; that beyond is told if there is an event.
    parts : sequence of EventPart
        The parts, in the order of the tallies; empty where events are not parted.
    now, former : Tally
        What was counted; former is None where nothing is compared.

    Raises
    ------
    InputError
        There are more rows than anybody reads.
    """
    places, titles = [*ground.places, ground.whole], [*parts, None]
    cells = _told_cells(places, len(parts), *(one for one in (now, former) if one is not None))
    if len(cells) > MOST_ROWS:
        raise InputError(
            f"That would be {len(cells):,} rows, and {MOST_ROWS:,} are the most.",
            hint="Part the events by function, take a layer of fewer areas, or some categories alone.",
            field="by",
        )
    told = _figures(now, places, cells)
    before = [None] * len(cells) if former is None else _figures(former, places, cells)
    for (row, column), figures, was in zip(cells.tolist(), told, before, strict=True):
        place = places[row]
        yield EventStatisticsRow(
            place=place.place,
            code=place.code,
            name=place.name,
            plan=place.plan,
            part=titles[column] if parts else None,
            figures=figures,
            former=was,
            change=None if was is None else _changes(was, figures),
        )


def _told_cells(places: Sequence[Place], parts: int, *tallies: Tally) -> Ints:
    """Return rows and columns of what is told, the whole of each place before its parts."""
    has_any: Bools = np.sum([one.counts["reported"] for one in tallies], axis=0) > 0
    has_any[[one.place != "beyond" for one in places], -1] = True
    if not parts:
        has_any[:, :-1] = False
    whole_first = np.roll(has_any, 1, axis=1)
    row, column = np.nonzero(whole_first)
    return np.stack([row, np.where(column == 0, has_any.shape[1], column) - 1], axis=1)


def _figures(tally: Tally, places: Sequence[Place], cells: Ints) -> list[EventFigures]:
    """Return the figures of some cells of a tally."""
    names = [*tally.counts, *tally.medians]
    at = tuple(cells.T)
    columns = [values[at].tolist() for values in (*tally.counts.values(), *tally.medians.values())]
    return [
        _figures_of(places[row], dict(zip(names, values, strict=True)))
        for row, values in zip(at[0].tolist(), zip(*columns, strict=True), strict=True)
    ]


def _figures_of(place: Place, counts: dict[str, Any]) -> EventFigures:
    reported, closed = counts["reported"], counts["closed"]
    median, working = counts.pop("median_hours"), counts.pop("median_working_hours")
    return EventFigures(
        **counts,
        median_hours=_number(median),
        median_working_hours=_number(working),
        disposal_rate=_share(closed, reported - counts["rejected"] - counts["merged"]),
        solved_share=_share(counts["solved"], closed),
        escalated_share=_share(counts["escalated"], reported),
        per_1000_people=_share(reported * 1000, place.people),
        per_km2=_share(reported, place.km2),
    )


def _changes(before: EventFigures, now: EventFigures) -> EventChanges:
    return EventChanges(
        reported=_per_cent(before.reported, now.reported),
        closed=_per_cent(before.closed, now.closed),
        overdue=_per_cent(before.overdue, now.overdue),
        escalated=_per_cent(before.escalated, now.escalated),
    )


def _per_cent(before: int, now: int) -> float | None:
    return round((now - before) / before * 100, _DIGITS) if before else None


def _share(part: float, whole: float | None) -> float | None:
    return round(part / whole, _DIGITS) if whole else None


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, _DIGITS)
