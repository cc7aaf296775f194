"""Faces that are together on their way to blocks, with what they measure and who their neighbours are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.geometry.blocks.plane import Faces, Plane
from gisgov.geometry.blocks.result import BlockTolerances
from gisgov.geometry.blocks.segments import metres_per_step
from gisgov.geometry.blocks.strips import MAJOR
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.types import Bools, Floats, Ints

BLOCK: Final = 0
STRIP: Final = 1
SLIVER: Final = 2
"""What ground is."""

_ISLAND: Final = 0.95
"""Share for a traffic island or the ground inside a ramp."""

_ISLAND_SIZE: Final = 5.0
"""How large such ground is among arterials, in squares of the width of a strip; elsewhere a quarter of it."""

_SIDE: Final = np.array([0.39, 0.92])
"""Strips go to the block on this side (about north), so that all along a road the other carriageway is the
border. No street grid is likely to run at right angles to it."""

_ALL_AROUND: Final = 0.999

_WEIGHT: Final = np.array([12.0, 12.0, 3.5, 1.0, 0.3, 1.0, 12.0])
"""How readily a border of each `EdgeClass` is given up for a strip; it outweighs the side."""


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
        See `gisgov.geometry.blocks.strips.strips_of`.
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
class Border:
    """What two groups have in common: metres, and how much is for joining them seen from either."""

    length_m: float
    major_m: float
    arterial_m: float
    score: float
    back: float

    def __add__(self, other: Border) -> Border:
        return Border(
            self.length_m + other.length_m,
            self.major_m + other.major_m,
            self.arterial_m + other.arterial_m,
            self.score + other.score,
            self.back + other.back,
        )

    def mirrored(self) -> Border:
        """Give the same border as the other group sees it."""
        return Border(self.length_m, self.major_m, self.arterial_m, self.back, self.score)


@dataclass(slots=True)
class Group:
    """Faces that are together, while they are being joined."""

    area_m2: float
    perimeter_m: float
    major_m: float
    arterial_m: float
    is_strip: bool
    is_own: bool
    near: dict[int, Border]

    def kind(self, tolerances: BlockTolerances) -> int:
        """Say whether it is a block, a strip of a road or a sliver."""
        if self.is_strip or self._is_island(tolerances.carriageway_m):
            return STRIP
        if not self.is_own and self.area_m2 < tolerances.enclosed_area_m2 and len(self.near) == 1:
            (around,) = self.near.values()
            if around.length_m > _ALL_AROUND * self.perimeter_m:
                return SLIVER
        is_narrow = 2.0 * self.area_m2 < tolerances.sliver_width_m * self.perimeter_m
        if is_narrow or self.area_m2 < tolerances.sliver_area_m2:
            return SLIVER
        return BLOCK

    def _is_island(self, carriageway_m: float) -> bool:
        """Whether it is a traffic island, or the ground inside a ramp."""
        most_m2 = _ISLAND_SIZE * carriageway_m**2
        if self.area_m2 < most_m2 / 4.0 and self.major_m >= _ISLAND * self.perimeter_m:
            return True
        return self.area_m2 < most_m2 and self.arterial_m >= _ISLAND * self.perimeter_m


def groups_of(ground: Ground) -> dict[int, Group]:
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
        i: Group(area[i], perimeter[i], major[i], arterial[i], bool(strip[i]), bool(own[i]), {})
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
        groups[one].near[other] = Border(*border_of)
    return groups


def _roads(ground: Ground) -> tuple[Bools, Bools]:
    """Say which edges are major lines, and which are arterials."""
    return np.isin(ground.kind, MAJOR), ground.kind == EdgeClass.ARTERIAL


def _scores(ground: Ground) -> Floats:
    """How much is for it that a strip goes from the left of each half-edge to its right; shape (2m,)."""
    plane = ground.plane
    weight = np.where(ground.is_elevated, _WEIGHT[EdgeClass.UNCLASSIFIED], _WEIGHT[ground.kind])
    weight[ground.is_tie] = 0.0
    scale = metres_per_step(plane.xy[plane.origin, 1])
    outward = np.column_stack((plane.span[:, 1] * scale[:, 1], -plane.span[:, 0] * scale[:, 0]))
    return np.asarray(np.repeat(plane.length_m * weight, 2) * (1.0 + 0.5 * np.sign(outward @ _SIDE)))


def put_together(groups: dict[int, Group], number: int, to: int) -> None:
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
