"""From tallies to the rows that are told: areas, what lies in none, and all together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gisgov.services.event_statistics.reports import (
    EventChanges,
    EventFigures,
    EventPart,
    EventStatisticsRow,
)
from gisgov.services.event_statistics.tallies import Tally
from gisgov.store.statistics import CountedArea
from gisgov.types import Ints

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


@dataclass(frozen=True, slots=True)
class Period:
    """The tally of a period, and single figures of it."""

    tally: Tally

    def figures(self, place: Place, row: int, column: int) -> EventFigures:
        """Return the figures of a place and part."""
        counts = {name: int(values[row, column]) for name, values in self.tally.counts.items()}
        medians = self.tally.medians
        reported, closed = counts["reported"], counts["closed"]
        return EventFigures(
            **counts,
            median_hours=_number(medians["median_hours"][row, column]),
            median_working_hours=_number(medians["median_working_hours"][row, column]),
            disposal_rate=_share(closed, reported - counts["rejected"] - counts["merged"]),
            solved_share=_share(counts["solved"], closed),
            escalated_share=_share(counts["escalated"], reported),
            per_1000_people=_share(reported * 1000, place.people),
            per_km2=_share(reported, place.km2),
        )

    def has_any(self, row: int, column: int) -> bool:
        """Whether there is any event of a place and part."""
        return bool(self.tally.counts["reported"][row, column])


def rows_of(
    ground: Ground, parts: Sequence[EventPart], now: Period, former: Period | None = None
) -> Iterator[EventStatisticsRow]:
    """Yield the row of each place, and after it those of its parts that have any event.

    Parameters
    ----------
    ground : Ground
        The places; that beyond is told if there is an event.
    parts : sequence of EventPart
        The parts, in the order of the tallies; empty where events are not parted.
    now, former : Period
        What was counted; former is None where nothing is compared.
    """
    whole = now.tally.counts["reported"].shape[1] - 1
    for row, place in enumerate((*ground.places, ground.whole)):
        for column, part in ((whole, None), *enumerate(parts)):
            is_told = part is None and place.place != "beyond"
            if not is_told and not any(one.has_any(row, column) for one in (now, former) if one):
                continue
            figures = now.figures(place, row, column)
            before = None if former is None else former.figures(place, row, column)
            yield EventStatisticsRow(
                place=place.place,
                code=place.code,
                name=place.name,
                plan=place.plan,
                part=part,
                figures=figures,
                former=before,
                change=None if before is None else _changes(before, figures),
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
    return None if math.isnan(value) else round(float(value), _DIGITS)
