"""Ground that a plan has in common with other plans of its layer, where one place may have one owner only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.crs import parse_crs
from gisgov.geometry.measures import areas_m2
from gisgov.geometry.pieces import fine_grid, interiors_meet, is_thin, surfaces
from gisgov.geometry.snap import GRID_DEG
from gisgov.store import plans, succession
from gisgov.store.areas import areas_of_plan
from gisgov.types import Geometries, Ints

_MIN_WIDTH_DEG: Final = 2 * GRID_DEG
"""Corners were rounded to the storage grid: what is thinner than two of its steps is no common ground."""


@dataclass(frozen=True, slots=True)
class SharedGround:
    """Ground of another plan of the layer that a plan covers as well.

    Attributes
    ----------
    plan, scope_code : str
        The other plan and its scope.
    valid_from, valid_to : datetime.date or None
        Its validity.
    area_m2 : float
        How much ground they have in common, measured in the working system of the plan.
    doubled : tuple of str
        Codes of the plan's areas more than half of which the other plan holds: no flaw along a border, but
        the same ground in force twice.
    """

    plan: str
    scope_code: str
    valid_from: date | None
    valid_to: date | None
    area_m2: float
    doubled: tuple[str, ...]


def shared_ground(
    connection: sa.Connection, plan: plans.StoredPlan, valid_from: date, valid_to: date | None
) -> tuple[SharedGround, ...]:
    """Find the plans of other scopes whose ground a plan covers on some day of ``[valid_from, valid_to)``.

    The database keeps two plans of one layer *and scope* from being in force at once. A plan of a whole
    layer and one of a part of it have scopes of their own, yet may hold the same ground.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that holds the lock on the layer's succession.
    plan : StoredPlan
        The draft.
    valid_from, valid_to : datetime.date or None
        The validity it is to have; half-open, None is open-ended.

    Returns
    -------
    tuple of SharedGround
        By the first day in force of the others; empty where they only touch. Slivers thinner than the grid of
        stored coordinates are none.
    """
    others = succession.plans_of_other_scopes(
        connection, plan.layer_id, plan.scope_code, valid_from, valid_to
    )
    if not others:
        return ()
    ours = areas_of_plan(connection, plan.id)
    tree = shapely.STRtree(ours.geometries)
    working = parse_crs(plan.working_crs)
    found = []
    for other in others:
        pieces, number = _common(tree, ours.geometries, areas_of_plan(connection, other.id).geometries)
        if not len(pieces):
            continue
        held = np.bincount(number, weights=shapely.area(pieces), minlength=len(ours))
        doubled = ours.codes[held > shapely.area(ours.geometries) / 2]
        square = float(areas_m2(pieces, working).sum())
        found.append(
            SharedGround(
                other.name, other.scope_code, other.valid_from, other.valid_to, square, tuple(doubled)
            )
        )
    return tuple(found)


def _common(tree: shapely.STRtree, ground: Geometries, others: Geometries) -> tuple[Geometries, Ints]:
    """Return the pieces that areas of two plans have in common, and which area of ``ground`` each is of."""
    theirs, ours = tree.query(others, predicate="intersects")
    meet = interiors_meet(ground[ours], others[theirs])
    theirs, ours = theirs[meet], ours[meet]
    grid = fine_grid(ground, others)
    pieces, pair = surfaces(shapely.intersection(ground[ours], others[theirs], grid_size=grid))
    thick = ~is_thin(pieces, _MIN_WIDTH_DEG)
    return pieces[thick], ours[pair[thick]]
