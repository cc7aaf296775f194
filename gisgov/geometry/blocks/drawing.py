"""All that borders may run along, on one plane: each edge once, with its class and whose outline it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    is_tie : numpy.ndarray of bool, shape (m,)
        Whether nothing runs there but what cuts a strip of a road (`gisgov.geometry.blocks.ties`).
    """

    plane: Plane
    kind: Ints
    is_elevated: Bools
    outlines: tuple[Outlines, ...]
    overpasses: int
    is_tie: Bools

    @classmethod
    def of(cls, layers: tuple[Layer, ...]) -> Drawing:
        """Cut all layers where they meet."""
        start = np.concatenate([layer.segments.start for layer in layers])
        end = np.concatenate([layer.segments.end for layer in layers])
        owner = np.concatenate([layer.segments.owner for layer in layers])
        kind = np.concatenate([layer.kind for layer in layers])
        level = np.concatenate([layer.level for layer in layers])
        whose = np.repeat(np.arange(len(layers)), [len(layer.segments) for layer in layers])
        every = np.arange(len(start))
        outlines = tuple(
            Outlines(every[mine], owner[mine], np.ones_like(every[mine]))
            for mine in (np.flatnonzero(whose == number) for number in range(len(layers)))
        )
        return _cut(start, end, kind, level, outlines)

    def with_ties(self, start: Ints, end: Ints, kind: Ints) -> Drawing:
        """Draw segments in, and cut them and the edges where they meet.

        Parameters
        ----------
        start, end : numpy.ndarray of int, shape (k, 2)
            Steps of the grid.
        kind : numpy.ndarray of int, shape (k,)
            Their classes.
        """
        apart = (start != end).any(axis=1)
        start, end, kind = start[apart], end[apart], kind[apart]
        plane = self.plane
        is_tie = np.ones(len(kind), dtype=bool)
        found = _cut(
            np.concatenate((plane.xy[plane.lower], start)),
            np.concatenate((plane.xy[plane.upper], end)),
            np.concatenate((self.kind, kind)),
            np.concatenate((self.is_elevated, ~is_tie)).astype(np.int64),
            self.outlines,
            np.concatenate((self.is_tie, is_tie)),
        )
        return replace(found, overpasses=self.overpasses)

    def on(self, kept: Bools) -> Drawing:
        """Keep some edges."""
        return Drawing(
            self.plane.of(kept),
            self.kind[kept],
            self.is_elevated[kept],
            tuple(some.on(kept) for some in self.outlines),
            self.overpasses,
            self.is_tie[kept],
        )


def _cut(
    start: Ints,
    end: Ints,
    kind: Ints,
    level: Ints,
    outlines: tuple[Outlines, ...],
    is_tie: Bools | None = None,
) -> Drawing:
    """Cut segments where they meet; outlines are those of segments, in their direction."""
    pieces = cut_where_they_meet(start, end)
    ends = np.minimum(pieces.start, pieces.end) << 32 | np.maximum(pieces.start, pieces.end)
    edges, edge = np.unique(ends, return_inverse=True)
    rank = np.full(len(edges), len(RANK) - 1, dtype=np.int64)
    np.minimum.at(rank, edge, precedence(kind[pieces.segment]))
    elevated, tie = np.ones(len(edges), dtype=bool), np.full(len(edges), is_tie is not None)
    elevated[edge[level[pieces.segment] == 0]] = False
    if is_tie is not None:
        tie[edge[~is_tie[pieces.segment]]] = False
    first = np.searchsorted(pieces.segment, np.arange(len(start) + 1))
    one, other = pieces.crossing.T
    return Drawing(
        Plane(pieces.xy, edges >> 32, edges & 0xFFFFFFFF),
        np.array(RANK, dtype=np.int64)[rank],
        elevated,
        tuple(_on_pieces(some, first, edge, np.where(pieces.start > pieces.end, -1, 1)) for some in outlines),
        int((level[one] != level[other]).sum()),
        tie,
    )


def _on_pieces(outlines: Outlines, first: Ints, edge: Ints, direction: Ints) -> Outlines:
    """Give the pieces of segments to the owners of these."""
    times = np.diff(first)[outlines.edge]
    offset = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    piece = np.repeat(first[outlines.edge], times) + offset
    return Outlines.of(
        edge[piece], np.repeat(outlines.owner, times), np.repeat(outlines.turns, times) * direction[piece]
    )
