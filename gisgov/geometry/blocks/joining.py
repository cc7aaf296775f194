"""Ground that is no block of its own is put to a neighbour."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gisgov.geometry.blocks.plane import Faces, Plane
from gisgov.geometry.blocks.result import BlockTolerances
from gisgov.geometry.blocks.segments import metres_per_step
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.types import Bools, Floats, Ints

_ALONG_ROADS: Final = 0.4
"""Share of its border on which a strip of a road has major lines: its ends may be crossing streets."""

_ISLAND: Final = 0.95
"""Share for a traffic island or the ground inside a ramp."""

_ISLAND_SIZE: Final = 5.0
"""How large such ground is among arterials, in squares of the width of a strip; elsewhere a quarter of it."""

_CORE: Final = 0.35
"""Most of a strip is narrower than the width of strips; this share may be wider, as where ramps part."""

_SIDE: Final = np.array([0.39, 0.92])
"""Strips go to the block on this side (about north), so that all along a road the other carriageway is the
border. No street grid is likely to run at right angles to it."""

_ALL_AROUND: Final = 0.999

_BESIDE: Final = 0.25
"""A block lies beside a strip when their border is this share of the strip's longest."""

_WEIGHT: Final = np.array([12.0, 12.0, 3.5, 1.0, 0.3, 1.0, 12.0])
"""How readily a border of each `EdgeClass` is given up for a strip; it outweighs the side."""

_MAJOR: Final = (EdgeClass.COLLECTOR, EdgeClass.ARTERIAL, EdgeClass.WATER, EdgeClass.RAIL)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Faces with what lies between them.

    Attributes
    ----------
    plane : Plane
        The edges.
    faces : Faces
        Between them.
    kind : numpy.ndarray of int, shape (m,)
        The class of each edge.
    is_elevated : numpy.ndarray of bool, shape (m,)
        Whether all that runs there is above the ground.
    block : numpy.ndarray of int, shape (f + 1,)
        Faces of one number are together already; the last one is the ground outside.
    parent : numpy.ndarray of int, shape (f + 1,)
        In which parent each face lies.
    is_own : numpy.ndarray of bool, shape (f + 1,)
        Water and compounds: blocks even where one other block lies all around.
    is_tie : numpy.ndarray of bool, shape (m,)
        Edges that only cut strips.
    is_strip : numpy.ndarray of bool, shape (f + 1,)
        See `strips_of`.
    """

    plane: Plane
    faces: Faces
    kind: Ints
    is_elevated: Bools
    block: Ints
    parent: Ints
    is_own: Bools
    is_tie: Bools
    is_strip: Bools


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of narrow and small ground.

    Attributes
    ----------
    block : numpy.ndarray of int, shape (f + 1,)
        As in `Ground`.
    carriageways, slivers, small_left : int
        See `gisgov.geometry.blocks.result.BlockReport`.
    """

    block: Ints
    carriageways: int
    slivers: int
    small_left: int


def together(count: int, one: Ints, other: Ints) -> Ints:
    """Give pairs of things the same number.

    Examples
    --------
    >>> together(4, np.array([2]), np.array([0])).tolist()
    [0, 1, 0, 2]
    """
    pairs = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
    found = connected_components(pairs, directed=False)[1]
    return np.asarray(found, dtype=np.int64)


_BLOCK: Final = 0
_STRIP: Final = 1
_SLIVER: Final = 2


@dataclass(frozen=True, slots=True)
class _Border:
    """What two groups have in common: metres, and how much is for joining them seen from either."""

    length_m: float
    major_m: float
    arterial_m: float
    score: float
    back: float

    def __add__(self, other: _Border) -> _Border:
        return _Border(
            self.length_m + other.length_m,
            self.major_m + other.major_m,
            self.arterial_m + other.arterial_m,
            self.score + other.score,
            self.back + other.back,
        )

    def mirrored(self) -> _Border:
        return _Border(self.length_m, self.major_m, self.arterial_m, self.back, self.score)


@dataclass(slots=True)
class _Group:
    """Faces that are together, while they are being joined."""

    area_m2: float
    perimeter_m: float
    major_m: float
    arterial_m: float
    is_strip: bool
    is_own: bool
    near: dict[int, _Border]

    def kind(self, tolerances: BlockTolerances) -> int:
        """Say whether it is a block, a strip of a road or a sliver."""
        if self.is_strip or self._is_island(tolerances.carriageway_m):
            return _STRIP
        if not self.is_own and self.area_m2 < tolerances.enclosed_area_m2 and len(self.near) == 1:
            (around,) = self.near.values()
            if around.length_m > _ALL_AROUND * self.perimeter_m:
                return _SLIVER
        is_narrow = 2.0 * self.area_m2 < tolerances.sliver_width_m * self.perimeter_m
        if is_narrow or self.area_m2 < tolerances.sliver_area_m2:
            return _SLIVER
        return _BLOCK

    def _is_island(self, carriageway_m: float) -> bool:
        """Whether it is a traffic island, or the ground inside a ramp."""
        most_m2 = _ISLAND_SIZE * carriageway_m**2
        if self.area_m2 < most_m2 / 4.0 and self.major_m >= _ISLAND * self.perimeter_m:
            return True
        return self.area_m2 < most_m2 and self.arterial_m >= _ISLAND * self.perimeter_m


