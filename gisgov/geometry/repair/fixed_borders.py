"""Vertices beside borders that stay: they move, and the border of the scope or a parent does not."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import cKDTree

from gisgov.geometry.repair.contacts import ARITHMETIC_M
from gisgov.geometry.repair.linework import Linework
from gisgov.geometry.repair.precision import Precision
from gisgov.types import Bools, Floats, Geometries, Ints


def onto_fixed_borders(
    linework: Linework, local: Floats, is_movable: Bools, precision: Precision
) -> Linework:
    """Move vertices within the tolerance of a fixed border onto it.

    Parameters
    ----------
    linework : Linework
        The edges.
    local : numpy.ndarray of float, shape (v, 2)
        Its vertices in metres.
    is_movable : numpy.ndarray of bool, shape (v,)
        Which vertices may move.
    precision : Precision
        How finely borders are compared.

    Returns
    -------
    Linework
        New places are appended to its vertices. On a grid a vertex may already be as near as it can be.
    """
    fixed = np.flatnonzero(linework.is_fixed())
    used = linework.used
    candidates = used[is_movable[used]]
    if not fixed.size or not candidates.size:
        return linework
    ends = np.stack((local[linework.lower[fixed]], local[linework.upper[fixed]]), axis=1)
    lines: Geometries = np.asarray(shapely.linestrings(ends))
    points: Geometries = np.asarray(shapely.points(local[candidates]))
    (vertex, line), away_m = shapely.STRtree(lines).query_nearest(
        points, max_distance=precision.tolerance_m, return_distance=True, all_matches=False
    )
    beside = away_m > ARITHMETIC_M
    vertex, line = vertex[beside], lines[line[beside]]
    along = shapely.line_locate_point(line, points[vertex])
    place = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    xy = precision.rounded(precision.plane.back(place))
    to: Ints = np.arange(len(local) + len(xy))
    to[candidates[vertex]] = len(local) + np.arange(len(xy))
    near_m, nearest = cKDTree(local[used]).query(precision.plane.local(xy).reshape(-1, 2))
    known = near_m <= precision.step_m
    to[candidates[vertex[known]]] = used[nearest[known]]
    to[used[nearest[known]]] = used[nearest[known]]
    return linework.with_places(np.concatenate((linework.xy, xy))).moved(to)
