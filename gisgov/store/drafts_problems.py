"""What a draft has to be mended: counted, with the first codes of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.tables import area, area_figure, assignment, block, plan

NAMED = 20
"""So many codes are given of each kind."""


@dataclass(frozen=True, slots=True)
class Found:
    """How many have a problem, and the codes of the first of them."""

    count: int
    codes: tuple[str, ...]


def unassigned(connection: sa.Connection, plan_id: int) -> Found:
    """Return the blocks of a plan that are in no area."""
    chosen = (assignment.c.plan_id == plan_id, assignment.c.area_code.is_(None))
    count = connection.scalar(sa.select(func.count()).select_from(assignment).where(*chosen)) or 0
    if not count:
        return Found(0, ())
    codes = sa.select(block.c.code).join_from(assignment, block).where(*chosen)
    return Found(count, tuple(connection.scalars(codes.order_by(block.c.code).limit(NAMED))))


def several_parts(connection: sa.Connection, plan_id: int) -> tuple[Found, Found]:
    """Return the areas in several parts: those that an operation parted, and those that were so before.

    An area that lies in no more parts than that of the same code in the plan that the draft is based on was
    so before: islands, and what was decided.
    """
    former = area.alias("former")
    base = sa.select(plan.c.based_on).where(plan.c.id == plan_id).scalar_subquery()
    before = func.coalesce(func.ST_NumGeometries(former.c.geom), 1)
    query = (
        sa.select(area_figure.c.code, (area_figure.c.parts > before).label("is_new"))
        .outerjoin_from(
            area_figure,
            former,
            sa.and_(former.c.plan_id == base, former.c.code == area_figure.c.code),
        )
        .where(area_figure.c.plan_id == plan_id, area_figure.c.parts > 1)
        .order_by(area_figure.c.code)
    )
    rows = connection.execute(query).all()
    new, old = ([row.code for row in rows if row.is_new is kind] for kind in (True, False))
    return Found(len(new), tuple(new[:NAMED])), Found(len(old), tuple(old[:NAMED]))


def crossed_parents(connection: sa.Connection, plan_id: int) -> Found:
    """Return the areas of a plan that have blocks in several areas above."""
    return _found(connection, area, area.c.plan_id == plan_id, func.cardinality(area.c.parent_codes) > 1)


def over_load(connection: sa.Connection, plan_id: int, load: float) -> Found:
    """Return the areas of a plan that carry more than a load."""
    return _found(connection, area_figure, area_figure.c.plan_id == plan_id, area_figure.c.load > load)


def counts_differ(connection: sa.Connection, plan_id: int) -> Found:
    """Return the areas of a plan that state other people or households than their blocks have."""
    own = sa.and_(area_figure.c.plan_id == area.c.plan_id, area_figure.c.code == area.c.code)
    differs = sa.or_(
        area.c.population != area_figure.c.population, area.c.households != area_figure.c.households
    )
    query = sa.select(area.c.code).join_from(area, area_figure, own).where(area.c.plan_id == plan_id, differs)
    codes = connection.scalars(query.order_by(area.c.code)).all()
    return Found(len(codes), tuple(codes[:NAMED]))


def _found(connection: sa.Connection, table: sa.Table, *chosen: sa.ColumnElement[Any]) -> Found:
    codes = connection.scalars(sa.select(table.c.code).where(*chosen).order_by(table.c.code)).all()
    return Found(len(codes), tuple(codes[:NAMED]))
