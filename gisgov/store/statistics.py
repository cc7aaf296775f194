"""Counts of what lies in the areas of plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gisgov.store.statements import statement
from gisgov.store.tables import area, plan


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


def events_counted(
    connection: sa.Connection,
    layer_id: int,
    plan_ids: Sequence[int],
    begins: datetime | None,
    ends: datetime | None,
) -> list[tuple[str | None, str, str, int]]:
    """Count the events of ``[begins, ends)`` by code of the area (None for none), state and category."""
    given = {"layer_id": layer_id, "plan_ids": list(plan_ids), "begins": begins, "ends": ends}
    return [tuple(row) for row in connection.execute(statement("events_counted"), given)]


def buildings_counted(
    connection: sa.Connection, layer_id: int, plan_ids: Sequence[int]
) -> list[tuple[str | None, str, int]]:
    """Count the buildings by the code of their area (None for none) and risk class."""
    given = {"layer_id": layer_id, "plan_ids": list(plan_ids)}
    return [tuple(row) for row in connection.execute(statement("buildings_counted"), given)]


def people_in_no_area(connection: sa.Connection, plan_ids: Sequence[int]) -> tuple[int, int]:
    """Return the people and households of blocks that no area of the plans covers."""
    row = connection.execute(statement("people_in_no_area"), {"plan_ids": list(plan_ids)}).one()
    return int(row.population), int(row.households)
