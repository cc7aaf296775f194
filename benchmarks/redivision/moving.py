"""How many people change hands between two divisions, and how many must."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.districts import District
from gisgov.types import Ints


def relabelled(district: District, before: Ints, after: Ints) -> Ints:
    """Give the areas of a new division the numbers of former ones so that the fewest people move.

    Parent by parent, by an optimal assignment (Kuhn, 1955) over the people that two areas have in common.

    Parameters
    ----------
    district : District
        With the people as they are now.
    before, after : numpy.ndarray of int, shape (n,)
        Former and new area of each block; no area has blocks of two parents.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        ``after`` with numbers of ``before``; surplus areas get numbers of their own.
    """
    numbered = np.full(len(after), -1, dtype=np.int64)
    following = int(max(before.max(), after.max())) + 1
    order = np.argsort(district.parent, kind="stable")
    for own in np.split(order, np.cumsum(np.bincount(district.parent))[:-1]):
        names, old = np.unique(before[own], return_inverse=True)
        known, new = np.unique(after[own], return_inverse=True)
        # blocks without people count a little, so that areas without people find their like
        common = np.zeros((len(names), len(known)))
        np.add.at(common, (old, new), district.population[own] + 1e-3)
        number = following + np.arange(len(known))
        row, column = linear_sum_assignment(-common)
        number[column] = names[row]
        numbered[own] = number[new]
        following += len(known)
    return numbered


def moved_people(district: District, before: Ints, after: Ints) -> int:
    """Count the people whose area has another number than before."""
    return int(district.population[before != after].sum())


def least_moved(district: District, before: Ints, limit: float) -> float:
    """Tell how many people must change hands at least before all areas are within the limit.

    Of each parent: what is too much in its areas must leave them, and what is missing must come; a person
    may do both. No division moves fewer, and there may be none that moves so few.

    Parameters
    ----------
    district : District
        With the people as they are now.
    before : numpy.ndarray of int, shape (n,)
        Former area of each block, 0 … areas - 1; none has blocks of two parents.
    limit : float
        Share that loads may be off.
    """
    above = np.zeros(int(before.max()) + 1, dtype=np.int64)
    above[before] = district.parent
    load = np.bincount(before, district.population)
    target = (np.bincount(district.parent, district.population) / np.bincount(above))[above]
    too_much = np.bincount(above, np.maximum(load - (1 + limit) * target, 0))
    too_few = np.bincount(above, np.maximum((1 - limit) * target - load, 0))
    return float(np.maximum(too_much, too_few).sum())
