"""Which blocks touch: a graph in compressed rows, and the parts it falls into."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from gisgov.errors import InputError
from gisgov.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Graph:
    """Blocks and the borders they share; every border stands in both blocks' rows.

    Attributes
    ----------
    start : numpy.ndarray, shape (n + 1,)
        Row of block ``i`` is ``neighbour[start[i]:start[i + 1]]``, in ascending order.
    neighbour : numpy.ndarray, shape (2m,)
        The block on the other side.
    border_m : numpy.ndarray, shape (2m,)
        Length of the shared border in metres, parallel to ``neighbour``.
    cost_m : numpy.ndarray, shape (2m,)
        What a border between areas costs there: its metres, fewer where it runs along a street or water
        that areas should be divided by.
    major_m : numpy.ndarray, shape (2m,)
        Metres of it along arterials, collectors and water.
    """

    start: Ints
    neighbour: Ints
    border_m: Floats
    cost_m: Floats
    major_m: Floats

    @property
    def count(self) -> int:
        """Number of blocks."""
        return len(self.start) - 1

    @property
    def block(self) -> Ints:
        """The block on this side, parallel to ``neighbour``."""
        return np.repeat(np.arange(self.count, dtype=np.int64), np.diff(self.start))


def graph_from_borders(
    a: Ints,
    b: Ints,
    length_m: npt.ArrayLike,
    *,
    count: int,
    cost_m: npt.ArrayLike | None = None,
    major_m: npt.ArrayLike | None = None,
) -> Graph:
    """Build the graph of blocks from the pairs that share a border.

    Parameters
    ----------
    a, b : numpy.ndarray of int, shape (m,)
        The two blocks of each border, each between 0 and ``count - 1``. A pair may come several times
        and in both directions: lengths add up.
    length_m : array_like of float, shape (m,)
        Length of the border in metres; a border of length 0 (a corner) still joins its blocks.
    count : int
        Number of blocks; those without any border get an empty row.
    cost_m, major_m : array_like of float, shape (m,), optional
        As in `Graph`; by default every metre costs a metre, and none is along a major street or water.

    Returns
    -------
    Graph

    Raises
    ------
    InputError
        A pair names a block that does not exist, or joins a block to itself.

    Examples
    --------
    >>> import numpy as np
    >>> graph = graph_from_borders(np.array([0, 1]), np.array([1, 2]), [10.0, 5.0], count=3)
    >>> graph.neighbour.tolist(), graph.border_m.tolist()
    ([1, 0, 2, 1], [10.0, 10.0, 5.0, 5.0])
    """
    a = np.asarray(a, dtype=np.int64)
    b = np.asarray(b, dtype=np.int64)
    length = np.asarray(length_m, dtype=np.float64)
    cost = length if cost_m is None else np.asarray(cost_m, dtype=np.float64)
    major = np.zeros(len(length)) if major_m is None else np.asarray(major_m, dtype=np.float64)
    wrong = np.flatnonzero((a < 0) | (b < 0) | (a >= count) | (b >= count) | (a == b))
    if len(wrong):
        i = int(wrong[0])
        raise InputError(f"Border {i} joins blocks {a[i]} and {b[i]}, which cannot be among {count} blocks.")
    rows = np.concatenate([a, b])
    others = np.concatenate([b, a])
    key = rows * max(count, 1) + others
    unique, place = np.unique(key, return_inverse=True)
    sums = [
        np.bincount(place, weights=np.concatenate([one, one]), minlength=len(unique)).astype(np.float64)
        for one in (length, cost, major)
    ]
    per_row = np.bincount(unique // max(count, 1), minlength=count)
    start = np.concatenate([[0], np.cumsum(per_row)]).astype(np.int64)
    return Graph(start, unique % max(count, 1), *sums)


def connected_parts(graph: Graph, labels: Ints | None = None) -> Ints:
    """Tell the connected parts: blocks that reach each other without leaving their label.

    Parameters
    ----------
    graph : Graph
        The blocks.
    labels : numpy.ndarray of int, shape (n,), optional
        Only borders between blocks of equal label connect. Without it, every border does.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Number of each block's part, 0 … parts - 1, in the order of each part's first block.

    Examples
    --------
    >>> import numpy as np
    >>> graph = graph_from_borders(np.array([0, 1]), np.array([1, 2]), [1.0, 1.0], count=3)
    >>> connected_parts(graph, np.array([7, 8, 7])).tolist()
    [0, 1, 2]
    """
    rows, others = graph.block, graph.neighbour
    if labels is not None:
        same = labels[rows] == labels[others]
        rows, others = rows[same], others[same]
    ones = np.ones(len(rows), dtype=np.int8)
    matrix = csr_array((ones, (rows, others)), shape=(graph.count, graph.count))
    _, part = connected_components(matrix, directed=False)
    _, first, place = np.unique(part, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return rank[place].astype(np.int64)


def is_contiguous(graph: Graph, labels: Ints) -> Bools:
    """Whether the blocks of each label hang together, for labels 0 … max.

    A label without any block is contiguous: it has no second part.

    Examples
    --------
    >>> import numpy as np
    >>> graph = graph_from_borders(np.array([0, 1]), np.array([1, 2]), [1.0, 1.0], count=3)
    >>> is_contiguous(graph, np.array([0, 1, 0])).tolist()
    [False, True]
    """
    return count_parts(graph, labels) <= 1


def count_parts(graph: Graph, labels: Ints) -> Ints:
    """Count the connected parts of each label 0 … max.

    Examples
    --------
    >>> import numpy as np
    >>> graph = graph_from_borders(np.array([0, 1]), np.array([1, 2]), [1.0, 1.0], count=3)
    >>> count_parts(graph, np.array([0, 1, 0])).tolist()
    [2, 1]
    """
    if graph.count == 0:
        return np.zeros(0, dtype=np.int64)
    part = connected_parts(graph, labels)
    _, first = np.unique(part, return_index=True)
    return np.bincount(labels[first], minlength=int(labels.max()) + 1).astype(np.int64)
