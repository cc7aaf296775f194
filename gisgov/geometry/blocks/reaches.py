"""Rivers cut across into reaches (河段), so that no block of water joins land that lies far apart.

A river of 5 km as one block makes neighbours of all who live on it. So it is cut in two across its middle,
and each part again, until none is long: at a bridge where one is near, else by the shortest line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.blocks.chords import Chords, Outline, bridges_over, regular
from gisgov.geometry.blocks.segments import in_degrees, metres_per_step, on_grid
from gisgov.geometry.pieces import surfaces
from gisgov.types import Bools, Floats, Geometries

LONG: Final = 1.5
"""Water is long from so many times the length of a reach."""

_ELONGATED: Final = 3.0
"""A water body is a river if it is so many times as long as it is wide."""

_SQUARE: Final = 1.5
"""A reach less long for its width is not cut again: the cut would run along a wide river."""

_BRIDGE_SHARE: Final = 0.25
"""A bridge cuts water if the smaller part has this share of it …"""

_BRIDGE_LENGTH: Final = 1.5
"""… and the bridge is not so many times as long as the cut that would be made without it."""


def reaches_of(water: Geometries, lines: Geometries, reach_m: float) -> tuple[Geometries, Bools]:
    """Cut what is long and narrow across.

    Parameters
    ----------
    water : numpy.ndarray of shapely.Geometry, shape (w,)
        Valid polygons and multipolygons in WGS84 degrees.
    lines : numpy.ndarray of shapely.Geometry, shape (n,)
        Lines in WGS84 degrees: water is cut where one crosses it at a fitting place. None are passed over.
    reach_m : float
        Water longer than 1.5 times this is cut, if it is also more than 3 times as long as it is wide on
        average. Reaches are cut again while longer than 1.5 times this and than 1.5 times their width. 0 for
        never.

    Returns
    -------
    pieces : numpy.ndarray of shapely.Polygon, shape (k,)
        In the order of the water bodies, with common vertices on the grid of stored coordinates where they
        meet.
    is_reach : numpy.ndarray of bool, shape (k,)
        Whether a piece is one of several.

    Notes
    -----
    The length is the longer side of the smallest rectangle around the outline, or the area over the diameter
    of the largest circle inside, whichever is more: so bends count along the water,
    if up to a sixth less where corners are sharp. Islands count as water.

    Examples
    --------
    >>> river = shapely.box(10.0, 0.0, 10.02, 0.001)
    >>> pieces, is_reach = reaches_of(np.array([river]), np.array([]), 600.0)
    >>> len(pieces), bool(is_reach.all())
    (4, True)
    """
    bodies: Geometries = shapely.get_parts(water)
    if reach_m == 0.0:
        return bodies, np.zeros(len(bodies), dtype=bool)
    tree = shapely.STRtree(lines)
    pieces = [_cut(body, lines[np.sort(tree.query(body))], reach_m) for body in bodies.tolist()]
    sizes = np.array([len(some) for some in pieces], dtype=np.int64)
    every: Geometries = np.empty(int(sizes.sum()), dtype=object)
    every[:] = [piece for some in pieces for piece in some]
    return every, np.repeat(sizes > 1, sizes)


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """A plane in metres around a water body, in which steps of the grid are whole again when drawn back."""

    origin: Floats
    scale: Floats

    def metres(self, degrees: Floats) -> Floats:
        return np.asarray((on_grid(degrees) - self.origin) * self.scale)

    def degrees(self, metres: Floats) -> Floats:
        return in_degrees(np.rint(metres / self.scale + self.origin).astype(np.int64))


def _cut(body: shapely.Polygon, lines: Geometries, reach_m: float) -> list[shapely.Polygon]:
    """Cut one water body; it stays as it is where it is not long."""
    corner = on_grid(np.array(body.bounds).reshape(2, 2))
    frame = _Frame(corner[0].astype(np.float64), metres_per_step(corner.mean(axis=0)[1:])[0])
    in_plane = shapely.transform(body, frame.metres)
    if not _is_long(shapely.Polygon(in_plane.exterior), reach_m, _ELONGATED):
        return [body]
    bridges = shapely.transform(lines, frame.metres)
    waiting = _polygons(np.array([in_plane], dtype=object))
    done = []
    while waiting:
        piece = waiting.pop()
        parts = _halves(piece, bridges, frame.scale, reach_m)
        if parts:
            waiting += parts
        else:
            done.append(shapely.transform(piece, frame.degrees))
    return done


def _halves(
    piece: shapely.Polygon, bridges: Geometries, step: Floats, reach_m: float
) -> list[shapely.Polygon]:
    """Cut a piece in two; nothing where it is short, or too narrow to be cut on the grid."""
    outline = Outline.of(piece, step)
    if not _is_long(outline.polygon, reach_m, _SQUARE):
        return []
    chord = _best(regular(outline), bridges_over(outline, bridges))
    if chord is None:
        return []
    islands = shapely.MultiPolygon([shapely.Polygon(ring) for ring in piece.interiors])
    sides = surfaces(shapely.make_valid(np.array(outline.split(chord), dtype=object)))[0]
    return _polygons(shapely.difference(sides, islands))


def _polygons(some: Geometries) -> list[shapely.Polygon]:
    valid = surfaces(shapely.make_valid(some))[0]
    found: list[shapely.Polygon] = shapely.get_parts(valid).tolist()
    return found


def _best(cuts: Chords, bridges: Chords) -> Chords | None:
    """Choose the cut that is short for how much it cuts off, which is about the middle of a river."""
    cuts = cuts.only(cuts.share > 0.0)
    if not len(cuts):
        return None
    best = cuts.shortest()
    fits = (bridges.share >= _BRIDGE_SHARE) & (bridges.length_m <= _BRIDGE_LENGTH * best.length_m)
    bridges = bridges.only(fits)
    return bridges.shortest() if len(bridges) else best


def _is_long(outline: shapely.Polygon, reach_m: float, ratio: float) -> bool:
    """Whether water is longer than a reach may be, and so many times as long as it is wide."""
    area, most = outline.area, LONG * reach_m
    if outline.length / 2.0 <= most:  # nothing is longer than half its outline
        return False
    length = length_m(outline)
    return length > most and length**2 > ratio * area


def length_m(outline: shapely.Polygon) -> float:
    """Measure water along itself; see `reaches_of`.

    Parameters
    ----------
    outline : shapely.Polygon
        In metres, without islands.

    Examples
    --------
    >>> bend = shapely.LineString([(0, 0), (0, 500), (500, 500), (500, 0)]).buffer(5, cap_style="flat")
    >>> round(length_m(bend), -2)
    1300.0
    """
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(outline))
    sides = np.hypot(*np.diff(corners, axis=0).T)
    mean = outline.area / outline.length  # no circle inside is smaller
    circle = shapely.maximum_inscribed_circle(outline, tolerance=0.01 * mean)
    return float(max(sides.max(), outline.area / (2.0 * max(circle.length, mean))))
