"""What changes hands with the ground: buildings, open events, staff posts; and the ground itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.pieces import is_thin, surfaces
from gisgov.geometry.snap import GRID_DEG
from gisgov.governance.comparison import Overlaps
from gisgov.governance.events import EventState
from gisgov.services.redividing.covering import first_cover
from gisgov.store import cells
from gisgov.types import BBox, Geometries, Texts

Move = tuple[str | None, str | None]
"""Codes from and to; None is ground that one plan does not have."""

_MIN_WIDTH_DEG: Final = 2 * GRID_DEG
_OPEN: Final = [state.value for state in EventState if state.is_open]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The areas of both plans as shapes (EPSG:4326), in the order of their codes."""

    former_codes: Texts
    former: Geometries
    codes: Texts
    areas: Geometries

    @property
    def bbox(self) -> BBox:
        """The box around both plans; nowhere if they have no areas."""
        bounds = np.nan_to_num(shapely.total_bounds(np.concatenate((self.former, self.areas))))
        west, south, east, north = bounds.tolist()
        return west, south, east, north


def shapes_of(
    connection: sa.Connection, overlaps: Overlaps, former_ids: list[int], plan_ids: list[int]
) -> Shapes:
    """Read the shapes of the areas that have something in common."""
    sides = []
    for codes, ids in ((overlaps.former_codes, former_ids), (overlaps.codes, plan_ids)):
        found = cells.shapes_of_areas(connection, ids)
        shapes: Geometries = np.empty(len(codes), dtype=object)
        shapes[:] = [found[code] for code in codes.tolist()]
        sides.append(shapes)
    return Shapes(overlaps.former_codes, sides[0], overlaps.codes, sides[1])


def moved_buildings(connection: sa.Connection, shapes: Shapes) -> Counter[Move]:
    """Count the buildings whose area is of another code than before."""
    return _moved(cells.places_of_buildings(connection, shapes.bbox), shapes)


def moved_events(connection: sa.Connection, shapes: Shapes) -> Counter[Move]:
    """Count the open events whose area is of another code than before."""
    return _moved(cells.places_of_events(connection, shapes.bbox, _OPEN), shapes)


def moved_posts(connection: sa.Connection, layer_id: int, overlaps: Overlaps) -> Counter[Move]:
    """Count the staff posts of areas whose code the second plan has no more, by where most ground goes."""
    gone = set(overlaps.former_codes.tolist()) - set(overlaps.codes.tolist())
    posts = cells.posts_by_code(connection, layer_id)
    heir: dict[str, tuple[float, Move]] = {}
    for i, ground in enumerate(overlaps.ground_m2.tolist()):
        code, _ = move = overlaps.code_of(i)
        if code is not None and code in gone and ground > heir.get(code, (-1.0, move))[0]:
            heir[code] = (ground, move)
    return Counter({move: posts[code] for code, (_, move) in heir.items() if code in posts})


def grounds_of(moves: Iterable[Move], shapes: Shapes) -> Geometries:
    """Return the ground of moves as polygons; None where it is thinner than what is stored can tell."""
    former = dict(zip(shapes.former_codes.tolist(), shapes.former, strict=True))
    areas = dict(zip(shapes.codes.tolist(), shapes.areas, strict=True))
    found = [_ground(former.get(old or ""), areas.get(new or ""), shapes) for old, new in moves]
    grounds: Geometries = np.empty(len(found), dtype=object)
    grounds[:] = found
    return grounds


def _ground(
    old: shapely.Geometry | None, new: shapely.Geometry | None, shapes: Shapes
) -> shapely.MultiPolygon | None:
    if new is None:
        common = _without(old, shapes.areas)
    elif old is None:
        common = _without(new, shapes.former)
    else:
        common = shapely.intersection(old, new)
    parts, _ = surfaces(np.array([common], dtype=object))
    parts = parts[~is_thin(parts, _MIN_WIDTH_DEG)]
    return shapely.MultiPolygon(parts.tolist()) if len(parts) else None


def _without(shape: shapely.Geometry | None, others: Geometries) -> Any:
    near = shapely.STRtree(others).query(shape, predicate="intersects")
    return shapely.difference(shape, shapely.union_all(others[near]))


def _moved(points: Geometries, shapes: Shapes) -> Counter[Move]:
    old, new = first_cover(points, shapes.former), first_cover(points, shapes.areas)
    before = [None if i < 0 else shapes.former_codes[i] for i in old.tolist()]
    after = [None if i < 0 else shapes.codes[i] for i in new.tolist()]
    return Counter(move for move in zip(before, after, strict=True) if move[0] != move[1])