def join_narrow(ground: Ground, tolerances: BlockTolerances) -> Joined:
    """Put ground that is no block to the neighbour it belongs to, inside its parent.

    Parameters
    ----------
    ground : Ground
        Faces, some of them together.
    tolerances : BlockTolerances
        What is no block.

    Returns
    -------
    Joined
        A strip of a road goes to a block beside it, across the lower class and then to the north, so that the
        border keeps to one carriageway. Then other ground goes where the border is longest, the smallest
        first.
    """
    joining = _Joining(_groups(ground), tolerances)
    joining.strips()
    left = joining.slivers()
    found = [_root(joining.went, number) for number in ground.block.tolist()]
    return Joined(np.array(found, dtype=np.int64), joining.counts[_STRIP], joining.counts[_SLIVER], left)


class _Joining:
    """Groups on their way to blocks, and where those that are none went."""

    def __init__(self, groups: dict[int, _Group], tolerances: BlockTolerances) -> None:
        self.groups, self.tolerances = groups, tolerances
        self.went: dict[int, int] = {}
        self.counts = {_STRIP: 0, _SLIVER: 0}

    def kind(self, number: int) -> int:
        return self.groups[number].kind(self.tolerances)

    def join(self, number: int, to: int, kind: int) -> None:
        _join(self.groups, number, to)
        self.went[number] = to
        self.counts[kind] += 1

    def strips(self) -> None:
        """Put strips to blocks, in rounds from the outside of a road to its middle.

        All of a round choose by what was there at its beginning: so it does not matter which of the pieces of
        a road is the smallest, and the border keeps to one line.
        """
        waiting = [
            number for number, group in self.groups.items() if group.near and self.kind(number) == _STRIP
        ]
        while waiting:
            chosen = {number: to for number in waiting if (to := self._beside(number)) is not None}
            for number, to in chosen.items():
                self.join(number, to, _STRIP)
            if not chosen:  # nothing but strips for each other, and slivers
                number = min(waiting, key=lambda number: (self.groups[number].area_m2, number))
                self.join(number, self._longest(number), _STRIP)
            waiting = [
                number
                for number in waiting
                if number in self.groups and self.groups[number].near and self.kind(number) == _STRIP
            ]

    def slivers(self) -> int:
        """Put other ground to the longest border, the smallest first, and count what has no neighbour."""
        waiting = [(group.area_m2, number) for number, group in self.groups.items() if self.kind(number)]
        heapq.heapify(waiting)
        left = 0
        while waiting:
            area_m2, number = heapq.heappop(waiting)
            if number not in self.groups or self.groups[number].area_m2 != area_m2:
                continue  # it became part of another, or another part of it
            if not self.groups[number].near:
                left += 1
                continue
            to = self._longest(number)
            self.join(number, to, _SLIVER)
            for changed in (to, *self.groups[to].near):  # neighbours may have one block all around them now
                if self.kind(changed):
                    heapq.heappush(waiting, (self.groups[changed].area_m2, changed))
        return left

    def _beside(self, number: int) -> int | None:
        """Choose the block that a strip goes to; None where it has none beside it."""
        near = self.groups[number].near
        longest = max(border.length_m for border in near.values())
        blocks = [
            (border.score, -other)
            for other, border in near.items()
            if border.length_m >= _BESIDE * longest and self.kind(other) == _BLOCK
        ]
        return -max(blocks)[1] if blocks else None

    def _longest(self, number: int) -> int:
        return -max((border.length_m, -other) for other, border in self.groups[number].near.items())[1]


