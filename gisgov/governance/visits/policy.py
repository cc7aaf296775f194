"""How often people who need care are visited, how near a patrol comes, how far a service point reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from gisgov.governance.titles import Titled


class VisitPeriod(Titled):
    """The span in which a number of visits is due."""

    WEEK = "week", "周", "Week"
    MONTH = "month", "月", "Month"
    QUARTER = "quarter", "季度", "Quarter"
    YEAR = "year", "年", "Year"

    def around(self, day: date) -> tuple[date, date]:
        """Return the first and last day of the period that a day lies in; weeks begin on Monday.

        Examples
        --------
        >>> first, last = VisitPeriod.QUARTER.around(date(2026, 5, 10))
        >>> first.isoformat(), last.isoformat()
        ('2026-04-01', '2026-06-30')
        """
        if self is VisitPeriod.WEEK:
            first = day - timedelta(days=day.weekday())
            return first, first + timedelta(days=6)
        months = {VisitPeriod.MONTH: 1, VisitPeriod.QUARTER: 3, VisitPeriod.YEAR: 12}[self]
        month = (day.month - 1) // months * months + 1
        last_month = month + months - 1
        first_after = date(day.year + last_month // 12, last_month % 12 + 1, 1)
        return date(day.year, month, 1), first_after - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CareCategory:
    """A category of people who are visited; counts are known of buildings, never persons.

    Attributes
    ----------
    name, title_zh, title_en : str
        What it is called.
    visits : int
        How many visits each of them is due in a period.
    period : VisitPeriod
        The period.
    """

    name: str
    title_zh: str
    title_en: str
    visits: int
    period: VisitPeriod


@dataclass(frozen=True, slots=True)
class Tier:
    """A rank of service points, such as those of streets.

    Attributes
    ----------
    name, title_zh, title_en : str
        What it is called.
    """

    name: str
    title_zh: str
    title_en: str


Named = TypeVar("Named", CareCategory, Tier)


@dataclass(frozen=True, slots=True)
class VisitPolicy:
    """One version of the policy.

    Attributes
    ----------
    version, title_zh, title_en, source : str
        What it is called and where it comes from.
    is_example : bool
        Whether it is an example that nobody has decided on.
    calendar : str
        Name of the working calendar over whose days visits are spread.
    care : tuple of CareCategory
        The care categories.
    patrols_per_year : mapping of str to int
        How often a building is patrolled in a year, by the word of its risk class; all classes are named.
    patrol_distance_m : float
        How near to a check-in ground and buildings count as covered, metres.
    service_radius_m : float
        How far from a service point people count as served, metres.
    tiers : tuple of Tier
        Ranks of service points, the highest first.
    """

    version: str
    title_zh: str
    title_en: str
    source: str
    is_example: bool
    calendar: str
    care: tuple[CareCategory, ...]
    patrols_per_year: Mapping[str, int]
    patrol_distance_m: float
    service_radius_m: float
    tiers: tuple[Tier, ...]


def named(known: Sequence[Named], text: str) -> Named | None:
    """Return the category or tier that a text means, by name or title; None for none.

    Examples
    --------
    >>> named([Tier("street", "街道", "Street")], " 街道 ").name
    'street'
    """
    wanted = text.strip().casefold()
    return next((one for one in known if wanted in _words(one)), None)


def _words(one: CareCategory | Tier) -> tuple[str, ...]:
    return one.name.casefold(), one.title_zh.casefold(), one.title_en.casefold()
