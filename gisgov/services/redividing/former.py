"""The areas that there are before the ground is divided anew, and which block lies in which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import sqlalchemy as sa

from gisgov.services.redividing.covering import first_cover
from gisgov.store.areas import AreaTable, areas_in_force, areas_of_plan
from gisgov.store.blocks import BlockTable, assignments_of_plan
from gisgov.store.plans import StoredPlan
from gisgov.types import Geometries, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Former:
    """Areas before the change.

    Attributes
    ----------
    areas : AreaTable
        The areas, by code.
    area : numpy.ndarray of int, shape (n,)
        Number of the area of each block, −1 where it lies in none.
    is_current : bool
        Whether they are what is changed (and few people are to move), not only what codes go on from.
    of_blocks : bool
        Whether they are made of these blocks, so that the ground of one whose blocks stay is known.
    """

    areas: AreaTable
    area: Ints
    is_current: bool
    of_blocks: bool


def former_of_plan(
    connection: sa.Connection, plan: StoredPlan, blocks: BlockTable, on: Geometries
) -> Former | None:
    """Return the areas of a plan; None where it has none.

    Blocks that the plan is not made of lie in the area that covers a point on them.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    plan : StoredPlan
        The plan.
    blocks : BlockTable
        The ``n`` blocks.
    on : numpy.ndarray of shapely.Point, shape (n,)
        A point on each.
    """
    areas = areas_of_plan(connection, plan.id)
    if not len(areas):
        return None
    assigned = assignments_of_plan(connection, plan.id)
    number = {code: i for i, code in enumerate(areas.codes)}
    area = np.array([number.get(assigned.get(code, ""), -1) for code in blocks.codes], dtype=np.int64)
    loose = np.flatnonzero(area < 0)
    area[loose] = first_cover(on[loose], areas.geometries)
    of_blocks = not len(loose) and len(assigned) == len(blocks)
    return Former(areas, area, is_current=True, of_blocks=of_blocks)


def former_areas(connection: sa.Connection, layer_id: int, day: date, on: Geometries) -> Former | None:
    """Return the areas of a layer in force on a day that hold one of the points; None where none does."""
    areas = areas_in_force(connection, layer_id, day)
    area = first_cover(on, areas.geometries)
    used, place = np.unique(area[area >= 0], return_inverse=True)
    if not len(used):
        return None
    area[area >= 0] = place
    return Former(areas.chosen(used), area, is_current=False, of_blocks=False)
