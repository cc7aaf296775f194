"""Streets carried on across a road of two carriageways, so that its middle falls apart at their ends.

The ground between two carriageways is often one long face with a row of blocks on each side. It cannot go to
one of them: that block would get a tail along the others. So where a street ends on one carriageway, the
ground is cut from there to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.blocks.plane import Faces, Plane
from gisgov.geometry.blocks.segments import drawn, metres_per_step, points_at
from gisgov.geometry.edge_classes import RANK, precedence
from gisgov.types import Bools, Floats, Ints

_STRAIGHT: Final = 0.5
"""Least cosine of the turn that a carriageway makes where a street ends on it: at corners strips end."""

_ONWARD: Final = 0.8
"""Least cosine of the turn of a street that crosses a strip."""

_ALIGNED: Final = 0.5
"""How far beside the shortest way a street of the other side may end and be met; in widths of a strip."""

_REACH: Final = 1.5
"""How far one looks across; in widths of a strip."""

_STRIPS: Final = 4
"""So many strips lie side by side: between carriageways, and between these and roads beside them."""

_AT_END_M: Final = 3.0
"""Nearer to a vertex the vertex is met."""


def ties_of(
    plane: Plane, faces: Faces, is_strip: Bools, kind: Ints, carriageway_m: float
) -> tuple[Ints, Ints, Ints]:
    """Cut strips of roads where streets end on them.

    Parameters
    ----------
    plane : Plane
        All edges.
    faces : Faces
        Between them.
    is_strip : numpy.ndarray of bool, shape (f + 1,)
        Which faces are strips; never the ground outside.
    kind : numpy.ndarray of int, shape (m,)
        The class of each edge.
    carriageway_m : float
        How wide strips are.

    Returns
    -------
    start, end : numpy.ndarray of int, shape (k, 2)
        Steps of the grid: from the end of a street to the other side, to the end of a street there if one
        is about opposite.
    tie_kind : numpy.ndarray of int, shape (k,)
        The class of the street.
    """
    scale = metres_per_step(plane.xy[:, 1].mean(keepdims=True))[0]
    street = _streets(plane, is_strip, faces.left, kind, scale)
    arriving = np.flatnonzero(is_strip[faces.left])
    arriving = arriving[street[plane.origin[arriving ^ 1]] < len(RANK)]
    before, after = (_unit(plane.span[some] * scale) for some in (arriving, plane.following[arriving]))
    straight = np.einsum("ij,ij->i", before, after) >= _STRAIGHT
    along = _unit(before[straight] + after[straight])
    arriving = arriving[straight]
    at = plane.origin[arriving ^ 1]
    looks = _Looks(
        at=plane.xy[at],
        vertex=at,
        edge=np.full(len(at), -1),
        face=faces.left[arriving],
        inward=np.column_stack((-along[:, 1], along[:, 0])),
        rank=street[at],
    )
    sight = _Sight(plane, faces, is_strip, street, scale, carriageway_m)
    found = []
    for _ in range(_STRIPS):
        seen = sight.opposite(looks)
        found.append((looks.at[seen.number], seen.looks.at, looks.rank[seen.number]))
        looks = seen.looks.of(is_strip[seen.looks.face])
    start, end, rank = (np.concatenate(some) for some in zip(*found, strict=True))
    return start, end, np.array(RANK, dtype=np.int64)[rank]


def _streets(plane: Plane, is_strip: Bools, left: Ints, kind: Ints, scale: Floats) -> Ints:
    """Find where streets end on strips, and where those that cross some end on the next.

    Returns
    -------
    numpy.ndarray of int, shape (v,)
        By vertex, the `precedence` of the highest class of the streets; a larger number where none ends.
    """
    sides = left.reshape(-1, 2)
    outside = len(is_strip) - 1
    is_street = np.repeat(~is_strip[sides].any(axis=1) & (sides < outside).all(axis=1), 2)
    crosses = np.repeat(is_strip[sides].all(axis=1) & (sides[:, 0] != sides[:, 1]), 2)
    arrives = plane.origin[np.arange(len(left)) ^ 1]
    course = _unit(plane.span * scale)
    rank = precedence(kind).repeat(2)
    found = np.full(len(plane.xy), len(RANK), dtype=np.int64)
    toward = np.zeros((len(plane.xy), 2))
    new = np.flatnonzero(is_street)
    for _ in range(_STRIPS):
        new = new[np.lexsort((-rank[new], arrives[new]))]  # of several the highest comes last
        found[arrives[new]] = np.minimum(found[arrives[new]], rank[new])
        toward[arrives[new]] = course[new]
        goes_on = np.einsum("ij,ij->i", course, toward[plane.origin]) >= _ONWARD
        new = np.flatnonzero(
            crosses & goes_on & (found[plane.origin] < len(RANK)) & (found[arrives] == len(RANK))
        )
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Looks:
    """Places on the border of strips, from which one looks across.

    ``at`` in steps; ``vertex`` and ``edge`` are where it lies (-1 for none), ``face`` is the strip,
    ``inward`` the direction in metres and ``rank`` the precedence of the street that comes from there.
    """

    at: Ints
    vertex: Ints
    edge: Ints
    face: Ints
    inward: Floats
    rank: Ints

    def of(self, chosen: Ints | Bools) -> _Looks:
        return _Looks(
            self.at[chosen],
            self.vertex[chosen],
            self.edge[chosen],
            self.face[chosen],
            self.inward[chosen],
            self.rank[chosen],
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Which looks met something near, and from there on into the face behind it."""

    number: Ints
    looks: _Looks


