"""Desks that events may go to: areas in force, and departments."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from gisgov.store.reading import in_force_on
from gisgov.store.tables import area, department, layer, plan


def has_area(connection: sa.Connection, layer_name: str | None, code: str | None, day: date) -> bool:
    """Whether a layer has an area of a code in force on a day."""
    query = (
        sa.select(area.c.code)
        .join(plan, plan.c.id == area.c.plan_id)
        .join(layer, layer.c.id == plan.c.layer_id)
        .where(layer.c.name == layer_name, area.c.code == code, in_force_on(day))
    )
    return connection.scalar(query) is not None


def has_department(connection: sa.Connection, code: str) -> bool:
    """Whether there is a department of a code."""
    query = sa.select(department.c.code).where(department.c.code == code)
    return connection.scalar(query) is not None
