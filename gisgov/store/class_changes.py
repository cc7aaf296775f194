"""Buildings whose class is another than it was, and the names of the areas that they are counted by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from gisgov.store.directly import rows_of
from gisgov.store.reading import in_force_on
from gisgov.store.statements import statement
from gisgov.store.tables import area, plan


@dataclass(frozen=True, slots=True)
class ClassChanged:
    """A building with another class than before; ``unclassified`` where it had none."""

    id: int
    former_class: str
    former_points: int | None
    risk_class: str
    risk_points: int
    risk_reasons: tuple[str, ...]
    rules_version: str
    rated_at: datetime


def class_changes(connection: sa.Connection, first: datetime, last: datetime) -> tuple[ClassChanged, ...]:
    """Return the buildings whose class before ``last`` differs from that before ``first``, by id."""
    rows = rows_of(connection, statement("class_changes"), {"first": first, "last": last})
    return tuple(
        ClassChanged(
            row.id,
            row.former_class,
            row.former_points,
            row.risk_class,
            row.risk_points,
            tuple(row.risk_reasons),
            row.rules_version,
            row.rated_at,
        )
        for row in rows
    )


def names_of_areas(connection: sa.Connection, layer_id: int, day: date) -> dict[str, str]:
    """Return the names of the areas of a layer in force on a day by code, the codes rising."""
    query = (
        sa.select(area.c.code, area.c.name)
        .join(plan, plan.c.id == area.c.plan_id)
        .where(plan.c.layer_id == layer_id, in_force_on(day))
        .order_by(area.c.code)
    )
    return {row.code: row.name for row in connection.execute(query)}
