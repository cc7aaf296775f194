"""Onto the storage grid, and enough vertices on long borders before that.

A line that is straight between two vertices in one system is bent in another: at 36°N a 40 km border
drawn in a CGCS2000 zone is 23 m off in its middle when its ends are joined in longitude/latitude.
Two neighbours that share both ends still agree, but a third whose corner lies on that border no
longer does, and the ground itself moves. So long edges get vertices before they are transformed
(`densify`); afterwards every vertex is rounded by itself (`snap`), which keeps equal vertices equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.crs import from_wgs84, to_wgs84
from gisgov.geometry.edges import Edges
from gisgov.geometry.systems import WGS84, CoordinateSystem
from gisgov.types import Floats, Geometries, Ints

GRID_DEG: Final = 1e-7
"""Step of stored coordinates in degrees: 11 mm north-south, 11 mm or less east-west."""

_DECIMALS: Final = 7
_DEGREE_M: Final = 111_320.0
# No supported transformation bends an edge of L metres by more than this times L² (measured: 0.9e-7
# for GCJ-02, 0.2e-7 for zones at 50°; a polar plane at 85° reaches 2.2e-7), so shorter edges are let be.
_SHARPEST_BEND: Final = 4e-7
_SAMPLES: Final = np.arange(1, 8) / 8.0
_MOST_PIECES: Final = 1024  # of one edge: enough for 500 km
_CAUTION: Final = 0.9  # the furthest point lies between two samples
_Move = Callable[[Floats, Floats], tuple[Floats, Floats]]


def snap(geometries: Geometries) -> Geometries:
    """Round every vertex to the storage grid of 1e-7°.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        In WGS84 degrees; None stays None, empty stays empty, NaN stays NaN.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        With the same number of vertices. Vertices that were equal stay equal, and each is the float
        nearest to its seven-decimal text, so writing and reading it back changes nothing. A ring
        thinner than the grid may collapse: ask `gisgov.geometry.validity.find_invalid` afterwards.

    Examples
    --------
    >>> snap(np.array([shapely.Point(120.12345678, -1e-9)], dtype=object))[0].wkt
    'POINT (120.1234568 0)'
    """
    rounded: Geometries = shapely.transform(np.asarray(geometries, dtype=object), _rounded)
    return rounded


def densify(
    geometries: Geometries,
    system: CoordinateSystem,
    tolerance_m: float = 0.01,
    *,
    target: CoordinateSystem = WGS84,
) -> Geometries:
    """Add vertices to edges that would bend when their ends are transformed.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Lines and polygons in ``system``; others, None and empty ones are returned as they are.
    system : CoordinateSystem
        In which their edges are straight.
    tolerance_m : float
        How far, in metres, a transformed edge may lie from the true border.
    target : CoordinateSystem
        Where they will be transformed to, vertex by vertex.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        Still in ``system``. Old vertices are kept to the bit. New ones are computed along the edge
        from its smaller end to its larger one whichever way the ring runs, so two neighbours that
        share an edge get identical ones.

    Notes
    -----
    Each edge is halved until seven points on every piece lie within the tolerance of the piece's
    chord. Neighbours agree edge by edge: where one has a vertex in the middle of the other's edge,
    give the other that vertex first (`gisgov.geometry.noding.add_missing_vertices`).

    Examples
    --------
    >>> from gisgov.geometry.crs import parse_crs
    >>> border = shapely.LineString([(480_000, 3_400_000), (520_000, 3_400_000)])
    >>> shapely.get_num_coordinates(densify(np.array([border]), parse_crs(4549))).tolist()
    [65]
    """
    geometries = np.array(geometries, dtype=object)
    if system == target or (_is_plain_degrees(system) and _is_plain_degrees(target)):
        return geometries

    def move(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return from_wgs84(*to_wgs84(x, y, system), target)

    edges = Edges(geometries)
    lower, upper, is_backward = edges.canonical()
    edge, cut = _cuts(lower, upper, move, target, tolerance_m)
    order = np.lexsort((np.where(is_backward[edge], -cut, cut), edge))
    edge, cut = edge[order], cut[order]
    return edges.with_vertices(edge, lower[edge] + cut[:, None] * (upper[edge] - lower[edge]))


def _rounded(xy: Floats) -> Floats:
    return np.asarray(np.round(xy, _DECIMALS) + 0.0)  # adding zero turns -0.0 into 0.0


def _is_plain_degrees(system: CoordinateSystem) -> bool:
    """Whether it is a degree grid of some datum: between two of those straight stays straight."""
    return system.crs is not None and system.is_geographic


def _cuts(
    a: Floats, b: Floats, move: _Move, target: CoordinateSystem, tolerance_m: float
) -> tuple[Ints, Floats]:
    """Find where edges ``a``-``b`` must be cut: edge numbers and positions along them in 0..1."""
    first, last = _moved(a, move), _moved(b, move)
    span = (last - first) * _metres(first, last, target)
    length_m = np.hypot(span[:, 0], span[:, 1])
    shortest_m = np.sqrt(tolerance_m / _SHARPEST_BEND)
    edge = np.flatnonzero(length_m > shortest_m)
    since, until = np.zeros(edge.size), np.ones(edge.size)
    edges, cuts = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    while edge.size:
        bent = _bend_m(a[edge], b[edge], since, until, move, target) > _CAUTION * tolerance_m
        edge, since, until = edge[bent], since[bent], until[bent]
        middle = (since + until) / 2.0
        edges.append(edge)
        cuts.append(middle)
        edge, since, until = np.tile(edge, 2), np.r_[since, middle], np.r_[middle, until]
        # stops at a jump too (the rim of the China box) and at coordinates that are nowhere on Earth,
        # which no number of vertices smooths
        long = (length_m[edge] * (until - since) > shortest_m) & (until - since >= 2 / _MOST_PIECES)
        edge, since, until = edge[long], since[long], until[long]
    return np.concatenate(edges), np.concatenate(cuts)


def _bend_m(
    a: Floats, b: Floats, since: Floats, until: Floats, move: _Move, target: CoordinateSystem
) -> Floats:
    """Measure how far pieces of edges lie from the chords of their transformed ends."""

    def at(share: Floats) -> Floats:
        return _moved(a + share[:, None] * (b - a), move)

    first, last = at(since), at(until)
    metres = _metres(first, last, target)  # one scale per piece: the chord is straight in the target itself
    chord = (last - first) * metres
    length = np.hypot(chord[:, 0], chord[:, 1])
    furthest = np.zeros(len(a))
    for sample in _SAMPLES:
        offset = (at(since + sample * (until - since)) - first) * metres
        across = np.abs(chord[:, 0] * offset[:, 1] - chord[:, 1] * offset[:, 0])
        furthest = np.fmax(furthest, across / np.where(length > 0.0, length, 1.0))
    return furthest


def _moved(xy: Floats, move: _Move) -> Floats:
    return np.column_stack(move(xy[:, 0], xy[:, 1]))


def _metres(start: Floats, end: Floats, target: CoordinateSystem) -> Floats:
    """Metres per unit of each axis along edges, to better than 1 %; shape (n, 2)."""
    if not target.is_geographic and target.crs is not None:
        return np.full(start.shape, target.crs.axis_info[0].unit_conversion_factor)
    parallel = np.cos(np.radians((start[:, 1] + end[:, 1]) / 2.0))
    return np.column_stack((parallel, np.ones(len(parallel)))) * _DEGREE_M
