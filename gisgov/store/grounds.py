"""Grounds of areas as the bytes that are stored: for checks, which need shapes of few of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.reading import in_force_on
from gisgov.store.tables import area, plan
from gisgov.types import Geometries, Texts


@dataclass(frozen=True, slots=True, eq=False)
class StoredGround:
    """Areas of one plan, or of all plans of a layer that are in force on a day; parallel columns, by code.

    Attributes
    ----------
    codes : numpy.ndarray of str
        Their codes.
    parent_codes : sequence of tuple of str
        Codes of the areas of the parent layer that each lies in.
    wkb : numpy.ndarray of bytes
        Their polygons (EPSG:4326, on the storage grid) as well-known binary.
    plans : tuple of str
        The plans they are of.
    working_crs : str
        System that most of them are measured in; empty where there are none.
    outlines : numpy.ndarray of shapely.MultiPolygon or None
        What the plans are to cover; None unless each of them says.
    """

    codes: Texts
    parent_codes: Sequence[tuple[str, ...]]
    wkb: Texts
    plans: tuple[str, ...]
    working_crs: str
    outlines: Geometries | None

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.codes)

    @property
    def geometries(self) -> Geometries:
        """Their polygons as shapes."""
        shapes: Geometries = shapely.from_wkb(self.wkb)
        return shapes


def ground_of_plan(connection: sa.Connection, plan_id: int) -> StoredGround:
    """Return the areas of a plan, be it a draft."""
    return _ground(connection, plan.c.id == plan_id)


def ground_of_layer(connection: sa.Connection, layer_id: int, day: date) -> StoredGround:
    """Return all areas of a layer that are in force on a day."""
    return _ground(connection, sa.and_(plan.c.layer_id == layer_id, in_force_on(day)))


def _ground(connection: sa.Connection, where: sa.ColumnElement[bool]) -> StoredGround:
    plans = connection.execute(
        sa.select(
            plan.c.id, plan.c.name, plan.c.working_crs, func.ST_AsBinary(plan.c.scope_geom).label("outline")
        )
        .where(where)
        .order_by(plan.c.name)
    ).all()
    rows = connection.execute(
        sa.select(area.c.code, area.c.parent_codes, func.ST_AsBinary(area.c.geom), area.c.plan_id)
        .where(area.c.plan_id.in_([row.id for row in plans]))
        .order_by(area.c.code, area.c.plan_id)
    ).all()
    codes, parent_codes, wkb, plan_ids = zip(*rows, strict=True) if rows else ((), (), (), ())
    systems = {row.id: row.working_crs for row in plans}
    most = Counter(systems[plan_id] for plan_id in plan_ids).most_common(1)
    outlines = [row.outline for row in plans if row.outline is not None]
    return StoredGround(
        codes=_column(codes),
        parent_codes=[tuple(parents) for parents in parent_codes],
        wkb=_column(wkb),
        plans=tuple(row.name for row in plans),
        working_crs=most[0][0] if most else "",
        outlines=shapely.from_wkb(outlines) if plans and len(outlines) == len(plans) else None,
    )


def _column(values: Sequence[object]) -> Texts:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
