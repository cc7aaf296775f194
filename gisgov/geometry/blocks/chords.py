"""Straight lines across water, from bank to bank, and how much of it each cuts off."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely

from gisgov.types import Bools, Floats, Geometries, Ints

_DIRECTIONS: Final = 8
"""So many directions are tried, the first along the smallest rectangle around the water."""

_STATIONS: Final = np.linspace(0.25, 0.75, 11)
"""Where lines of one direction are tried, in shares of the extent."""

_STRAIGHT: Final = 0.98
"""A bridge is straight if this share of its length gets ahead."""

_ON_BANK_M: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Chords:
    """Lines across.

    Attributes
    ----------
    start, end : numpy.ndarray of float, shape (k, 2)
        Metres; on the grid, on the banks as nearly as it allows.
    leaves, arrives : numpy.ndarray of int, shape (k,)
        On which edge of the outline they start and end; never ``leaves > arrives``.
    share : numpy.ndarray of float, shape (k,)
        How much of the water lies on the smaller side; 0 to 0.5.
    """

    start: Floats
    end: Floats
    leaves: Ints
    arrives: Ints
    share: Floats

    def __len__(self) -> int:
        return len(self.share)

    @property
    def length_m(self) -> Floats:
        """How long each is."""
        return np.asarray(np.hypot(*(self.end - self.start).T))

    def only(self, some: Bools | Ints) -> Chords:
        """Keep some."""
        return Chords(
            self.start[some], self.end[some], self.leaves[some], self.arrives[some], self.share[some]
        )

    def shortest(self) -> Chords:
        """Keep the one that is shortest for what it cuts off; of equal ones the first from the south-west."""
        score = np.round(self.length_m / self.share, 3)
        order = np.lexsort((*self.end.T, *self.start.T, score))
        return self.only(order[:1])


@dataclass(frozen=True, eq=False)
class Outline:
    """The outer bank of a piece of water, islands left out.

    Attributes
    ----------
    xy : numpy.ndarray of float, shape (n + 1, 2)
        Anticlockwise, closed; metres.
    step : numpy.ndarray of float, shape (2,)
        Metres that a step of the grid is long, east and north.
    """

    xy: Floats
    step: Floats

    @classmethod
    def of(cls, piece: shapely.Polygon, step: Floats) -> Outline:
        """Take the outer ring of a polygon."""
        return cls(shapely.get_coordinates(shapely.orient_polygons(piece).exterior), step)

    @cached_property
    def polygon(self) -> shapely.Polygon:
        """All inside."""
        return shapely.Polygon(self.xy)

    def chords(self, start: Floats, end: Floats, leaves: Ints, arrives: Ints) -> Chords:
        """Put ends on the grid, and measure what is cut off.

        Parameters
        ----------
        start, end : numpy.ndarray of float, shape (k, 2)
            On the outline, with the water between them inside.
        leaves, arrives : numpy.ndarray of int, shape (k,)
            On which of its edges.
        """
        turned = leaves > arrives
        p, q = (np.where(turned[:, None], one, other) for one, other in ((end, start), (start, end)))
        i, j = np.minimum(leaves, arrives), np.maximum(leaves, arrives)
        p, q = (np.rint(some / self.step) * self.step for some in (p, q))
        base = self.xy[0]
        xy = self.xy - base
        passed = np.append(0.0, np.cumsum(_cross(xy[:-1], xy[1:])))
        a, b = p - base, q - base
        twice = _cross(a, xy[i + 1]) + passed[j] - passed[i + 1] + _cross(xy[j], b) + _cross(b, a)
        share = twice / passed[-1]
        return Chords(p, q, i, j, np.maximum(0.0, np.minimum(share, 1.0 - share)))

    def split(self, chord: Chords) -> list[shapely.Polygon]:
        """Draw the two sides of one chord."""
        (i,), (j,) = chord.leaves + 1, chord.arrives + 1
        one = (chord.start, self.xy[i:j], chord.end)
        other = (chord.end, self.xy[j:], self.xy[1:i], chord.start)
        return [shapely.Polygon(np.concatenate(some)) for some in (one, other)]


def regular(outline: Outline) -> Chords:
    """Try lines of several directions at several places.

    Parameters
    ----------
    outline : Outline
        Of the water.

    Returns
    -------
    Chords
        At least one; a line that meets the water in several places gives one for each of them.
    """
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(outline.polygon))
    east, north = corners[1] - corners[0]
    turn = np.arctan2(north, east) + np.arange(_DIRECTIONS) * np.pi / _DIRECTIONS
    normal, along = np.stack((np.cos(turn), np.sin(turn))), np.stack((-np.sin(turn), np.cos(turn)))
    xy = outline.xy
    height = xy @ normal
    low, high = height.min(axis=0), height.max(axis=0)
    offset = low + (high - low) * _STATIONS[:, None]
    above = height[:, None, :] > offset
    edge, station, direction = np.nonzero(above[1:] != above[:-1])
    since, until = height[edge, direction], height[edge + 1, direction]
    part = (offset[station, direction] - since) / (until - since)
    at = xy[edge] + part[:, None] * (xy[edge + 1] - xy[edge])
    # along a line, water begins at every other place where it crosses the bank, and ends at the next
    order = np.lexsort((np.einsum("ij,ji->i", at, along[:, direction]), station, direction))
    one, other = order[::2], order[1::2]
    return outline.chords(at[one], at[other], edge[one], edge[other])


def bridges_over(outline: Outline, lines: Geometries) -> Chords:
    """Find where lines cross the water, about straight.

    Parameters
    ----------
    outline : Outline
        Of the water.
    lines : numpy.ndarray of shapely.Geometry, shape (n,)
        In metres.

    Returns
    -------
    Chords
        From where a line leaves one bank to where it arrives at another.
    """
    over = shapely.get_parts(shapely.line_merge(shapely.intersection(lines, outline.polygon)))
    over = over[shapely.get_type_id(over) == shapely.GeometryType.LINESTRING]
    ends = np.stack(
        [shapely.get_coordinates(shapely.get_point(over, number)) for number in (0, -1)], axis=1
    ).reshape(-1, 2, 2)
    start, end = ends[:, 0], ends[:, 1]
    straight = np.hypot(*(end - start).T) >= _STRAIGHT * shapely.length(over)
    bank = shapely.LineString(outline.xy)
    on_bank = shapely.distance(shapely.points(ends), bank).max(axis=1, initial=0.0) <= _ON_BANK_M
    chord = shapely.linestrings(ends)
    inside = shapely.length(shapely.intersection(chord, outline.polygon))
    kept = straight & on_bank & (inside >= shapely.length(chord) - 2.0 * _ON_BANK_M)
    start, end = start[kept], end[kept]
    walked = np.append(0.0, np.cumsum(np.hypot(*np.diff(outline.xy, axis=0).T)))
    leaves, arrives = (
        np.clip(
            np.searchsorted(walked, shapely.line_locate_point(bank, shapely.points(some)), side="right") - 1,
            0,
            len(walked) - 2,
        )
        for some in (start, end)
    )
    return outline.chords(start, end, leaves, arrives)


def _cross(p: Floats, q: Floats) -> Floats:
    return np.asarray(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0])
