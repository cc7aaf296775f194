"""Counts of what lies in the areas of plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.store.cells import shapes_of_areas
from gisgov.store.statements import statement
from gisgov.store.tables import area, plan
from gisgov.types import Floats, Geometries, Ints


@dataclass(frozen=True, slots=True)
class CountedArea:
    """An area as it is counted; people None where nobody said."""

    code: str
    name: str
    plan: str
    area_m2: float
    population: int | None
    households: int | None


def areas_counted(connection: sa.Connection, plan_ids: Sequence[int]) -> tuple[CountedArea, ...]:
    """Return the areas of plans by code."""
    columns = (area.c.code, area.c.name, area.c.area_m2, area.c.population, area.c.households)
    query = sa.select(*columns, plan.c.name.label("plan")).join_from(area, plan)
    rows = connection.execute(query.where(plan.c.id.in_(plan_ids)).order_by(area.c.code, plan.c.name))
    return tuple(CountedArea(**row) for row in rows.mappings())


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted: a table, the columns that it is counted by, and when it happened."""

    table: str
    columns: tuple[str, ...]
    during: str = "true"

    @property
    def words(self) -> dict[str, str]:
        """The ``$words`` of the statements."""
        columns = ", ".join(self.columns)
        names = ", ".join(column.rpartition(" AS ")[2] for column in self.columns)
        return {"subject": self.table, "columns": columns, "words": names, "during": self.during}


EVENTS: Final = Subject(
    "event",
    ("one.state AS state", "COALESCE(one.category, 'unclassified') AS category"),
    "one.occurred_at >= COALESCE(CAST(:begins AS TIMESTAMPTZ), '-infinity')"
    " AND one.occurred_at < COALESCE(CAST(:ends AS TIMESTAMPTZ), 'infinity')",
)
BUILDINGS: Final = Subject("building", ("COALESCE(one.risk_class, 'unclassified') AS risk_class",))

Counted: TypeAlias = tuple[str | None, tuple[str, ...], int]
"""Code of the area, None for none; the words that it is counted by; how many."""


def counted(
    connection: sa.Connection,
    subject: Subject,
    layer_id: int,
    plan_ids: Sequence[int],
    **period: datetime | None,
) -> list[Counted]:
    """Count events or buildings in the areas of plans.

    One that was given to an area of these plans is counted there, others where they are: in the first area by
    code that covers them.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of whoever asks: what they may not see is not counted.
    subject : Subject
        What is counted.
    layer_id : int
        The layer.
    plan_ids : sequence of int
        Its plans.
    begins, ends : datetime.datetime or None
        Of events: from when until before when; None is open.
    """
    given = {"layer_id": layer_id, "plan_ids": list(plan_ids), **period}
    found: Counter[tuple[str | None, tuple[str, ...]]] = Counter()
    for code, *words, count in connection.execute(statement("subjects_given", **subject.words), given):
        found[code, tuple(words)] += count
    rows = connection.execute(statement("subjects_not_given", **subject.words), given).all()
    shapes = shapes_of_areas(connection, plan_ids)
    codes: list[str | None] = [*shapes, None]
    places = np.array([(row[0], row[1]) for row in rows], dtype=np.float64).reshape(-1, 2)
    for row, number in zip(rows, first_cover(places, shapes), strict=True):
        found[codes[number], tuple(row[2:])] += 1
    return [(code, words, count) for (code, words), count in found.items()]


def first_cover(places: Floats, shapes: Mapping[str, shapely.Geometry]) -> Ints:
    """Return the first area that covers each place, by code; −1 for none, or where there is no place."""
    owner = np.full(len(places), len(shapes), dtype=np.int64)
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    points: Geometries = np.asarray(shapely.points(places[known]), dtype=object)
    number, point = shapely.STRtree(points).query(list(shapes.values()), predicate="intersects")
    np.minimum.at(owner, known[point], number)
    return np.where(owner == len(shapes), -1, owner)


def people_in_no_area(connection: sa.Connection, plan_ids: Sequence[int]) -> tuple[int, int]:
    """Return the people and households of blocks that no area of the plans covers."""
    row = connection.execute(statement("people_in_no_area"), {"plan_ids": list(plan_ids)}).one()
    return int(row.population), int(row.households)
