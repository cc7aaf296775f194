"""Blocks that no area has, given to neighbouring areas one by one."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np

from gisgov.types import Floats, Ints
from gisgov.zoning.graph import Graph

_BALANCE = 0.5
"""What the mean load of an area counts, against the whole border of a block."""


def fill(graph: Graph, area: Ints, load: Floats) -> Ints:
    """Give nodes without an area to areas that they touch, themselves or through others.

    Parameters
    ----------
    graph : Graph
        Which of the ``n`` nodes touch: blocks, or areas taken whole. A border between nodes that must not be
        in one area (of two parents) is left out.
    area : numpy.ndarray of int, shape (n,)
        Area of each node, −1 for one to be filled.
    load : numpy.ndarray of float, shape (n,)
        Work of each node.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Areas, −1 where no way leads to any. What was given goes on to be in one piece.

    Notes
    -----
    The node that fits best comes first: that of which an area saves the largest share of the cost of its
    border (`Graph.cost_m`), less half the load that the area would then have, in mean loads. So borders stay
    on streets, a hole goes to the area around it, and large ground is shared among those that have little.

    Examples
    --------
    The third of five blocks in a row goes to the lighter side, and the fourth with it:

    >>> from gisgov.zoning import graph_from_borders
    >>> row = graph_from_borders(np.arange(4), np.arange(1, 5), [1.0] * 4, count=5)
    >>> fill(row, np.array([0, -1, -1, -1, 1]), np.array([9.0, 1, 1, 1, 1])).tolist()
    [0, 1, 1, 1, 1]
    """
    found = area.copy()
    if not (area >= 0).any():
        return found
    carried = np.bincount(area[area >= 0], weights=load[area >= 0]).astype(np.float64)
    mean = load.sum() / max(len(np.unique(area[area >= 0])), 1)
    filling = _Filling(graph, found, load, carried, mean or 1.0)
    filling.run()
    return found


class _Filling:
    """Nodes waiting for an area, the best pair first; scores are looked at again before they count."""

    def __init__(self, graph: Graph, area: Ints, load: Floats, carried: Floats, mean: float) -> None:
        self._graph, self._area, self._load, self._carried, self._mean = graph, area, load, carried, mean
        self._rim = np.bincount(graph.block, weights=graph.cost_m, minlength=graph.count)
        self._saved: dict[tuple[int, int], float] = {}
        empty = area[graph.block] < 0
        touching = empty & (area[graph.neighbour] >= 0)
        for node, other, cost in zip(
            graph.block[touching].tolist(),
            graph.neighbour[touching].tolist(),
            graph.cost_m[touching].tolist(),
            strict=True,
        ):
            self._add(node, int(area[other]), cost)
        self._waiting = [(-self._score(*pair), *pair) for pair in self._saved]
        heapify(self._waiting)

    def run(self) -> None:
        """Give one node after another."""
        while self._waiting:
            score, node, number = heappop(self._waiting)
            if self._area[node] >= 0:
                continue
            now = -self._score(node, number)
            if now > score:  # its area has got other nodes since
                heappush(self._waiting, (now, node, number))
                continue
            self._give(node, number)

    def _give(self, node: int, number: int) -> None:
        self._area[node] = number
        self._carried[number] += self._load[node]
        row = slice(self._graph.start[node], self._graph.start[node + 1])
        for other, cost in zip(
            self._graph.neighbour[row].tolist(), self._graph.cost_m[row].tolist(), strict=True
        ):
            if self._area[other] < 0:
                self._add(other, number, cost)
                heappush(self._waiting, (-self._score(other, number), other, number))

    def _add(self, node: int, number: int, cost: float) -> None:
        self._saved[node, number] = self._saved.get((node, number), 0.0) + cost

    def _score(self, node: int, number: int) -> float:
        rim = float(self._rim[node])
        saved = self._saved[node, number] / rim if rim > 0 else 0.0
        return saved - _BALANCE * float(self._carried[number] + self._load[node]) / self._mean
