"""Ground that is no block of its own is put to a neighbour."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.geometry.blocks.groups import BLOCK, SLIVER, STRIP, Ground, Group, groups_of, put_together
from gisgov.geometry.blocks.result import BlockTolerances
from gisgov.types import Ints

_BESIDE: Final = 0.25
"""A block lies beside a strip when their border is this share of the strip's longest."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of narrow and small ground.

    Attributes
    ----------
    block : numpy.ndarray of int, shape (f + 1,)
        As in `gisgov.geometry.blocks.groups.Ground`.
    carriageways, slivers, small_left : int
        See `gisgov.geometry.blocks.result.BlockReport`.
    """

    block: Ints
    carriageways: int
    slivers: int
    small_left: int


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
    joining = _Joining(groups_of(ground), tolerances)
    joining.strips()
    left = joining.slivers()
    found = [_root(joining.went, number) for number in ground.block.tolist()]
    return Joined(np.array(found, dtype=np.int64), joining.counts[STRIP], joining.counts[SLIVER], left)


class _Joining:
    """Groups on their way to blocks, and where those that are none went."""

    def __init__(self, groups: dict[int, Group], tolerances: BlockTolerances) -> None:
        self.groups, self.tolerances = groups, tolerances
        self.went: dict[int, int] = {}
        self.counts = {STRIP: 0, SLIVER: 0}

    def kind(self, number: int) -> int:
        return self.groups[number].kind(self.tolerances)

    def join(self, number: int, to: int, kind: int) -> None:
        put_together(self.groups, number, to)
        self.went[number] = to
        self.counts[kind] += 1

    def strips(self) -> None:
        """Put strips to blocks, in rounds from the outside of a road to its middle.

        All of a round choose by what was there at its beginning: so it does not matter which of the pieces of
        a road is the smallest, and the border keeps to one line.
        """
        waiting = [
            number for number, group in self.groups.items() if group.near and self.kind(number) == STRIP
        ]
        while waiting:
            chosen = {number: to for number in waiting if (to := self._beside(number)) is not None}
            for number, to in chosen.items():
                self.join(number, to, STRIP)
            if not chosen:  # nothing but strips for each other, and slivers
                number = min(waiting, key=lambda number: (self.groups[number].area_m2, number))
                self.join(number, self._longest(number), STRIP)
            waiting = [
                number
                for number in waiting
                if number in self.groups and self.groups[number].near and self.kind(number) == STRIP
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
            self.join(number, to, SLIVER)
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
            if border.length_m >= _BESIDE * longest and self.kind(other) == BLOCK
        ]
        return -max(blocks)[1] if blocks else None

    def _longest(self, number: int) -> int:
        return -max((border.length_m, -other) for other, border in self.groups[number].near.items())[1]


def _root(went: dict[int, int], number: int) -> int:
    while number in went:
        number = went[number]
    return number
