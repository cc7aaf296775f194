"""All that borders may run along, on one plane: each edge once, with its class and whose outline it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.geometry.blocks.plane import Plane
from gisgov.geometry.blocks.regions import Outlines
from gisgov.geometry.blocks.segments import Segments
from gisgov.geometry.blocks.snap_rounding import cut_where_they_meet
from gisgov.geometry.edge_classes import RANK, precedence
from gisgov.types import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Segments of one source.

    Attributes
    ----------
    segments : Segments
        With their owners.
    kind : numpy.ndarray of int, shape (n,)
        The `EdgeClass` of each.
    level : numpy.ndarray of int, shape (n,)
        0 on the ground, more above it.
    """

    segments: Segments
    kind: Ints
    level: Ints

    @classmethod
    def alike(cls, segments: Segments, kind: int) -> Layer:
        """Give all segments one class on the ground."""
        return cls(segments, np.full(len(segments), kind), np.zeros(len(segments), dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Edges between places where something meets.

    Attributes
    ----------
    plane : Plane
        Each edge once.
    kind : numpy.ndarray of int, shape (m,)
        The class of each: of all that runs there the first in `RANK`.
    is_elevated : numpy.ndarray of bool, shape (m,)
        Whether only lines above the ground run there.
    outlines : tuple of Outlines
        Which edges are outlines of whom, by layer.
    overpasses : int
        How many pairs of segments of different levels cross inside both.
    """

    plane: Plane
    kind: Ints
    is_elevated: Bools
    outlines: tuple[Outlines, ...]
    overpasses: int

    @classmethod
    def of(cls, layers: tuple[Layer, ...]) -> Drawing:
        """Cut all layers where they meet."""
        start = np.concatenate([layer.segments.start for layer in layers])
        end = np.concatenate([layer.segments.end for layer in layers])
        owner = np.concatenate([layer.segments.owner for layer in layers])
        kind = np.concatenate([layer.kind for layer in layers])
        level = np.concatenate([layer.level for layer in layers])
        whose = np.repeat(np.arange(len(layers)), [len(layer.segments) for layer in layers])
        pieces = cut_where_they_meet(start, end)
        is_back = pieces.start > pieces.end
        ends = np.minimum(pieces.start, pieces.end) << 32 | np.maximum(pieces.start, pieces.end)
        edges, edge = np.unique(ends, return_inverse=True)
        rank = np.full(len(edges), len(RANK) - 1, dtype=np.int64)
        np.minimum.at(rank, edge, precedence(kind[pieces.segment]))
        elevated = np.ones(len(edges), dtype=bool)
        elevated[edge[level[pieces.segment] == 0]] = False
        turns = np.where(is_back, -1, 1)
        outlines = []
        for number in range(len(layers)):
            mine = whose[pieces.segment] == number
            outlines.append(Outlines.of(edge[mine], owner[pieces.segment[mine]], turns[mine]))
        one, other = pieces.crossing.T
        return cls(
            Plane(pieces.xy, edges >> 32, edges & 0xFFFFFFFF),
            np.array(RANK, dtype=np.int64)[rank],
            elevated,
            tuple(outlines),
            int((level[one] != level[other]).sum()),
        )

    def on(self, kept: Bools) -> Drawing:
        """Keep some edges."""
        return Drawing(
            self.plane.of(kept),
            self.kind[kept],
            self.is_elevated[kept],
            tuple(some.on(kept) for some in self.outlines),
            self.overpasses,
        )
