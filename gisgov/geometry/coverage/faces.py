"""Faces of the residual: the faulty ground, with how many areas too many lie on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.coverage.clusters import Loops, clusters_of, joined, loop_rings, loops_of
from gisgov.geometry.coverage.local import in_metres, metres_per_unit
from gisgov.geometry.coverage.residual import Residual
from gisgov.geometry.coverage.tangles import near_pairs, only_seams, untangle
from gisgov.geometry.pieces import is_thin
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Bools, Floats, Geometries, Ints, Progress


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Ground bounded by residual edges.

    Attributes
    ----------
    polygon : numpy.ndarray of shapely.Polygon, shape (n,)
        In the coordinates of the areas.
    surplus : numpy.ndarray of int, shape (n,)
        Number of areas over it minus one inside the scope; −1 for a gap.
    bound : numpy.ndarray of int, shape (m,)
        Numbers of faces, together with ``edge``: which residual edges bound each.
    edge : numpy.ndarray of int, shape (m,)
        Numbers of residual edges.
    """

    polygon: Geometries
    surplus: Ints
    bound: Ints
    edge: Ints

    def __len__(self) -> int:
        return len(self.surplus)

    def where(self, chosen: Bools) -> Faces:
        """Keep some faces, in their order."""
        number = np.cumsum(chosen) - 1
        kept = chosen[self.bound]
        return Faces(self.polygon[chosen], self.surplus[chosen], number[self.bound[kept]], self.edge[kept])


def find_faces(
    residual: Residual, *, whole: bool, width_m: float, system: CoordinateSystem | None, progress: Progress
) -> tuple[Faces, int]:
    """Find the ground that residual edges bound.

    Parameters
    ----------
    residual : Residual
        The edges.
    whole : bool
        Whether to treat all edges together, and to give faces without surplus as well: without a scope
        those are ground that areas enclose.
    width_m : float
        Narrower faces are only counted.
    system : CoordinateSystem or None
        What the coordinates are in; None for a plane in metres.
    progress : Progress
        Told of the places where edges cross or touch.

    Returns
    -------
    faces : Faces
        Those that are wide enough and have a surplus (see ``whole``).
    thin : int
        How many with a surplus were too narrow.
    """
    group, cluster = clusters_of(residual)
    if whole:
        cluster = np.zeros_like(cluster)
    loops, is_tangled = loops_of(residual, group, cluster)
    free = _faces_of_loops(residual, loops)
    is_wide = ~is_thin(in_metres(free.polygon, system), width_m)
    found = [free.where(is_wide & (whole | (free.surplus != 0)))]
    thin = int(np.count_nonzero(~is_wide & (free.surplus != 0)))
    of_edge = cluster[group]
    tangled = np.flatnonzero(is_tangled)
    reach = width_m / 2.0 / metres_per_unit(residual.vertex[:1, 1], system).max(initial=1.0)
    tangled = np.setdiff1d(tangled, only_seams(residual, of_edge, tangled, reach))
    order = np.argsort(of_edge, kind="stable")
    first = np.searchsorted(of_edge[order], tangled)
    after = np.searchsorted(of_edge[order], tangled, "right")
    pairs = list(zip(first.tolist(), after.tolist(), strict=True))
    for a, b in progress(pairs, label="untangling borders", total=len(pairs)):
        edges = order[a:b]
        tangle = untangle(residual, edges, width_m=width_m, system=system)
        faces = Faces(tangle.polygon, tangle.surplus, tangle.bound, edges[tangle.edge])
        found.append(faces.where(whole | (faces.surplus != 0)))
        thin += tangle.thin
    return _together(found), thin


def mismatches(
    residual: Residual, faces: Faces, *, ordinary: int, tolerance_m: float, system: CoordinateSystem | None
) -> tuple[Ints, Ints]:
    """Group the residual edges that bound no faulty ground: there the vertices differ, and nothing else.

    Parameters
    ----------
    residual : Residual
        The edges.
    faces : Faces
        The faulty ground, and without a scope also that of single areas.
    ordinary : int
        Surplus of ground that is not faulty: 0 with a scope, 1 without.
    tolerance_m : float
        Edges with vertices no farther apart than this belong together.
    system : CoordinateSystem or None
        What the coordinates are in.

    Returns
    -------
    group, edge : numpy.ndarray of int, shape (m,)
        Groups from 0, ascending, and the edges of each.
    """
    is_left = np.ones(len(residual), dtype=bool)
    is_left[faces.edge[faces.surplus[faces.bound] != ordinary]] = False
    left = np.flatnonzero(is_left)
    if ordinary:  # the outline of the areas is left over as well; it has their ground on one side only
        ground = faces.polygon[faces.surplus == ordinary]
        left = left[~_are_outline(residual, left, ground, tolerance_m, system)]
    used, ends = np.unique(np.concatenate((residual.start[left], residual.end[left])), return_inverse=True)
    xy = residual.vertex[used]
    near = near_pairs(xy, tolerance_m / metres_per_unit(xy[:1, 1], system).max(initial=1.0))
    a, b = np.concatenate((np.column_stack((ends[: len(left)], ends[len(left) :])), near)).T
    group = joined(a, b, len(used))[ends[: len(left)]]
    _, group = np.unique(group, return_inverse=True)
    order = np.argsort(group, kind="stable")
    return group[order], left[order]


