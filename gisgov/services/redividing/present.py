"""The present areas in the numbers of the engine: each at home in one parent, the first parent's first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.types import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Present:
    """Areas that there are, as the engine takes them.

    Attributes
    ----------
    label : numpy.ndarray of int, shape (n,)
        Present area of each block, 0 … m - 1; −1 where it has none in its parent.
    area : numpy.ndarray of int, shape (m,)
        Number of each in the areas before.
    parent : numpy.ndarray of int, shape (m,)
        Parent that each is at home in.
    """

    label: Ints
    area: Ints
    parent: Ints

    def counts(self, parents: int) -> Ints:
        """Return how many are at home in each of the parents."""
        return np.bincount(self.parent, minlength=parents).astype(np.int64)


def present_areas(area: Ints, parent: Ints, weight: Floats) -> Present:
    """Find where present areas are at home: in the parent that most of each lies in.

    Parameters
    ----------
    area : numpy.ndarray of int, shape (n,)
        Present area of each block, −1 where it has none.
    parent : numpy.ndarray of int, shape (n,)
        Parent of each block.
    weight : numpy.ndarray of float, shape (n,)
        What of each block counts; above 0.

    Returns
    -------
    Present
        Blocks of an area that lie in another parent have none.

    Examples
    --------
    >>> area, parent = np.array([7, 7, 3, 3, -1]), np.array([0, 0, 0, 1, 1])
    >>> found = present_areas(area, parent, np.array([1.0, 1, 1, 2, 1]))
    >>> found.label.tolist(), found.area.tolist(), found.parent.tolist()
    ([0, 0, -1, 1, -1], [7, 3], [0, 1])
    """
    placed = np.flatnonzero(area >= 0)
    count = int(parent.max(initial=-1)) + 1
    pair, place = np.unique(area[placed] * count + parent[placed], return_inverse=True)
    share = np.bincount(place, weights=weight[placed], minlength=len(pair))
    order = np.lexsort((pair, -share, pair // max(count, 1)))
    areas, first = np.unique((pair // max(count, 1))[order], return_index=True)
    home = (pair % max(count, 1))[order][first]
    rank = np.lexsort((areas, home))
    areas, home = areas[rank], home[rank]
    number = np.full(int(areas.max(initial=-1)) + 1, -1, dtype=np.int64)
    number[areas] = np.arange(len(areas))
    label = np.full(len(area), -1, dtype=np.int64)
    label[placed] = number[area[placed]]
    away = (label >= 0) & (np.append(home, -1)[label] != parent)
    label[away] = -1
    return Present(label, areas, home)
