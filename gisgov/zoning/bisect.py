"""Cut a connected piece into k connected areas of equal load by straight sweeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.types import Bools, Floats, Ints
from gisgov.zoning.graph import Graph, connected_parts

_DIRECTIONS = 16
"""Sweep directions that are tried, evenly spread over the half circle."""

_IMBALANCE_M = 6.0
"""Price of imbalance: a cut off its load by 10 % may be this much longer per 10 % than a balanced one,
in widths of the piece."""


@dataclass(frozen=True, slots=True)
class _Cut:
    first: Bools
    first_areas: int
    price: float


def bisect(graph: Graph, x: Floats, y: Floats, load: Floats, count: int, *, turn: float = 0.0) -> Ints:
    """Divide a connected piece into ``count`` connected areas of about equal load.

    Recursive bisection: the blocks are swept by a straight line in several directions; each sweep stops
    where the load behind the line is right, parts that were cut off go to the other side, and the
    cheapest cut (short and balanced) is taken. Both sides are connected by construction, so every
    area is (Simon, Partitioning of unstructured problems for parallel processing, 1991, gives the
    method without the repair).

    Parameters
    ----------
    graph : Graph
        Connected graph of ``n`` blocks.
    x, y : numpy.ndarray, shape (n,)
        Centres of the blocks in metres.
    load : numpy.ndarray, shape (n,)
        Work of each block; not negative. All zero counts as all equal.
    count : int
        Number of areas, 1 … n.
    turn : float
        Angle in radians added to all sweep directions; another value, another division.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Area of each block, 0 … count - 1, each with at least one block.
    """
    label = np.zeros(graph.count, dtype=np.int64)
    waiting = [(np.arange(graph.count, dtype=np.int64), graph, count, 0)]
    while waiting:
        members, piece, areas, lowest = waiting.pop()
        if areas == 1:
            label[members] = lowest
            continue
        own = load[members]
        # a piece without any load (a forest, once the people around it are dealt with) goes by its blocks
        weight = own if own.sum() > 0 else np.ones(len(members))
        cut = _cheapest_cut(piece, x[members], y[members], weight, areas, turn)
        sides = (
            (cut.first, cut.first_areas, lowest),
            (~cut.first, areas - cut.first_areas, lowest + cut.first_areas),
        )
        for side, share, low in sides:
            inside = np.flatnonzero(side)
            waiting.append((members[inside], piece.part_of(inside), share, low))
    return label


def _cheapest_cut(piece: Graph, x: Floats, y: Floats, weight: Floats, areas: int, turn: float) -> _Cut:
    """Try all directions; the tie goes to the first."""
    width = float(np.hypot(np.ptp(x), np.ptp(y))) or 1.0
    best: _Cut | None = None
    for k in range(_DIRECTIONS):
        # both ends of a direction are tried, since the first side takes the smaller half of the areas
        angle = turn + 2 * np.pi * k / _DIRECTIONS
        order = np.lexsort((np.arange(len(x)), x * np.cos(angle) + y * np.sin(angle)))
        cut = _cut_at(piece, order, weight, areas, width)
        if best is None or cut.price < best.price:
            best = cut
    assert best is not None  # noqa: S101 - there is at least one direction
    return best


def _cut_at(piece: Graph, order: Ints, weight: Floats, areas: int, width: float) -> _Cut:
    behind = np.cumsum(weight[order])
    wanted = behind[-1] * (areas // 2) / areas
    # the block on the line goes to the side that comes closer to the wanted load
    stop = int(np.searchsorted(behind, wanted))
    if stop + 1 < len(order) and behind[stop] - wanted < wanted - (behind[stop - 1] if stop else 0.0):
        stop += 1
    first = np.zeros(len(order), dtype=np.bool_)
    first[order[: min(max(stop, 1), len(order) - 1)]] = True
    first = _connect(piece, first, weight)

    own, other = int(first.sum()), int((~first).sum())
    share = float(weight[first].sum() / behind[-1])
    first_areas = min(max(round(areas * share), areas - other, 1), areas - 1, own)
    rest = areas - first_areas
    imbalance = max(abs(share / first_areas * areas - 1), abs((1 - share) / rest * areas - 1))
    crossing = first[piece.block] & ~first[piece.neighbour]
    length = float(piece.border_m[crossing].sum())
    return _Cut(first, first_areas, length / width + _IMBALANCE_M * imbalance)


def _connect(piece: Graph, first: Bools, weight: Floats) -> Bools:
    """Hand over what a sweep cut off, so that both sides hang together.

    What remains of the first side is its heaviest part. Of all that lies beyond, the heaviest part is the
    second side; the other parts touch only the first and return to it.
    """
    first = _heaviest_part(piece, first, weight)
    return ~_heaviest_part(piece, ~first, weight)


def _heaviest_part(piece: Graph, side: Bools, weight: Floats) -> Bools:
    part = connected_parts(piece, side.astype(np.int64))
    # a block without load still counts, so that of two empty parts the one with more blocks stays
    heavy = np.bincount(part, weights=np.where(side, weight + 1e-9 * (weight.sum() + 1), 0.0))
    heaviest: Bools = part == int(np.argmax(heavy))
    return heaviest
