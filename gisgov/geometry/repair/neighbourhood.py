"""The edges around defects, and of whom they are: all that a repair may change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.edges import Edges
from gisgov.geometry.repair.linework import Linework
from gisgov.types import Bools, Floats, Geometries, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """The areas around defects, their edges near the defects as linework, the others as they are.

    Attributes
    ----------
    numbers : numpy.ndarray of int, shape (k,)
        The areas, ascending; owner ``i`` of the linework is area ``numbers[i]``.
    ground : numpy.ndarray of shapely.Geometry, shape (k + fixed,)
        Their polygons (None where there are none), then the scope and the parents.
    linework : Linework
        Every edge of theirs whose box meets a box of a defect.
    boxes : numpy.ndarray of shapely.Geometry, shape (b,)
        Those boxes.
    rest_start, rest_end : numpy.ndarray of float, shape (r, 2)
        The other edges of the areas and the scope as their rings run, their ground on the left.
    rest_owner : numpy.ndarray of int, shape (r,)
        Owners of those, ascending.
    """

    numbers: Ints
    ground: Geometries
    linework: Linework
    boxes: Geometries
    rest_start: Floats
    rest_end: Floats
    rest_owner: Ints

    def near_vertices(self) -> Bools:
        """Say which vertices of the linework lie in a box: every edge at them is there; shape (v,)."""
        is_near = np.zeros(len(self.linework.xy), dtype=bool)
        is_near[shapely.STRtree(self.boxes).query(shapely.points(self.linework.xy))[0]] = True
        return is_near


def areas_near(areas: Geometries, boxes: Geometries) -> Ints:
    """List the areas whose boxes meet one of some boxes.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, shape (n,)
        None and empty ones are near nothing.
    boxes : numpy.ndarray of shapely.Geometry, shape (b,)
        In the coordinates of the areas.

    Returns
    -------
    numpy.ndarray of int
        Ascending. Every edge that meets a box is one of these areas'.
    """
    area, _ = shapely.STRtree(boxes).query(areas)
    return np.unique(area).astype(np.int64)


def gather(
    numbers: Ints, ground: Geometries, fixed: Geometries, boxes: Geometries, *, has_scope: bool
) -> Neighbourhood:
    """Take the edges of areas apart into those near defects and the others.

    Parameters
    ----------
    numbers : numpy.ndarray of int, shape (k,)
        As `areas_near` lists them.
    ground : numpy.ndarray of shapely.Geometry, shape (k,)
        Valid polygons of those areas; None where there are none.
    fixed : numpy.ndarray of shapely.Geometry, shape (f,)
        The scope, where there is one, and parents: their borders take part and stay.
    boxes : numpy.ndarray of shapely.Geometry, shape (b,)
        Where the defects are.
    has_scope : bool
        Whether the first of ``fixed`` is the scope.

    Returns
    -------
    Neighbourhood
        Edges between equal vertices are left out, −0.0 is 0.0.
    """
    everyone: Geometries = np.concatenate((ground, fixed))
    edges = Edges(shapely.orient_polygons(everyone))
    start, end = edges.start + 0.0, edges.end + 0.0
    is_edge = (start != end).any(axis=1)
    is_in = is_edge & _meet(start, end, edges.owner, ground, boxes)
    ends = np.ascontiguousarray(np.concatenate((start[is_in], end[is_in])))
    # pairs as complex numbers: sorted ten times faster than rows
    places, vertex = np.unique(ends.view(np.complex128).ravel(), return_inverse=True)
    count = np.count_nonzero(is_in)
    linework = Linework.of(
        np.column_stack((places.real, places.imag)),
        vertex[:count],
        vertex[count:],
        edges.owner[is_in],
        np.ones(count, dtype=np.int64),
        areas=len(ground),
        has_scope=has_scope,
    )
    rest = np.flatnonzero(is_edge & ~is_in & (edges.owner < len(ground) + int(has_scope)))
    rest = rest[np.argsort(edges.owner[rest], kind="stable")]
    return Neighbourhood(numbers, everyone, linework, boxes, start[rest], end[rest], edges.owner[rest])


def _meet(start: Floats, end: Floats, owner: Ints, areas: Geometries, boxes: Geometries) -> Bools:
    """Whether the box of each edge meets one of the boxes; owners beyond the areas run past most of them."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    tree, met = shapely.STRtree(boxes), np.zeros(len(start), dtype=bool)
    far = np.flatnonzero(owner >= len(areas))
    lines: Geometries = np.asarray(shapely.linestrings(np.stack((low[far], high[far]), axis=1)))
    met[far[tree.query(lines)[0]]] = True
    # an area is near few boxes: its edges are compared with those
    area, box = tree.query(areas)
    order = np.argsort(owner, kind="stable")
    first, after = np.searchsorted(owner[order], area), np.searchsorted(owner[order], area, "right")
    times = after - first
    edge = order[np.repeat(first - np.cumsum(times) + times, times) + np.arange(times.sum())]
    bounds = shapely.bounds(boxes)[np.repeat(box, times)]
    hit = (low[edge] <= bounds[:, 2:]) & (high[edge] >= bounds[:, :2])
    met[edge[hit.all(axis=1)]] = True
    return met
