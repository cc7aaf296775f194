"""Residual edges that cross, touch or coincide, cut into faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import KDTree

from gisgov.geometry.coverage.clusters import joined
from gisgov.geometry.coverage.local import exact_corner, in_metres
from gisgov.geometry.coverage.residual import Residual, distinct
from gisgov.geometry.pieces import cut_along, fine_grid, inner_points, is_thin
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Floats, Geometries, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Tangle:
    """The faces of one tangle; the attributes are those of `gisgov.geometry.coverage.faces.Faces`.

    Attributes
    ----------
    polygon, surplus, bound
        The wide faces.
    edge : numpy.ndarray of int
        Edges by their places in the tangle.
    thin : int
        How many faces were too narrow.
    """

    polygon: Geometries
    surplus: Ints
    bound: Ints
    edge: Ints
    thin: int


def untangle(residual: Residual, edges: Ints, *, width_m: float, system: CoordinateSystem | None) -> Tangle:
    """Cut edges where they meet, and find the faces between them.

    Parameters
    ----------
    residual : Residual
        All edges.
    edges : numpy.ndarray of int, shape (k,)
        Those of the tangle.
    width_m : float
        Narrower faces are only counted.
    system : CoordinateSystem or None
        What the coordinates are in; None for a plane in metres.
    """
    from gisgov.geometry.coverage import windings

    start, end = residual.vertex[residual.start[edges]], residual.vertex[residual.end[edges]]
    corner = exact_corner(np.concatenate((start, end)))
    lines = np.asarray(shapely.linestrings(np.stack((start - corner, end - corner), axis=1)))
    grid = fine_grid(lines)
    faces = cut_along(lines, grid)
    placed = _placed(faces, start, corner, grid)
    is_wide = ~is_thin(in_metres(placed, system), width_m)
    thin = int(np.count_nonzero(~is_wide))
    faces, placed = faces[is_wide], placed[is_wide]
    inside = inner_points(faces)
    surplus = np.empty(len(faces), dtype=np.int64)
    windings.wind(
        shapely.get_x(inside),
        shapely.get_y(inside),
        np.zeros(len(faces), dtype=np.int64),
        start - corner,
        end - corner,
        residual.times[edges],
        np.array([0, len(edges)], dtype=np.int64),
        surplus,
    )
    bound, edge = _bounding(faces, lines, grid)
    return Tangle(placed, surplus, bound, edge, thin)


def _placed(faces: Geometries, vertices: Floats, corner: Floats, grid: float) -> Geometries:
    """Put faces back in their place; corners that are vertices of areas get their very bits."""
    xy = shapely.get_coordinates(faces)
    away, nearest = KDTree(vertices - corner).query(xy, distance_upper_bound=2.0 * grid)
    is_old = np.isfinite(away)
    xy += corner
    xy[is_old] = vertices[nearest[is_old]]
    placed: Geometries = shapely.set_coordinates(faces.copy(), xy)
    return placed


def only_seams(residual: Residual, cluster: Ints, chosen: Ints, reach: float) -> Ints:
    """Say which clusters cancel once vertices that nearly coincide are one.

    Moving vertices by half a width moves no border farther, so all surplus ground is nearer than that to a
    border: no circle of the width fits in, and there is nothing to untangle.

    Parameters
    ----------
    residual : Residual
        The edges.
    cluster : numpy.ndarray of int, shape (k,)
        Cluster of each edge.
    chosen : numpy.ndarray of int, shape (c,)
        Numbers of clusters, ascending.
    reach : float
        Half the width, in units of the coordinates.

    Returns
    -------
    numpy.ndarray of int
        Those of the chosen ones.
    """
    edges = np.flatnonzero(np.isin(cluster, chosen))
    used, ends = np.unique(np.concatenate((residual.start[edges], residual.end[edges])), return_inverse=True)
    near = near_pairs(residual.vertex[used], reach)
    seam = joined(near[:, 0], near[:, 1], len(used))
    # groups may be wider than the reach: then this says nothing, and the cluster is untangled
    low, high = np.full((len(used), 2), np.inf), np.full((len(used), 2), -np.inf)
    np.minimum.at(low, seam, residual.vertex[used])
    np.maximum.at(high, seam, residual.vertex[used])
    is_wide = np.hypot(*(high - low).T)[seam] > reach
    start, end = seam[ends[: len(edges)]], seam[ends[len(edges) :]]
    key, place = np.unique(np.minimum(start, end) << 32 | np.maximum(start, end), return_inverse=True)
    net = np.bincount(place, np.where(start < end, 1, -1) * residual.times[edges], minlength=len(key))
    is_open = (net[place] != 0) & (start != end)
    is_open |= is_wide[ends[: len(edges)]] | is_wide[ends[len(edges) :]]
    return np.setdiff1d(chosen, cluster[edges[is_open]])


def near_pairs(xy: Floats, reach: float) -> Ints:
    """Pair vertices that are no farther apart than a reach, shape (p, 2)."""
    found: Ints = KDTree(xy).query_pairs(reach, output_type="ndarray").astype(np.int64)
    return found


def _bounding(faces: Geometries, lines: Geometries, grid: float) -> tuple[Ints, Ints]:
    """Pair faces with the edges that their borders run along: those near the middle of a piece of border."""
    rings, face = shapely.get_rings(faces, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    middle = shapely.points(((xy[1:] + xy[:-1]) / 2.0)[follows])
    piece, edge = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=2.0 * grid)
    return distinct(face[ring[:-1][follows]][piece].astype(np.int64), edge.astype(np.int64))