class _Sight:
    """Looks across strips, in a plane in metres."""

    def __init__(
        self, plane: Plane, faces: Faces, is_strip: Bools, street: Ints, scale: Floats, carriageway_m: float
    ) -> None:
        self.plane, self.faces, self.street = plane, faces, street
        self.base, self.scale, self.width_m = plane.xy[0] if len(plane.xy) else 0, scale, carriageway_m
        self.side = np.flatnonzero(is_strip[faces.left])
        self.xy = self.metres(plane.xy)
        self.start, self.end = plane.origin[self.side], plane.origin[self.side ^ 1]
        self.lines = shapely.STRtree(drawn(self.xy[self.start], self.xy[self.end]))
        self.vertices = np.unique(self.start)
        self.points = shapely.STRtree(points_at(self.xy[self.vertices]))
        self.on_face = faces.left[self.side] << 32 | self.start

    def metres(self, steps: Ints) -> Floats:
        return np.asarray((steps - self.base) * self.scale)

    def opposite(self, looks: _Looks) -> _Seen:
        """Look across."""
        here, reach = self.metres(looks.at), looks.inward * (_REACH * self.width_m)
        look, seen = self.lines.query(drawn(here, here + reach), predicate="intersects")
        mine = self.faces.left[self.side[seen]] == looks.face[look]
        mine &= self.side[seen] // 2 != looks.edge[look]
        mine &= (self.start[seen] != looks.vertex[look]) & (self.end[seen] != looks.vertex[look])
        look, seen = look[mine], seen[mine]
        span = (self.xy[self.end] - self.xy[self.start])[seen]
        with np.errstate(divide="ignore", invalid="ignore"):  # along a side one sees its ends
            ahead = _cross(self.xy[self.start[seen]] - here[look], span) / _cross(reach[look], span)
        look, seen, ahead = (some[np.isfinite(ahead)] for some in (look, seen, ahead))
        order = np.lexsort((seen, ahead, look))
        number, first = np.unique(look[order], return_index=True)
        side = self.side[seen[order][first]]
        away = ahead[order][first][:, None] * reach[number]
        met = _Looks(
            at=np.rint((here[number] + away) / self.scale).astype(np.int64) + self.base,
            vertex=np.full(len(number), -1),
            edge=side // 2,
            face=self.faces.left[side ^ 1],
            inward=looks.inward[number],
            rank=looks.rank[number],
        )
        self._meet_vertices(met, looks.of(number), away)
        return _Seen(number, met)

    def _meet_vertices(self, met: _Looks, looks: _Looks, away: Floats) -> None:
        """Rather meet a vertex that is there: where a street of the other side ends, or a very near one."""
        here = self.metres(looks.at)
        near, found = self.points.query(
            points_at(here + away), predicate="dwithin", distance=max(_ALIGNED * self.width_m, _AT_END_M)
        )
        vertex = self.vertices[found]
        beside = np.hypot(*(self.xy[vertex] - here[near] - away[near]).T)
        depth = np.einsum("ij,ij->i", self.xy[vertex] - here[near], looks.inward[near])
        is_street = (self.street[vertex] < len(RANK)) & (2.0 * depth >= np.hypot(*away[near].T))
        good = np.isin(looks.face[near] << 32 | vertex, self.on_face) & (vertex != looks.vertex[near])
        good &= is_street | (beside <= _AT_END_M)
        near, vertex, beside, is_street = (some[good] for some in (near, vertex, beside, is_street))
        order = np.lexsort((vertex, beside, ~is_street, near))
        near, first = np.unique(near[order], return_index=True)
        met.vertex[near] = vertex[order][first]
        met.at[near] = self.plane.xy[met.vertex[near]]


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.hypot(*vectors.T)[:, None])


def _cross(p: Floats, q: Floats) -> Floats:
    return np.asarray(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0])
