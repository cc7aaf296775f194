"""Areas of a plan, written and read whole: set by set."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.drafts_foreign import written_otherwise
from gisgov.store.geometry_columns import as_wkb
from gisgov.store.reading import in_force_on
from gisgov.store.statements import statement
from gisgov.store.tables import area, plan
from gisgov.types import BBox, Floats, Geometries, Ints, Json, Texts

_BATCH = 5_000
"""Rows of one statement: enough to make its cost small, few enough to keep polygons out of swap."""


@dataclass(frozen=True, slots=True, eq=False)
class AreaTable:
    """Areas as parallel columns of one length.

    Attributes
    ----------
    codes, names : numpy.ndarray of str
        Codes are unlike each other.
    parent_codes : sequence of tuple of str
        Codes of the areas of the parent layer that each lies in.
    geometries : numpy.ndarray of shapely.Polygon or shapely.MultiPolygon
        EPSG:4326, on the storage grid.
    area_m2 : numpy.ndarray of float
        Measured in the working system of the plan.
    population, households : numpy.ndarray of int or None
        Counts; None where unknown.
    attributes : sequence of dict
        Whatever else is known of each.
    """

    codes: Texts
    names: Texts
    parent_codes: Sequence[tuple[str, ...]]
    geometries: Geometries
    area_m2: Floats
    population: Texts
    households: Texts
    attributes: Sequence[Json]

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.codes)

    def chosen(self, numbers: Ints) -> AreaTable:
        """Return only the areas of these numbers."""
        return AreaTable(
            codes=self.codes[numbers],
            names=self.names[numbers],
            parent_codes=[self.parent_codes[i] for i in numbers.tolist()],
            geometries=self.geometries[numbers],
            area_m2=self.area_m2[numbers],
            population=self.population[numbers],
            households=self.households[numbers],
            attributes=[self.attributes[i] for i in numbers.tolist()],
        )


@dataclass(frozen=True, slots=True)
class Put:
    """What writing areas did."""

    inserted: int
    updated: int
    unchanged: int


def put_areas(connection: sa.Connection, plan_id: int, areas: AreaTable) -> Put:
    """Write areas of a draft: new codes are added, known ones changed where anything differs.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    plan_id : int
        A draft.
    areas : AreaTable
        What to write; areas of the plan that are not in it stay.

    Raises
    ------
    PlanPublished
        The plan is no draft.
    ConflictError
        A geometry is not sound, or not in lon/lat.
    """
    written_otherwise(connection, plan_id)
    inserted = updated = 0
    for begin in range(0, len(areas), _BATCH):
        part = slice(begin, begin + _BATCH)
        done = connection.execute(
            statement("put_areas"),
            {
                "plan_id": plan_id,
                "codes": areas.codes[part].tolist(),
                "names": areas.names[part].tolist(),
                "parent_codes": [json.dumps(codes) for codes in areas.parent_codes[part]],
                "geometries": as_wkb(areas.geometries[part]),
                "area_m2": areas.area_m2[part].tolist(),
                "population": areas.population[part].tolist(),
                "households": areas.households[part].tolist(),
                "attributes": [json.dumps(one, ensure_ascii=False) for one in areas.attributes[part]],
            },
        ).one()
        inserted += done.inserted
        updated += done.updated
    return Put(inserted, updated, len(areas) - inserted - updated)


def delete_areas(connection: sa.Connection, plan_id: int, codes: Sequence[str]) -> int:
    """Delete areas of a draft by code, with their assignments; return how many there were."""
    written_otherwise(connection, plan_id)
    gone = connection.execute(sa.delete(area).where(area.c.plan_id == plan_id, area.c.code.in_(codes)))
    return int(gone.rowcount)


def areas_of_plan(connection: sa.Connection, plan_id: int) -> AreaTable:
    """Return the areas of a plan by code."""
    return _table(connection, _AREAS.where(area.c.plan_id == plan_id))


def areas_in_force(connection: sa.Connection, layer_id: int, day: date) -> AreaTable:
    """Return all areas of a layer that are in force on a day, whole, by code."""
    query = _AREAS.join_from(area, plan).where(plan.c.layer_id == layer_id, in_force_on(day))
    return _table(connection, query)


_AREAS = sa.select(
    area.c.code,
    area.c.name,
    area.c.parent_codes,
    func.ST_AsBinary(area.c.geom).label("wkb"),
    area.c.area_m2,
    area.c.population,
    area.c.households,
    area.c.attributes,
).order_by(area.c.code)


def _table(connection: sa.Connection, query: sa.Select[Any]) -> AreaTable:
    rows = connection.execute(query).all()

    def column(name: str) -> Texts:
        values = np.empty(len(rows), dtype=object)
        values[:] = [getattr(row, name) for row in rows]
        return values

    return AreaTable(
        codes=column("code"),
        names=column("name"),
        parent_codes=[tuple(row.parent_codes) for row in rows],
        geometries=np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object),
        area_m2=np.array([row.area_m2 for row in rows], dtype=np.float64),
        population=column("population"),
        households=column("households"),
        attributes=[row.attributes for row in rows],
    )


def codes_ever_in_force(connection: sa.Connection, layer_id: int) -> tuple[str, ...]:
    """Return every code that a published plan of a layer gave out, be it retired."""
    query = sa.select(area.c.code).join_from(area, plan)
    return tuple(
        connection.scalars(query.where(plan.c.layer_id == layer_id, plan.c.status != "draft").distinct())
    )


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Areas in force of a layer: codes, names, grounds (EPSG:4326), and the plans they are of."""

    codes: Texts
    names: Texts
    geometries: Geometries
    plans: tuple[str, ...]

    def chosen(self, numbers: Ints) -> Ground:
        """Return only the areas of these numbers."""
        return Ground(self.codes[numbers], self.names[numbers], self.geometries[numbers], self.plans)


def ground_in_force(connection: sa.Connection, layer_id: int, day: date, box: BBox | None = None) -> Ground:
    """Return the areas of a layer in force on a day, by code: all, or those in a box of EPSG:4326."""
    query = (
        sa.select(
            area.c.code, area.c.name, func.ST_AsBinary(area.c.geom).label("wkb"), plan.c.name.label("plan")
        )
        .join_from(area, plan)
        .where(plan.c.layer_id == layer_id, in_force_on(day))
        .order_by(area.c.code, plan.c.name)
    )
    if box is not None:
        query = query.where(area.c.geom.op("&&")(func.ST_MakeEnvelope(*box, 4326)))
    rows = connection.execute(query).all()
    codes, names = np.empty(len(rows), dtype=object), np.empty(len(rows), dtype=object)
    codes[:] = [row.code for row in rows]
    names[:] = [row.name for row in rows]
    geometries = shapely.from_wkb([bytes(row.wkb) for row in rows])
    return Ground(codes, names, geometries, tuple(sorted({row.plan for row in rows})))
