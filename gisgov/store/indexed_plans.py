"""Plans in force on a day and their areas, as indexes are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np
import psycopg
import shapely
import sqlalchemy as sa

from gisgov.store.tables import layer, plan
from gisgov.types import Geometries, SmallInts

_BATCH = 10_000

# of two areas with one code that of the plan whose name comes first owns, as in areas_at_point.sql
_AREAS = """SELECT area.plan_id, area.code, area.name, area.parent_codes, ST_AsBinary(area.geom)
    FROM area JOIN plan ON plan.id = area.plan_id
    WHERE area.plan_id = ANY(%s)
    ORDER BY area.code, plan.name"""


@dataclass(frozen=True, slots=True)
class PlanAt:
    """A plan in force on the day asked about; ``content_sha256`` is the fingerprint of its areas."""

    id: int
    layer_id: int
    name: str
    valid_from: date
    valid_to: date | None
    working_crs: str
    scope_code: str
    content_sha256: str | None


@dataclass(frozen=True, slots=True, eq=False)
class IndexedAreas:
    """Areas in the order in which they own a point: by code, then by the name of their plan.

    Attributes
    ----------
    plan_ids : numpy.ndarray of int, shape (n,)
        The plan of each.
    codes, names : list of str
        Of each.
    parent_codes : list of tuple of str
        Codes of the areas of the parent layer that each lies in.
    geometries : numpy.ndarray of shapely.MultiPolygon, shape (n,)
        EPSG:4326, as stored.
    """

    plan_ids: SmallInts
    codes: list[str]
    names: list[str]
    parent_codes: list[tuple[str, ...]]
    geometries: Geometries


def begin_snapshot(connection: sa.Connection) -> None:
    """Let all that a transaction reads be of one moment; nothing may have been read before."""
    connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


def plans_at(connection: sa.Connection, day: date) -> tuple[PlanAt, ...]:
    """Return the plans in force on a day, by layer, scope and name."""
    query = (
        sa.select(
            plan.c.id,
            plan.c.layer_id,
            plan.c.name,
            plan.c.valid_from,
            plan.c.valid_to,
            plan.c.working_crs,
            plan.c.scope_code,
            plan.c.content_sha256,
        )
        .join_from(plan, layer)
        .where(
            plan.c.status != "draft",
            sa.func.daterange(plan.c.valid_from, plan.c.valid_to).op("@>")(sa.cast(day, sa.Date)),
        )
        .order_by(layer.c.id, plan.c.scope_code, plan.c.name)
    )
    return tuple(PlanAt(**row) for row in connection.execute(query).mappings())


def indexed_areas(connection: sa.Connection, plan_ids: Sequence[int]) -> IndexedAreas:
    """Return the areas of some plans of one layer.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    plan_ids : sequence of int
        The plans. Two areas of one code are in the order that `areas_at_point` has them in.
    """
    ids: list[int] = []
    codes: list[str] = []
    names: list[str] = []
    parents: list[tuple[str, ...]] = []
    shapes: list[Geometries] = [np.empty(0, dtype=object)]
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    with driver.cursor("indexed_areas", binary=True) as cursor:
        cursor.execute(_AREAS, (list(plan_ids),))
        while rows := cursor.fetchmany(_BATCH):
            plan_id, code, name, above, wkb = zip(*rows, strict=True)
            ids += plan_id
            codes += code
            names += name
            parents += map(tuple, above)
            shapes.append(shapely.from_wkb(wkb))
    return IndexedAreas(np.array(ids, dtype=np.int32), codes, names, parents, np.concatenate(shapes))
