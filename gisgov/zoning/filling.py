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
    filling = _Filling(graph, found.tolist(), load.tolist(), carried.tolist(), float(mean) or 1.0)
    return np.array(filling.run(), dtype=np.int64)


class _Filling:
    """Each area with the nodes that it could have next, the best first, and all areas by the best of theirs.

    What an area carries counts for all its nodes alike, so that it does not change their order.
    """

    def __init__(
        self, graph: Graph, area: list[int], load: list[float], carried: list[float], mean: float
    ) -> None:
        self._area, self._load, self._carried, self._mean = area, load, carried, mean
        self._start, self._neighbour = graph.start.tolist(), graph.neighbour.tolist()
        self._cost: list[float] = graph.cost_m.tolist()
        rim = np.bincount(graph.block, weights=graph.cost_m, minlength=graph.count)
        self._rim: list[float] = np.where(rim > 0, rim, 1.0).tolist()
        self._saved: dict[tuple[int, int], float] = {}
        self._next: list[list[tuple[float, int]]] = [[] for _ in carried]
        for node in [node for node, number in enumerate(area) if number >= 0]:
            self._offer(node, area[node])

    def run(self) -> list[int]:
        """Give one node after another; return the areas of all."""
        turns = [(self._price(number), number) for number in range(len(self._next))]
        heapify(turns)
        while turns:
            price, number = heappop(turns)
            now = self._price(number)
            if now > price:  # another area has got the node
                heappush(turns, (now, number))
            elif now < np.inf:
                _, node = heappop(self._next[number])
                self._area[node] = number
                self._carried[number] += self._load[node]
                self._offer(node, number)
                heappush(turns, (self._price(number), number))
        return self._area

    def _price(self, number: int) -> float:
        """Return what the next node of an area costs it, infinite where there is none."""
        waiting = self._next[number]
        while waiting and self._area[waiting[0][1]] >= 0:
            heappop(waiting)
        return waiting[0][0] + _BALANCE * self._carried[number] / self._mean if waiting else np.inf

    def _offer(self, node: int, number: int) -> None:
        """Let the nodes beside one of an area wait for that area; they wait anew when it saves more."""
        for i in range(self._start[node], self._start[node + 1]):
            other = self._neighbour[i]
            if self._area[other] < 0:
                pair = other, number
                saved = self._saved[pair] = self._saved.get(pair, 0.0) + self._cost[i]
                own = _BALANCE * self._load[other] / self._mean
                heappush(self._next[number], (own - saved / self._rim[other], other))