def missing_somewhere(
    residual: Residual, edges: Ints, *, tolerance_m: float, system: CoordinateSystem | None
) -> Bools:
    """Say which vertices lie on an edge, of some edges, that has no vertex there, shape (v,)."""
    start, end = residual.start[edges], residual.end[edges]
    ends = np.stack((residual.vertex[start], residual.vertex[end]), axis=1)
    vertex = np.unique(np.concatenate((start, end)))
    xy = residual.vertex[vertex]
    reach = tolerance_m / metres_per_unit(xy[:1, 1], system).max(initial=1.0)
    tree = shapely.STRtree(np.asarray(shapely.linestrings(ends), dtype=object))
    at, edge = tree.query(shapely.points(xy), predicate="dwithin", distance=reach)
    away = np.hypot(*(ends[edge] - xy[at][:, None]).transpose(2, 0, 1)).min(axis=1)
    found = np.zeros(len(residual.vertex), dtype=bool)
    found[vertex[at[away > reach]]] = True
    return found


def _are_outline(
    residual: Residual, edges: Ints, ground: Geometries, tolerance_m: float, system: CoordinateSystem | None
) -> Bools:
    """Say which edges have ground on one side only, a little farther away than slits are wide."""
    start, end = residual.vertex[residual.start[edges]], residual.vertex[residual.end[edges]]
    scale = metres_per_unit(start[:, 1], system)
    along = (end - start) * scale
    across = np.column_stack((-along[:, 1], along[:, 0])) / np.hypot(*along.T)[:, None]
    aside = 2.0 * tolerance_m * across / scale
    is_on = np.zeros((2, len(edges)), dtype=bool)
    for side, places in enumerate(((start + end) / 2.0 + aside, (start + end) / 2.0 - aside)):
        is_on[side, _places_on(ground, places)[0]] = True
    return np.asarray(is_on[0] != is_on[1])


def _faces_of_loops(residual: Residual, loops: Loops) -> Faces:
    """Make faces of loops that lie apart or inside each other."""
    if not len(loops):
        none = np.zeros(0, dtype=np.int64)
        return Faces(np.zeros(0, dtype=object), none, none, none)
    xy, ring = loop_rings(residual, loops)
    number = np.repeat(np.arange(len(loops)), np.diff(ring))
    rings: Geometries = np.asarray(shapely.linearrings(xy, indices=number), dtype=object)
    polygon: Geometries = np.asarray(shapely.polygons(rings), dtype=object)
    turn = np.where(shapely.is_ccw(rings), 1, -1)
    surplus = turn.astype(np.int64)
    bound, edge = np.repeat(np.arange(len(loops)), np.diff(loops.begin)), loops.edge
    several = np.flatnonzero(np.bincount(loops.cluster)[loops.cluster] > 1)
    if several.size:
        inner, outer = _nesting(polygon, several)
        np.add.at(surplus, inner, turn[outer])
        depth = np.bincount(inner, minlength=len(loops))
        direct = depth[outer] == depth[inner] - 1
        inner, outer = inner[direct], outer[direct]
        for host in np.unique(outer):
            holes = inner[outer == host]
            polygon[host] = shapely.polygons(rings[host], holes=rings[holes])
        length = np.diff(loops.begin)[inner]
        at = np.repeat(loops.begin[inner] - np.cumsum(length) + length, length) + np.arange(length.sum())
        bound, edge = np.append(bound, np.repeat(outer, length)), np.append(edge, loops.edge[at])
    return Faces(polygon, surplus, bound, edge)


def _nesting(polygon: Geometries, several: Ints) -> tuple[Ints, Ints]:
    """Pair each loop with every loop around it; loops do not meet, so one vertex tells."""
    xy, number = shapely.get_coordinates(polygon[several], return_index=True)
    a, b = _places_on(polygon[several], xy[np.flatnonzero(np.diff(number, prepend=-1))])
    return several[a[a != b]], several[b[a != b]]


def _places_on(ground: Geometries, places: Floats) -> tuple[Ints, Ints]:
    """Pair places with the ground that they lie on.

    A tree asked with a predicate prepares each place, never the ground, and passes over all its vertices.
    """
    shapely.prepare(ground)
    place, number = shapely.STRtree(ground).query(shapely.points(places))
    lies_on = shapely.intersects_xy(ground[number], places[place])
    return place[lies_on], number[lies_on]


def _together(found: list[Faces]) -> Faces:
    offset = np.cumsum([0, *(len(faces) for faces in found)])
    return Faces(
        np.concatenate([faces.polygon for faces in found]),
        np.concatenate([faces.surplus for faces in found]),
        np.concatenate([faces.bound + by for faces, by in zip(found, offset, strict=False)]),
        np.concatenate([faces.edge for faces in found]),
    )
