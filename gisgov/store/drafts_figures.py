"""Areas of a draft with the figures that are kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.drafts import any_of
from gisgov.store.tables import area, area_figure

_OWN = sa.and_(area_figure.c.plan_id == area.c.plan_id, area_figure.c.code == area.c.code)


def figures_of(connection: sa.Connection, plan_id: int, codes: Iterable[str] | None = None) -> Sequence[Any]:
    """Return areas of a draft with their figures, by code; all by default. What is not kept is None.

    Where an area states no people, they are those of its blocks.
    """
    query = (
        sa.select(
            area.c.code,
            area.c.name,
            area.c.parent_codes,
            area.c.locked,
            area.c.area_m2,
            func.coalesce(area.c.population, area_figure.c.population).label("population"),
            func.coalesce(area.c.households, area_figure.c.households).label("households"),
            area_figure.c.load,
            area_figure.c.polsby_popper,
            area_figure.c.parts,
            area_figure.c.along_streets,
            area_figure.c.blocks,
        )
        .outerjoin_from(area, area_figure, _OWN)
        .where(area.c.plan_id == plan_id)
    )
    if codes is not None:
        query = query.where(area.c.code == any_of(codes, sa.Text))
    return connection.execute(query.order_by(area.c.code)).all()


def is_prepared(connection: sa.Connection, plan_id: int) -> bool:
    """Whether figures of all areas of a draft are kept, and it has blocks."""
    missing = sa.select(area.c.code).outerjoin_from(area, area_figure, _OWN)
    missing = missing.where(area.c.plan_id == plan_id, area_figure.c.code.is_(None))
    return connection.scalar(sa.select(~missing.exists())) is True
