"""Which areas lie on faulty ground, and the ground cut up where that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.coverage.faces import Faces
from gisgov.geometry.coverage.residual import listed
from gisgov.geometry.coverage.rings import Areas, Rings, rings_of, shapes_of
from gisgov.geometry.pieces import cut_along, fine_grid, inner_points, shift, surfaces
from gisgov.types import Bools, Floats, Geometries, Ints, Progress

_ROUNDING: Final = 1e-9
"""What share of its ground cutting may lose to arithmetic."""


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


def held_ground(faces: Faces, areas: Areas, rings: Rings, *, has_scope: bool, progress: Progress) -> Held:
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
    tree = shapely.STRtree(np.asarray(shapely.box(*rings.bounds().T), dtype=object))
    face, area = tree.query(shapely.box(*shapely.bounds(faces.polygon).T))
    is_on, is_partly = _lie_on(faces.polygon, face, area, rings)
    split = np.unique(face[is_partly])
    is_whole = np.ones(len(faces), dtype=bool)
    is_whole[split] = False
    on = listed(face[is_on], area[is_on], len(faces))
    whole = np.flatnonzero(is_whole)
    polygon, owners, source = [faces.polygon[whole]], [on[i] for i in whole], [whole]
    for i in progress(split.tolist(), label="cutting faulty ground", total=len(split)):
        mine = np.unique(area[(face == i) & (is_on | is_partly)])
        pieces, sets = _cut(faces.polygon[i], shapes_of(areas, mine), mine)
        polygon.append(pieces)
        owners.extend(sets)
        source.append(np.full(len(pieces), i, dtype=np.int64))
    count = np.fromiter(map(len, owners), np.int64, len(owners))
    surplus = faces.surplus[np.concatenate(source)]
    in_scope = count > surplus if has_scope else np.ones(len(owners), dtype=bool)
    return Held(np.concatenate(polygon), tuple(owners), in_scope)


def _lie_on(ground: Geometries, face: Ints, area: Ints, rings: Rings) -> tuple[Bools, Bools]:
    """Say for pairs whether the area covers the face, and whether it may do so in a part only."""
    from gisgov.geometry.coverage import entering, windings

    outlines = rings_of(ground)
    starts = np.delete(np.arange(len(outlines.xy)), outlines.begin[1:] - 1)
    edges = np.hstack((outlines.xy[starts], outlines.xy[starts + 1]))
    ring_begin = outlines.begin - np.arange(len(outlines.begin))
    begin = ring_begin[np.searchsorted(outlines.owner, np.arange(len(ground) + 1))]
    first = np.searchsorted(rings.owner, np.arange(rings.count + 1))
    is_partly, is_on = np.empty(len(face), dtype=bool), np.empty(len(face), dtype=bool)
    boxes = shapely.bounds(ground)
    entering.may_enter(face, area, edges, begin, boxes, rings.xy, rings.begin, first, is_partly)
    inside = inner_points(ground)[face]
    windings.contain(shapely.get_x(inside), shapely.get_y(inside), area, rings.xy, rings.begin, first, is_on)
    return is_on & ~is_partly, is_partly


def _cut(face: shapely.Geometry, areas: Geometries, number: Ints) -> tuple[Geometries, list[tuple[int, ...]]]:
    """Cut one face along the borders of areas; pieces with the same areas on them are one."""
    corner = shapely.bounds(face)[None, :2]
    (ground,) = shift(np.array([face], dtype=object), -corner)
    near = shift(areas, np.repeat(-corner, len(areas), axis=0))
    grid = fine_grid(np.array([ground], dtype=object))
    lines = np.append(_edges_in(near, shapely.bounds(ground)), shapely.boundary(ground))
    shapely.prepare(ground)
    pieces, inside = _pieces_of(ground, lines, None)
    if abs(shapely.area(pieces).sum() - ground.area) > _ROUNDING * ground.area:
        pieces, inside = _pieces_of(
            ground, lines, grid
        )  # free floats are four times faster and can lose ground
    shapely.prepare(near)
    area, piece = np.nonzero(shapely.intersects(near[:, None], inside[None, :]))
    alike: dict[tuple[int, ...], list[shapely.Geometry]] = {}
    for polygon, owners in zip(pieces, listed(piece, number[area], len(pieces)), strict=True):
        alike.setdefault(owners, []).append(polygon)
    merged = np.array([_merged(some, grid) for some in alike.values()], dtype=object)
    polygons, which = surfaces(merged)
    sets = list(alike)
    return shift(polygons, np.repeat(corner, len(polygons), axis=0)), [sets[i] for i in which]


def _pieces_of(
    ground: shapely.Geometry, lines: Geometries, grid: float | None
) -> tuple[Geometries, Geometries]:
    """Cut ground along lines; give the pieces, and a point in each."""
    pieces = cut_along(lines, grid)
    inside = inner_points(pieces)
    own = shapely.intersects(ground, inside)
    return pieces[own], inside[own]


def _edges_in(areas: Geometries, box: Floats) -> Geometries:
    """Draw the edges of areas that reach into a box."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(areas)), return_index=True)
    ends = np.stack((xy[:-1], xy[1:]), axis=1)[ring[1:] == ring[:-1]]
    reaching = (ends.max(axis=1) >= box[:2]).all(axis=1) & (ends.min(axis=1) <= box[2:]).all(axis=1)
    return np.asarray(shapely.linestrings(ends[reaching]), dtype=object)


def _merged(pieces: list[shapely.Geometry], grid: float) -> shapely.Geometry:
    return pieces[0] if len(pieces) == 1 else shapely.union_all(pieces, grid_size=grid)
