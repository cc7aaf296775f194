"""Which areas lie on faulty ground, and the ground cut up where that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.coverage.faces import Faces
from gisgov.geometry.coverage.residual import listed
from gisgov.geometry.coverage.rings import Areas, Rings, shapes_of
from gisgov.geometry.pieces import cut_along, fine_grid, shift, surfaces
from gisgov.types import Bools, Geometries, Ints, Progress

_ARITHMETIC: Final = 8.0
"""Steps of the overlay's grid along a border within which ground is nobody's: rounding, no ground."""
_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Ground with the areas on it.

    Attributes
    ----------
    polygon : numpy.ndarray of shapely.Polygon, shape (n,)
        Pieces of faces.
    areas : tuple of tuple of int, length n
        Numbers of the areas that cover each, ascending.
    in_scope : numpy.ndarray of bool, shape (n,)
        Whether it lies in the scope.
    """

    polygon: Geometries
    areas: tuple[tuple[int, ...], ...]
    in_scope: Bools


def held_ground(
    faces: Faces, areas: Areas, rings: Rings, *, has_scope: bool, progress: Progress
) -> Held:
    """Name the areas on faces, and cut faces on which they are not the same everywhere.

    Parameters
    ----------
    faces : Faces
        With too many areas on them.
    areas : numpy.ndarray of shapely.Geometry, or sequence of bytes
        The areas.
    rings : Rings
        Their rings.
    has_scope : bool
        Whether one area inside a scope was taken off the surplus.
    progress : Progress
        Told of the faces.

    Returns
    -------
    Held
        All ground of the faces.
    """
    boxes = rings.bounds()
    tree = shapely.STRtree(shapely.box(*boxes.T))
    pairs_of = tree.query(shapely.box(*shapely.bounds(faces.polygon).T))
    polygon: list[Geometries] = [np.zeros(0, dtype=object)]
    owners: list[tuple[int, ...]] = []
    inside: list[bool] = []
    portions = range(0, len(faces), _AT_ONCE)
    for begin in progress(portions, label="naming faulty ground", total=len(portions)):
        chosen = (pairs_of[0] >= begin) & (pairs_of[0] < begin + _AT_ONCE)
        face, area = pairs_of[0][chosen] - begin, pairs_of[1][chosen]
        ground = faces.polygon[begin : begin + _AT_ONCE]
        pieces, on, source = _divided(ground, face, area, shapes_of(areas, np.unique(area)))
        polygon.append(pieces)
        owners.extend(on)
        surplus = faces.surplus[begin + source]
        count = np.fromiter(map(len, on), np.int64, len(on))
        inside.extend((count > surplus if has_scope else np.ones(len(on), dtype=bool)).tolist())
    return Held(np.concatenate(polygon), tuple(owners), np.array(inside, dtype=bool))


def _divided(
    ground: Geometries, face: Ints, area: Ints, shapes: Geometries
) -> tuple[Geometries, list[tuple[int, ...]], Ints]:
    """Cut faces along the borders of areas that lie on a part of them.

    Returns the pieces, the areas on each, and the face each comes from.
    """
    named = np.unique(area)
    corner = shapely.bounds(ground)[:, :2]
    near = shift(ground, -corner)
    grid = fine_grid(near)
    local = shift(shapes[np.searchsorted(named, area)], -corner[face])
    common = _common(near[face], local, grid)
    shared, size = shapely.area(common), shapely.area(near)
    doubt = _ARITHMETIC * grid * (shapely.length(near) + 1.0)[face]
    is_on = shared > size[face] - doubt
    is_partly = ~is_on & (shared > doubt)
    split = np.unique(face[is_partly])
    is_whole = np.ones(len(ground), dtype=bool)
    is_whole[split] = False
    whole = np.flatnonzero(is_whole)
    polygon: list[Geometries] = [ground[whole]]
    on = listed(face[is_on], area[is_on], len(ground))
    owners = [on[i] for i in whole]
    source = [whole]
    for i in split:
        mine = np.flatnonzero((face == i) & (is_on | is_partly))
        pieces, sets = _cut(near[i], common[mine], area[mine], grid)
        polygon.append(shift(pieces, np.broadcast_to(corner[i], (len(pieces), 2))))
        owners.extend(sets)
        source.append(np.full(len(pieces), i, dtype=np.int64))
    return np.concatenate(polygon), owners, np.concatenate(source)


def _common(ground: Geometries, areas: Geometries, grid: float) -> Geometries:
    """Intersect pairs of ground and area; pairs that share a border alone are empty."""
    common: Geometries = np.full(len(ground), shapely.Polygon(), dtype=object)
    shapely.prepare(ground)
    meet = np.flatnonzero(shapely.intersects(ground, areas))
    common[meet] = shapely.intersection(ground[meet], areas[meet], grid_size=grid)
    return common


def _cut(
    ground: shapely.Geometry, common: Geometries, area: Ints, grid: float
) -> tuple[Geometries, list[tuple[int, ...]]]:
    """Cut one face along the borders of its common ground with areas; pieces with the same areas are one."""
    parts, number = surfaces(common)
    pieces = cut_along(shapely.boundary(np.append(parts, ground)), grid)
    inside = shapely.point_on_surface(pieces)
    own = shapely.intersects(ground, inside)
    pieces, inside = pieces[own], inside[own]
    piece, part = shapely.STRtree(parts).query(inside, predicate="intersects")
    alike: dict[tuple[int, ...], list[shapely.Geometry]] = {}
    for polygon, owners in zip(pieces, listed(piece, area[number[part]], len(pieces)), strict=True):
        alike.setdefault(owners, []).append(polygon)
    merged = np.array([shapely.union_all(some, grid_size=grid) for some in alike.values()], dtype=object)
    polygons, which = surfaces(merged)
    sets = list(alike)
    return polygons, [sets[i] for i in which]

