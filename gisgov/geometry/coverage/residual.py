"""The residual: the directed edges that do not cancel, which are the boundary of the faulty ground.

Sorting millions of edges to find a few hundred would take most of a check. Instead all edges are added up by
the cells of a lattice (see `gisgov.geometry.coverage.edge_sums`); a cell that sums to nothing is clear, and
only the edges of the others are compared with each other, exactly.
"""

from __future__ import annotations

import functools
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.geometry.coverage.rings import Rings
from gisgov.types import Floats, Ints, Unsigned

_THREADS: Final = 2
_EDGES_A_CELL: Final = 32
_SAMPLE: Final = 4_096
_ROOM: Final = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """Edges that do not cancel, directed so that the ground with too many areas is on their left.

    Attributes
    ----------
    start, end : numpy.ndarray of int, shape (k,)
        Numbers of the vertices at which each edge begins and ends.
    times : numpy.ndarray of int, shape (k,)
        How often it is left over; at least 1.
    vertex : numpy.ndarray of float, shape (v, 2)
        The vertices, each place once.
    owned : numpy.ndarray of int, shape (m,)
        Numbers of residual edges, ascending; together with ``owner`` which areas have them.
    owner : numpy.ndarray of int, shape (m,)
        Numbers of the areas; an edge of the scope alone has none.
    """

    start: Ints
    end: Ints
    times: Ints
    vertex: Floats
    owned: Ints
    owner: Ints

    def __len__(self) -> int:
        return len(self.start)

    def owners_of(self, key: Ints, edge: Ints, count: int) -> list[tuple[int, ...]]:
        """Name the areas that have any of some edges.

        Parameters
        ----------
        key, edge : numpy.ndarray of int, shape (m,)
            Pairs of a key, 0 to count − 1, and an edge.
        count : int
            How many keys there are.

        Returns
        -------
        list of tuple of int
            For each key the numbers of the areas, ascending.
        """
        first, after = np.searchsorted(self.owned, edge), np.searchsorted(self.owned, edge, "right")
        length = after - first
        at = np.repeat(first - np.cumsum(length) + length, length) + np.arange(length.sum())
        return listed(np.repeat(key, length), self.owner[at], count)


def listed(key: Ints, value: Ints, count: int) -> list[tuple[int, ...]]:
    """List the values of each key from 0 to count − 1, ascending and each once.

    Examples
    --------
    >>> listed(np.array([2, 0, 2, 2]), np.array([7, 5, 3, 7]), 3)
    [(5,), (), (3, 7)]
    """
    key, value = distinct(key, value)
    cuts = np.searchsorted(key, np.arange(count + 1)).tolist()
    values = value.tolist()
    return [tuple(values[a:b]) for a, b in itertools.pairwise(cuts)]


def distinct(key: Ints, value: Ints) -> tuple[Ints, Ints]:
    """Give each pair of numbers from 0 to 2³¹ − 1 once, in order."""
    pair = np.unique(key << 32 | value)  # sorted many times faster than rows of two
    return pair >> 32, pair & 0xFFFFFFFF


def find_residual(areas: Rings, scope: Rings | None) -> Residual:
    """Find the edges that do not cancel.

    Parameters
    ----------
    areas : Rings
        Of valid areas.
    scope : Rings or None
        Of the ground they are to cover; None leaves the whole outline of the areas.

    Returns
    -------
    Residual
        Their boundaries added up, minus that of the scope. Without edges where the areas cover the scope
        once with the same vertices on both sides of every border.
    """
    sources = [areas] if scope is None else [areas, _turned(scope)]
    edge, owner, sign = _candidates(sources)
    place = np.empty(2 * len(edge), dtype=np.int64)
    ends = np.concatenate((edge[:, :2], edge[:, 2:])) + 0.0  # −0.0 and 0.0 are one place
    places = _number(ends, place)
    lower, upper = place[: len(edge)], place[len(edge) :]
    same = np.empty(len(edge), dtype=np.int64)
    count = _number(np.column_stack((lower, upper)).astype(np.float64), same)
    net = np.bincount(same, weights=sign, minlength=count).astype(np.int64)
    first = np.full(count, len(edge), dtype=np.int64)
    np.minimum.at(first, same, np.arange(len(edge)))
    left = np.flatnonzero(net)
    number = np.full(count, -1, dtype=np.int64)
    number[left] = np.arange(len(left))
    lower, upper = lower[first[left]], upper[first[left]]
    forth = net[left] > 0
    used, ends_of = np.unique(np.concatenate((lower, upper)), return_inverse=True)
    lower, upper = ends_of[: len(left)], ends_of[len(left) :]
    where = np.empty((places, 2))
    where[place] = ends
    mine = np.flatnonzero((number[same] >= 0) & (owner >= 0))
    order = mine[np.argsort(number[same[mine]], kind="stable")]
    return Residual(
        start=np.where(forth, lower, upper),
        end=np.where(forth, upper, lower),
        times=np.abs(net[left]),
        vertex=where[used],
        owned=number[same[order]],
        owner=owner[order],
    )


