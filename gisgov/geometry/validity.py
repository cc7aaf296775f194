"""Which polygons are not polygons, why, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.types import Floats, Geometries, Ints, Texts

MISSING: Final = "missing"
EMPTY: Final = "empty"
NOT_FINITE: Final = "not finite coordinate"
NOT_A_POLYGON: Final = "not a polygon"
SELF_INTERSECTION: Final = "self-intersection"
TOO_SHORT: Final = "ring with fewer than 4 points"

_IN_WORDS: Final = {
    "Self-intersection": SELF_INTERSECTION,
    "Ring Self-intersection": SELF_INTERSECTION,
    "Too few points in geometry component": TOO_SHORT,
    "Hole lies outside shell": "hole outside its shell",
    "Holes are nested": "hole inside another hole",
    "Interior is disconnected": "interior in pieces that meet in points",
    "Nested shells": "part inside another part",
    "Duplicate Rings": "ring drawn twice",
}
_PLACE: Final = re.compile(r"^(?P<reason>[^\[]+)\[(?P<x>\S+) (?P<y>[^\s\]]+)")
_AREAL: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, slots=True, eq=False)
class InvalidRings:
    """Problems of polygons, one row each, in the order of the polygons.

    Attributes
    ----------
    index : numpy.ndarray of int, shape (n,)
        Which polygon. One polygon may have several problems.
    reason : numpy.ndarray of str, shape (n,)
        ``"missing"``, ``"empty"``, ``"not a polygon"``, ``"not finite coordinate"``,
        ``"self-intersection"``, ``"ring with fewer than 4 points"``, ``"hole outside its shell"``,
        ``"hole inside another hole"``, ``"interior in pieces that meet in points"``,
        ``"part inside another part"`` or ``"ring drawn twice"``.
    x, y : numpy.ndarray of float, shape (n,)
        Where to look, in the coordinates of the input: the crossing itself, or for a coordinate
        that is not finite the sound vertex nearest to it in the ring. NaN where there is no place.
    """

    index: Ints
    reason: Texts
    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.index)


def find_invalid(geometries: Geometries) -> InvalidRings:
    """Find the problems of polygons.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Polygons or multipolygons in any plane coordinates.

    Returns
    -------
    InvalidRings
        Without rows when all are sound. Every place where a ring crosses or touches itself is a row;
        of the problems between rings (holes, parts) the first of each polygon is.

    Notes
    -----
    Judged by the rules of the OGC simple features standard, as GEOS applies them.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> found = find_invalid(np.array([shapely.box(0, 0, 1, 1), bow_tie, None], dtype=object))
    >>> found.index.tolist(), found.reason.tolist(), found.x.tolist()
    ([1, 2], ['self-intersection', 'missing'], [1.0, nan])
    """
    geometries = np.asarray(geometries, dtype=object)
    sound = shapely.is_valid(geometries) & ~shapely.is_empty(geometries)
    sound &= np.isin(shapely.get_type_id(geometries), _AREAL)
    rows = [(int(i), *problem) for i in np.flatnonzero(~sound) for problem in _problems(geometries[i])]
    index, reason, x, y = zip(*rows, strict=True) if rows else ((), (), (), ())
    return InvalidRings(
        index=np.array(index, dtype=np.int64),
        reason=np.array(reason, dtype=object),
        x=np.array(x, dtype=np.float64),
        y=np.array(y, dtype=np.float64),
    )


def _problems(geometry: shapely.Geometry | None) -> list[tuple[str, float, float]]:
    """List reason and place of each problem of one unsound geometry."""
    if geometry is None:
        return [(MISSING, np.nan, np.nan)]
    xy = shapely.get_coordinates(geometry)
    finite = np.isfinite(xy).all(axis=1)
    if not finite.all():
        broken, whole = np.flatnonzero(~finite), np.flatnonzero(finite)
        nearest = whole[np.abs(whole - broken[0]).argmin()] if whole.size else broken[0]
        return [(NOT_FINITE, *(xy[nearest] if whole.size else (np.nan, np.nan)))]
    if shapely.is_empty(geometry):
        return [(EMPTY, np.nan, np.nan)]
    if shapely.get_type_id(geometry) not in _AREAL:
        return [(NOT_A_POLYGON, *xy[0])]
    found = [
        problem for ring in shapely.get_rings(shapely.get_parts(geometry)) for problem in _ring_problems(ring)
    ]
    first = _first_problem(geometry)
    return found if any(first[0] == reason for reason, _, _ in found) else [first, *found]


def _first_problem(geometry: shapely.Geometry) -> tuple[str, float, float]:
    told = shapely.is_valid_reason(geometry)
    place = _PLACE.match(told)
    if place is None:
        return told.lower(), np.nan, np.nan
    reason = _IN_WORDS.get(place["reason"], place["reason"].lower())
    return reason, float(place["x"]), float(place["y"])


def _ring_problems(ring: shapely.Geometry) -> list[tuple[str, float, float]]:
    """List where one ring is too short, or crosses, touches or runs back over itself."""
    if shapely.is_simple(ring):
        return []
    xy = shapely.get_coordinates(ring)
    if 1 + np.count_nonzero((np.diff(xy, axis=0) != 0.0).any(axis=1)) < 4:
        return [(TOO_SHORT, *xy[0])]
    ends = np.concatenate(
        [shapely.get_coordinates(piece)[[0, -1]] for piece in shapely.get_parts(shapely.node(ring))]
    )
    places, count = np.unique(ends, axis=0, return_counts=True)
    # the ring's own start is an end of two pieces; a place it passes more than once, of four
    return [(SELF_INTERSECTION, *place) for place in places[count > 2]]
