"""Cut the ground in two again and again, as streets do: the larger the piece, the larger the street.

All pieces of one generation are cut at once. Pieces are convex rings, kept as one array with the first corner
repeated behind the last one of shorter rings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from benchmarks.districts.ground import CELLS, Ground
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.types import Bools, Floats, Geometries, Ints

_ARTERIAL_M2: Final = 2.0e6
"""A street that cuts a larger piece is arterial, ..."""
_COLLECTOR_M2: Final = 2.2e5
"""... and one that cuts a larger one than this, a collector."""
_LARGEST_M2: Final = 1.5e6
_OUTSIDE_M2: Final = 1e5
"""Pieces outside the district that are smaller are not cut further."""
_SPREAD: Final = (0.9, 2.1)
"""A piece is cut while it is larger than the block wanted there, times something between these."""
_DENSITY_POWER: Final = -0.55
_DENSITY_LEAST: Final = 0.05
_MARGIN: Final = 1.07
"""Blocks come out so much smaller than wanted on average, and rivers make more of them."""
_MIDDLE: Final = (0.34, 0.66)
"""Where across a piece its street lies."""


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """The pieces that are left, and the tree of cuts that made them.

    Attributes
    ----------
    pieces : numpy.ndarray of shapely.Polygon, shape (n,)
        Convex, inside the district; T-junctions have no vertex on the straight side.
    node : numpy.ndarray of int, shape (n,)
        Each piece's node in the tree.
    parent, depth, street : numpy.ndarray of int, shape (nodes,)
        The node that a node was cut from (-1 for the root), how many cuts lie above it, and the class of the
        street that cut it off.
    """

    pieces: Geometries
    node: Ints
    parent: Ints
    depth: Ints
    street: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Rings:
    xy: Floats  # (m, corners, 2)
    size: Ints  # (m,) corners that count

    def chosen(self, which: Bools) -> _Rings:
        return _Rings(self.xy[which], self.size[which])


def cut(ground: Ground, blocks: int, rng: np.random.Generator) -> Cuts:
    """Cut the ground into about so many pieces inside the district, smaller ones where more people live."""
    scale = _scale(ground, blocks)
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    rings = _Rings(corners[None] * [ground.width_m, ground.height_m], np.array([4]))
    node = np.array([0])
    parents, depths, streets = [np.array([-1])], [np.array([0])], [np.array([int(EdgeClass.UNCLASSIFIED)])]
    pieces, nodes, known = [], [], 1
    while len(node):
        area_m2, x, y = _moments(rings.xy)
        wanted_m2 = scale * (ground.density_at(x, y) + _DENSITY_LEAST) ** _DENSITY_POWER
        inside = ground.is_inside(x, y)
        done = (area_m2 < wanted_m2 * rng.uniform(*_SPREAD, len(node))) & (area_m2 < _LARGEST_M2)
        pieces.append(_polygons(rings.chosen(done & inside)))
        nodes.append(node[done & inside])
        going = ~done & (inside | (area_m2 >= _OUTSIDE_M2))
        rings, node, area_m2 = rings.chosen(going), node[going], area_m2[going]
        if not len(node):
            break
        street = np.select(
            [area_m2 > _ARTERIAL_M2, area_m2 > _COLLECTOR_M2],
            [EdgeClass.ARTERIAL, EdgeClass.COLLECTOR],
            EdgeClass.LOCAL,
        ).astype(np.int64)
        parents += [node, node]
        depths.append(np.full(2 * len(node), len(depths)))
        streets += [street, street]
        rings = _halves(rings, *_lines(rings, area_m2, np.column_stack([x, y])[going], rng))
        node = known + np.arange(2 * len(node))
        known += len(node)
    return Cuts(
        np.concatenate(pieces),
        np.concatenate(nodes),
        np.concatenate(parents),
        np.concatenate(depths),
        np.concatenate(streets),
    )


def _scale(ground: Ground, blocks: int) -> float:
    """Return what makes the wanted blocks fill the district with the number asked for."""
    wanted = (ground.density + _DENSITY_LEAST) ** _DENSITY_POWER
    cell_m2 = ground.width_m * ground.height_m / CELLS**2
    return float((cell_m2 / wanted[ground.is_inside(*ground.cells())]).sum() / blocks * _MARGIN)


def _moments(xy: Floats) -> tuple[Floats, Floats, Floats]:
    """Areas and centroids of rings (Bourke, 1988)."""
    following = np.roll(xy, -1, axis=1)
    cross = xy[..., 0] * following[..., 1] - following[..., 0] * xy[..., 1]
    twice = cross.sum(axis=1)
    centre = ((xy + following) * cross[..., None]).sum(axis=1) / (3 * twice[:, None])
    return twice / 2, centre[:, 0], centre[:, 1]


def _lines(rings: _Rings, area_m2: Floats, centre: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Point and normal of the street through each ring: across its length, at about a right angle."""
    sides = np.roll(rings.xy, -1, axis=1) - rings.xy
    longest = np.hypot(sides[..., 0], sides[..., 1]).argmax(axis=1)
    along = sides[np.arange(len(sides)), longest]
    along /= np.hypot(along[:, 0], along[:, 1])[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    s, t = ((rings.xy * axis[:, None]).sum(axis=2) for axis in (along, across))
    is_long = (np.ptp(s, axis=1) >= np.ptp(t, axis=1))[:, None]
    axis, at = np.where(is_long, along, across), np.where(is_long, s, t)
    low, high = at.min(axis=1), at.max(axis=1)
    turn = rng.normal(0, 1, len(at)) * np.select([area_m2 > _ARTERIAL_M2, area_m2 > 1e5], [0.20, 0.10], 0.05)
    place = low + rng.uniform(*_MIDDLE, len(at)) * (high - low)
    point = centre + (place - (centre * axis).sum(axis=1))[:, None] * axis
    sin, cos = np.sin(turn), np.cos(turn)
    normal = np.column_stack([axis[:, 0] * cos - axis[:, 1] * sin, axis[:, 0] * sin + axis[:, 1] * cos])
    return point, normal


def _halves(rings: _Rings, point: Floats, normal: Floats) -> _Rings:
    """Cut each ring along its line; all first halves, then all second ones."""
    side = ((rings.xy - point[:, None]) * normal[:, None]).sum(axis=2)
    following, next_side = np.roll(rings.xy, -1, axis=1), np.roll(side, -1, axis=1)
    counts = np.arange(side.shape[1]) < rings.size[:, None]
    crosses = counts & ((side <= 0) != (next_side <= 0))
    share = np.divide(side, side - next_side, out=np.zeros_like(side), where=crosses)
    crossing = rings.xy + share[..., None] * (following - rings.xy)
    xy = np.stack([rings.xy, crossing], axis=2).reshape(len(side), -1, 2)
    kept = [np.stack([counts & own, crosses], axis=2).reshape(len(side), -1) for own in (side <= 0, side > 0)]
    return _packed(np.concatenate([xy, xy]), np.concatenate(kept))


def _packed(xy: Floats, kept: Bools) -> _Rings:
    """Move the corners that are kept to the front of each ring, and fill up with the first."""
    size = kept.sum(axis=1)
    order = np.argsort(~kept, axis=1, kind="stable")[:, : size.max()]
    order = np.where(np.arange(order.shape[1]) < size[:, None], order, order[:, :1])
    return _Rings(np.take_along_axis(xy, order[..., None], axis=1), size)


def _polygons(rings: _Rings) -> Geometries:
    counts = np.arange(rings.xy.shape[1]) < rings.size[:, None]
    of = np.repeat(np.arange(len(rings.size)), rings.size)
    return np.asarray(shapely.polygons(shapely.linearrings(rings.xy[counts], indices=of)), dtype=object)
