"""Use case: how many visits and patrols are due in each area on a day, and in its week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import sqlalchemy as sa

from gisgov.governance.visits import CareCategory, VisitPeriod, VisitPolicy, due_visits
from gisgov.services.limits.calendars import ensure_calendar
from gisgov.services.patrols.ground import LayerGround, layer_ground
from gisgov.services.patrols.reports import AreaVisits, VisitLoad
from gisgov.services.policies import policy_in_force
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.patrols import Buildings, care_counts, working_days
from gisgov.types import Floats, Ints


def visit_load(database: Database, layer: str, *, day: date) -> VisitLoad:
    """Say how many visits and patrols are due in the areas of a layer on a day, and in its week.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Name of the layer; its areas are those of the day.
    day : datetime.date
        The day.

    Returns
    -------
    VisitLoad
        Visits to people are spread over the working days of their periods, building by building
        (`gisgov.governance.visits.due_visits`), patrols of buildings by their risk class over those of the
        year: the areas of every layer add up to the same whole. In a period without a working day none are
        due.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    ConflictError
        The calendar of the policy is not there.
    """
    week = VisitPeriod.WEEK.around(day)
    with database.begin() as connection:
        policy: VisitPolicy = policy_in_force(connection, "visits")
        ground = layer_ground(connection, layer, day)
        with as_owner(connection):
            ensure_calendar(connection, policy.calendar)
            week_days = working_days(connection, policy.calendar, *week)
            counts = care_counts(connection)
            year_days = [_numbered(connection, policy, VisitPeriod.YEAR, each) for each in week_days]
            due = {
                one.name: [_numbered(connection, policy, one.period, each) for each in week_days]
                for one in policy.care
            }
        buildings = ground.buildings(connection)
    owner_of = ground.owners_of_buildings(buildings, ground.points(buildings.places))
    load = _Load(ground, week_days.index(day) if day in week_days else None)
    for care in policy.care:
        own = [(key, count) for key, name, count in counts if name == care.name]
        keys, people = np.array(own, dtype=np.int64).reshape(-1, 2).T
        owner = owner_of[np.searchsorted(buildings.ids, keys)]
        load.add(care, owner, keys, people, due[care.name])
    load.patrol(owner_of, buildings, policy.patrols_per_year, year_days)
    rows = load.rows()
    shown = [row for row, is_shown in zip(rows, ground.shown, strict=False) if is_shown]
    rest = rows[-1] if ground.shows_all else None
    return VisitLoad(
        layer=layer,
        day=day,
        week_from=week[0],
        week_to=week[1],
        is_working_day=day in week_days,
        calendar=policy.calendar,
        policy_version=policy.version,
        is_example=policy.is_example,
        categories_not_in_policy=tuple(sorted({name for _, name, _ in counts} - set(due))),
        areas=tuple(shown),
        in_no_area=rest,
        total=_total([*shown, *([rest] if rest else [])]),
    )


def _numbered(
    connection: sa.Connection, policy: VisitPolicy, period: VisitPeriod, day: date
) -> tuple[int, int]:
    """Return which working day of its period a day is, and how many there are."""
    days = working_days(connection, policy.calendar, *period.around(day))
    return days.index(day), len(days)


class _Load:
    """Sums by area, the last of what is in none."""

    def __init__(self, ground: LayerGround, place_of_day: int | None) -> None:
        self._ground, self._place = ground, place_of_day
        self._people, self._week = np.zeros(len(ground.codes) + 1), np.zeros(len(ground.codes) + 1)
        self._by_category: dict[str, Floats] = {}
        self._buildings, self._patrols_in_week = np.zeros_like(self._people), np.zeros_like(self._people)
        self._by_class: dict[str, Floats] = {}

    def add(
        self, care: CareCategory, owner: Ints, keys: Ints, people: Ints, days: Sequence[tuple[int, int]]
    ) -> None:
        """Add the people of a category by building, on the working days of the week."""
        self._people += self._ground.sums(owner, people)
        self._by_category[care.name] = np.zeros(len(self._people))
        for place, (number, count) in enumerate(days):
            due = self._ground.sums(owner, due_visits(people * care.visits, keys, number=number, days=count))
            self._week += due
            if place == self._place:
                self._by_category[care.name] = due

    def patrol(
        self,
        owner: Ints,
        buildings: Buildings,
        per_year: Mapping[str, int],
        days: Sequence[tuple[int, int]],
    ) -> None:
        """Add the patrols of buildings by their class, on the working days of the week."""
        self._buildings += self._ground.sums(owner, np.ones(len(owner)))
        patrols = np.array([per_year[one] for one in buildings.classes], dtype=np.int64)
        self._by_class = {one: np.zeros(len(self._people)) for one in per_year}
        for place, (number, count) in enumerate(days):
            due = due_visits(patrols, buildings.ids, number=number, days=count)
            self._patrols_in_week += self._ground.sums(owner, due)
            if place == self._place:
                for one in per_year:
                    self._by_class[one] = self._ground.sums(owner, due * (buildings.classes == one))

    def rows(self) -> list[AreaVisits]:
        """Return a row for each area, and one for what is in none."""
        named = [*zip(self._ground.codes, self._ground.names, strict=True), ("", "")]
        return [
            _row(
                area,
                int(self._people[i]),
                int(self._week[i]),
                {name: int(due[i]) for name, due in self._by_category.items()},
                int(self._buildings[i]),
                int(self._patrols_in_week[i]),
                {name: int(due[i]) for name, due in self._by_class.items()},
            )
            for i, area in enumerate(named)
        ]


def _row(
    area: tuple[str, str],
    people: int,
    in_week: int,
    by_category: dict[str, int],
    buildings: int,
    patrols_in_week: int,
    by_class: dict[str, int],
) -> AreaVisits:
    visits, patrols = sum(by_category.values()), sum(by_class.values())
    return AreaVisits(
        *(*area, people, visits, in_week, by_category, buildings, patrols, patrols_in_week, by_class)
    )


def _total(rows: list[AreaVisits]) -> AreaVisits:
    names = [*rows[0].by_category] if rows else []
    classes = [*rows[0].patrols_by_class] if rows else []
    return _row(
        ("", ""),
        sum(one.people for one in rows),
        sum(one.due_in_week for one in rows),
        {name: sum(one.by_category[name] for one in rows) for name in names},
        sum(one.buildings for one in rows),
        sum(one.patrols_due_in_week for one in rows),
        {name: sum(one.patrols_by_class[name] for one in rows) for name in classes},
    )
