"""Areas of a draft that are not what their blocks make up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError, GisgovError, InputError
from gisgov.geometry.common_ground import SLIVER_M
from gisgov.geometry.crs import from_wgs84_geometries, parse_crs
from gisgov.geometry.dissolve import dissolve
from gisgov.store import drafts
from gisgov.store.plans import StoredPlan
from gisgov.types import Geometries, Ints, Texts

_SHOWN = 3


def refuse_off_blocks(connection: sa.Connection, plan: StoredPlan) -> Iterator[GisgovError]:
    """Yield why a draft is not published whose areas are not the ground of the blocks assigned to them.

    Areas that no block is assigned to are plain polygons, and stay as they are drawn.
    """
    made_of = drafts.all_blocks(connection, plan.id)
    made_of = made_of.chosen(np.flatnonzero([code is not None for code in made_of.area]))
    if not len(made_of):
        return
    codes, grounds = drafts.grounds_by_code(connection, plan.id, set(made_of.area))
    try:
        dissolved = dissolve(made_of.blocks.geometries, made_of.area.astype(str))
    except InputError as error:
        yield ConflictError(f"The blocks of plan {plan.name!r} do not fit together: {error.message}")
        return
    off = codes[_differ(plan, grounds, dissolved)]
    if len(off):
        yield ConflictError(_words(plan, off), hint="Edit the draft by its blocks, or assign them anew.")


def _differ(plan: StoredPlan, grounds: Geometries, dissolved: Geometries) -> Ints:
    unequal = np.flatnonzero(~shapely.equals_exact(shapely.normalize(grounds), shapely.normalize(dissolved)))
    rest = shapely.symmetric_difference(grounds[unequal], dissolved[unequal])
    in_plane = from_wgs84_geometries(rest, parse_crs(plan.working_crs))
    # vertices that one of the two has on a straight border make no difference
    return unequal[2.0 * shapely.area(in_plane) > SLIVER_M * shapely.length(in_plane)]


def _words(plan: StoredPlan, off: Texts) -> str:
    shown = ", ".join(off[:_SHOWN]) + (f" and {len(off) - _SHOWN} more" if len(off) > _SHOWN else "")
    return f"Areas of plan {plan.name!r} are not the ground of their blocks: {shown}."
