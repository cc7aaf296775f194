"""Blocks between the streets and rivers, to the centimetre, and the borders that they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.districts.cuts import Cuts
from benchmarks.districts.ground import Ground
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.types import Floats, Geometries, Ints

GRID_M: Final = 0.01
_ON_RIVER_M: Final = 0.05
_RIVER_POINTS: Final = 140


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Borders of blocks, pair by pair.

    Attributes
    ----------
    a, b : numpy.ndarray of int, shape (m,)
        The two blocks, ``a < b``; every pair once, in ascending order.
    class_length_m : numpy.ndarray, shape (m, len(EdgeClass))
        Metres of the border by what lies along it.
    outer_m : numpy.ndarray, shape (n,)
        Metres of each block's border that it shares with none.
    """

    a: Ints
    b: Ints
    class_length_m: Floats
    outer_m: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Segments:
    a: Ints
    b: Ints
    length_m: Floats
    x: Floats  # of the middle
    y: Floats
    outer_m: Floats  # per face


def rivers(ground: Ground, areas: int, rng: np.random.Generator) -> Geometries:
    """Draw winding rivers from side to side, in turns from west to east and from south to north."""
    drawn = []
    along = np.linspace(-0.05, 1.05, _RIVER_POINTS)
    for number in range(max(2, areas // 260)):
        across = rng.uniform(0.15, 0.85) + np.cumsum(rng.normal(0, 0.008, _RIVER_POINTS))
        across += 0.03 * np.sin(along * rng.uniform(6, 16) + rng.uniform(0, 6))
        xy = np.column_stack([across, along] if number % 2 else [along, across])
        drawn.append(shapely.linestrings(xy * [ground.width_m, ground.height_m]))
    return np.array(drawn, dtype=object)


def faces(cuts: Cuts, water: Geometries, ground: Ground) -> tuple[Geometries, Ints, Borders]:
    """Node streets and rivers, and take the faces between them that lie in pieces and hang together.

    Returns
    -------
    polygons : numpy.ndarray of shapely.Polygon, shape (n,)
        An exact coverage on a grid of centimetres, with a vertex at every T-junction.
    node : numpy.ndarray of int, shape (n,)
        In the tree of cuts.
    borders : Borders
        Metres by class: water where a river lies, else the street that parts the two blocks.
    """
    frame = shapely.box(0, 0, ground.width_m, ground.height_m)
    lines = np.concatenate([shapely.boundary(cuts.pieces), shapely.intersection(water, frame)])
    noded = shapely.union_all(lines, grid_size=GRID_M)
    polygons = shapely.get_parts(shapely.polygonize([noded]))
    inner = shapely.point_on_surface(polygons)
    which, piece = shapely.STRtree(cuts.pieces).query(inner, predicate="within")
    # by piece and place: no order of GEOS's own decides on the numbers of blocks
    order = np.lexsort((shapely.get_y(inner[which]), shapely.get_x(inner[which]), piece))
    polygons, node = polygons[which[order]], cuts.node[piece[order]]
    kept = _largest_part(_segments(polygons), len(polygons))
    polygons, node = polygons[kept], node[kept]
    segments = _segments(polygons)
    return polygons, node, _by_pair(segments, _classes(segments, node, cuts, water))


def _segments(polygons: Geometries) -> _Segments:
    """Find the segments that two faces have in common."""
    rings, face = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    whole = np.rint(xy / GRID_M).astype(np.int64)
    _, vertex = np.unique(whole[:, 0] << 32 | whole[:, 1], return_inverse=True)
    inside = ring[1:] == ring[:-1]
    one, other, face = vertex[:-1][inside], vertex[1:][inside], face[ring[:-1][inside]]
    length_m = np.hypot(*(xy[1:] - xy[:-1])[inside].T)
    middle = ((xy[1:] + xy[:-1]) / 2)[inside]
    key = np.minimum(one, other) * len(xy) + np.maximum(one, other)
    order = np.argsort(key, kind="stable")
    twice = np.flatnonzero(key[order][1:] == key[order][:-1])
    first, second = order[twice], order[twice + 1]
    is_outer = np.ones(len(key), dtype=bool)
    is_outer[first] = is_outer[second] = False
    outer_m = np.bincount(face[is_outer], length_m[is_outer], len(polygons)).astype(np.float64)
    x, y = middle[first].T
    return _Segments(face[first], face[second], length_m[first], x, y, outer_m)


def _largest_part(segments: _Segments, count: int) -> Ints:
    ones = np.ones(len(segments.a))
    joined = coo_array((ones, (segments.a, segments.b)), shape=(count, count))
    _, part = connected_components(joined, directed=False)
    return np.flatnonzero(part == np.bincount(part).argmax())


def _classes(segments: _Segments, node: Ints, cuts: Cuts, water: Geometries) -> Ints:
    """Say what lies along each segment."""
    at_river = shapely.union_all(water)
    shapely.prepare(at_river)
    on_river = shapely.dwithin(shapely.points(segments.x, segments.y), at_river, _ON_RIVER_M)
    a, b = node[segments.a], node[segments.b]
    parting = np.where((a == b) | on_river, EdgeClass.WATER, EdgeClass.UNCLASSIFIED).astype(np.int64)
    rows = np.flatnonzero(parting == EdgeClass.UNCLASSIFIED)
    a, b = a[rows], b[rows]
    # up the tree, the deeper one first: the last step before they meet crosses the street between them
    while len(rows):
        for one, other in ((a, b), (b, a)):
            deeper = (cuts.depth[one] >= cuts.depth[other]) & (one != other)
            parting[rows[deeper]] = cuts.street[one[deeper]]
            one[deeper] = cuts.parent[one[deeper]]
        apart = a != b
        rows, a, b = rows[apart], a[apart], b[apart]
    return parting


def _by_pair(segments: _Segments, edge_class: Ints) -> Borders:
    a, b = np.minimum(segments.a, segments.b), np.maximum(segments.a, segments.b)
    count, kinds = len(segments.outer_m), len(EdgeClass)
    pair, of = np.unique(a * count + b, return_inverse=True)
    metres = np.bincount(of * kinds + edge_class, segments.length_m, minlength=len(pair) * kinds)
    return Borders(
        pair // count, pair % count, metres.reshape(-1, kinds).astype(np.float64), segments.outer_m
    )