def _turned(scope: Rings) -> Rings:
    """Let shells run clockwise, so that adding takes away; the owner −1 is no area."""
    return Rings(scope.xy, scope.begin, ~scope.is_shell, np.full(len(scope.owner), -1, dtype=np.int64), 0)


def _candidates(sources: list[Rings]) -> tuple[Floats, Ints, Ints]:
    """List the edges whose cells do not cancel: lower and upper end (k, 4), owner, and direction."""
    from gisgov.geometry.coverage import edge_sums

    frame, rows, columns = _lattice(sources)
    halves = list(itertools.chain.from_iterable(_halves(rings) for rings in sources))

    def add(rings: Rings) -> Unsigned:
        cells = np.zeros((rows, columns, 8), dtype=np.uint64)
        edge_sums.sum_in_cells(rings.xy, rings.bits, rings.begin, rings.is_shell, frame, cells)
        return cells

    def collect(rings: Rings) -> tuple[Floats, Ints, Ints]:
        room = _ROOM
        while True:
            found = np.empty((room, 3), dtype=np.int64)
            count = edge_sums.collect_uncancelled(
                rings.xy, rings.bits, rings.begin, rings.is_shell, frame, cells, found
            )
            if count <= room:
                break
            room = count
        at, ring, direction = found[:count].T
        a, b = rings.xy[at], rings.xy[at + 1]
        swapped = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
        ends = np.where(swapped[:, None], np.hstack((b, a)), np.hstack((a, b)))
        return ends, rings.owner[ring], direction

    with ThreadPoolExecutor(_THREADS) as threads:
        cells = functools.reduce(_added, threads.map(add, halves))
        parts = list(threads.map(collect, halves))
    edge, owner, direction = (np.concatenate(column) for column in zip(*parts, strict=True))
    return edge, owner, direction


def _added(cells: Unsigned, more: Unsigned) -> Unsigned:
    cells += more
    return cells


def _lattice(sources: list[Rings]) -> tuple[Floats, int, int]:
    """Lay a lattice over where most vertices are: corner and cells a unit (4,), rows, columns."""
    sample = np.concatenate([rings.xy[:: len(rings.xy) // _SAMPLE + 1] for rings in sources])
    low, high = np.quantile(sample, (0.01, 0.99), axis=0) if len(sample) else np.zeros((2, 2))
    side = max(1, int(np.sqrt(sum(rings.edges for rings in sources) / _EDGES_A_CELL)))
    across = np.where(high > low, high - low, 1.0)
    return np.concatenate((low, side / across)), side, side


def _halves(rings: Rings) -> list[Rings]:
    """Share rings between the threads: views of the same vertices."""
    cuts = np.searchsorted(rings.begin, np.linspace(0, len(rings.xy), _THREADS + 1)[1:-1])
    bounds = [0, *np.minimum(cuts, len(rings.owner)).tolist(), len(rings.owner)]
    return [
        Rings(rings.xy, rings.begin[a : b + 1], rings.is_shell[a:b], rings.owner[a:b], rings.count)
        for a, b in itertools.pairwise(bounds)
    ]


def _number(xy: Floats, number: Ints) -> int:
    from gisgov.geometry.coverage import edge_table

    return edge_table.number_places(np.ascontiguousarray(xy), number)