def _groups(ground: Ground) -> dict[int, _Group]:
    """Measure what is together, by its number; ground outside all parents is left out."""
    faces, plane, block = ground.faces, ground.plane, ground.block
    here, there = block[faces.left], block[faces.left.reshape(-1, 2)[:, ::-1].ravel()]
    count = int(block.max()) + 1
    parent = np.full(count, -1, dtype=np.int64)
    parent[block] = ground.parent
    edge = np.arange(len(here)) // 2
    border = np.flatnonzero((here != there) & (parent[here] >= 0))
    length_m = np.where(ground.is_tie, 0.0, plane.length_m)[edge]  # nothing runs there
    measures = (length_m, *(np.where(some[edge], length_m, 0.0) for some in _roads(ground)))
    perimeter, major, arterial = (
        np.bincount(here[border], some[border], minlength=count).tolist() for some in measures
    )
    area = np.bincount(block[:-1], faces.area_m2, minlength=count).tolist()
    strip, own = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    strip[block[~ground.is_strip]] = False
    own[block[ground.is_own]] = True
    groups = {
        i: _Group(area[i], perimeter[i], major[i], arterial[i], bool(strip[i]), bool(own[i]), {})
        for i in np.flatnonzero(parent >= 0).tolist()
    }
    inner = border[parent[here[border]] == parent[there[border]]]
    score = _scores(ground)
    pairs, pair = np.unique(np.column_stack((here[inner], there[inner])), axis=0, return_inverse=True)
    sums = [
        np.bincount(pair, some, minlength=len(pairs)).tolist()
        for some in (*(some[inner] for some in measures), score[inner], score[inner ^ 1])
    ]
    for one, other, *border_of in zip(*pairs.T.tolist(), *sums, strict=True):
        groups[one].near[other] = _Border(*border_of)
    return groups


def strips_of(plane: Plane, faces: Faces, kind: Ints, is_tie: Bools, carriageway_m: float) -> Bools:
    """Say which faces are strips of roads: narrow for the most part, with major lines along them.

    Parameters
    ----------
    plane, faces : Plane, Faces
        The ground.
    kind : numpy.ndarray of int, shape (m,)
        The class of each edge.
    is_tie : numpy.ndarray of bool, shape (m,)
        Edges that do not count.
    carriageway_m : float
        What is narrow.

    Returns
    -------
    numpy.ndarray of bool, shape (f + 1,)
        False for the ground outside.
    """
    length_m = np.repeat(np.where(is_tie, 0.0, plane.length_m), 2)
    perimeter, major = (
        np.bincount(faces.left, some, minlength=faces.count + 1)[:-1]
        for some in (length_m, np.where(np.isin(kind, _MAJOR).repeat(2), length_m, 0.0))
    )
    found = np.zeros(faces.count + 1, dtype=bool)
    doubtful = np.flatnonzero(
        (2.0 * faces.area_m2 < carriageway_m * perimeter) & (major >= _ALONG_ROADS * perimeter)
    )
    some = faces.polygon[doubtful]
    corner = shapely.bounds(some)[:, :2]
    scale = metres_per_step(corner[:, 1])
    xy, number = shapely.get_coordinates(some, return_index=True)
    in_plane = shapely.set_coordinates(some.copy(), (xy - corner[number]) * scale[number])
    half = carriageway_m / 2.0
    core = shapely.buffer(shapely.buffer(in_plane, -half), half)
    found[doubtful] = shapely.area(core) <= _CORE * faces.area_m2[doubtful]
    return found


def _roads(ground: Ground) -> tuple[Bools, Bools]:
    """Say which edges are major lines, and which are arterials."""
    return np.isin(ground.kind, _MAJOR), ground.kind == EdgeClass.ARTERIAL


def _scores(ground: Ground) -> Floats:
    """How much is for it that a strip goes from the left of each half-edge to its right; shape (2m,)."""
    plane = ground.plane
    weight = np.where(ground.is_elevated, _WEIGHT[EdgeClass.UNCLASSIFIED], _WEIGHT[ground.kind])
    weight[ground.is_tie] = 0.0
    scale = metres_per_step(plane.xy[plane.origin, 1])
    outward = np.column_stack((plane.span[:, 1] * scale[:, 1], -plane.span[:, 0] * scale[:, 0]))
    return np.asarray(np.repeat(plane.length_m * weight, 2) * (1.0 + 0.5 * np.sign(outward @ _SIDE)))


def _root(went: dict[int, int], number: int) -> int:
    while number in went:
        number = went[number]
    return number


def _join(groups: dict[int, _Group], number: int, to: int) -> None:
    """Make one group part of another."""
    gone, kept = groups.pop(number), groups[to]
    shared = kept.near.pop(number)
    del gone.near[to]
    for other, border in gone.near.items():
        del groups[other].near[number]
        kept.near[other] = kept.near[other] + border if other in kept.near else border
        groups[other].near[to] = kept.near[other].mirrored()
    kept.area_m2 += gone.area_m2
    kept.perimeter_m += gone.perimeter_m - 2.0 * shared.length_m
    kept.major_m += gone.major_m - 2.0 * shared.major_m
    kept.arterial_m += gone.arterial_m - 2.0 * shared.arterial_m
    kept.is_strip &= gone.is_strip
    kept.is_own |= gone.is_own
