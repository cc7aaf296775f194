"""Where the areas of a plan come from (沿革): which former area each goes on, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.governance.titles import Titled
from gisgov.types import Floats, Ints


class AreaOrigin(Titled):
    """What an area is, seen from the plan before it."""

    KEPT = "kept", "不变", "Kept"
    RESHAPED = "reshaped", "边界调整", "Reshaped"
    MERGED = "merged", "合并", "Merged"
    SPLIT = "split", "析出", "Split off"
    NEW = "new", "新设", "New"


@dataclass(frozen=True, slots=True, eq=False)
class Lineage:
    """Where ``k`` areas come from.

    Attributes
    ----------
    keeps : numpy.ndarray of int, shape (k,)
        Number of the former area whose code and name the area keeps, −1 where it needs new ones. No former
        area goes on in two.
    origin : tuple of AreaOrigin
        What each area is.
    sources : tuple of tuple
        For each area the former areas that it took ground of, with their share of it (0..1), the largest
        first. Ground that no area had is left out.
    """

    keeps: Ints
    origin: tuple[AreaOrigin, ...]
    sources: tuple[tuple[tuple[int, float], ...], ...]


def trace(former: Ints, labels: Ints, weight: Floats) -> Lineage:
    """Tell where areas made of blocks come from.

    A former area goes on in the area that it shares most with, if that is more than half of the smaller of
    the two: a code is never carried to other ground. Largest shares are settled first, ties by number.

    Parameters
    ----------
    former : numpy.ndarray of int, shape (n,)
        Former area of each block, −1 where it had none.
    labels : numpy.ndarray of int, shape (n,)
        Area of each block now, 0 … k - 1, none left out.
    weight : numpy.ndarray of float, shape (n,)
        What of each block counts (people, ground); above 0.

    Returns
    -------
    Lineage
        *kept*: the same blocks as one former area. *merged*: more than half of each of two or more former
        areas. *reshaped*: keeps a code with other blocks. *split*: has a new code, and more than half of it
        is of one former area. *new*: has a new code, and no former area most of it.

    Examples
    --------
    Area 0 loses its last block to a new one that takes half of area 1:

    >>> former, labels = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 2, 2, 1, 1])
    >>> found = trace(former, labels, np.ones(6))
    >>> found.keeps.tolist(), [str(one) for one in found.origin]
    ([0, 1, -1], ['reshaped', 'reshaped', 'new'])
    """
    count = int(labels.max()) + 1 if len(labels) else 0
    size = np.bincount(labels, weights=weight, minlength=count).astype(np.float64)
    had = former >= 0
    before = np.bincount(former[had], weights=weight[had]).astype(np.float64)
    pair, place = np.unique(former[had] * np.int64(max(count, 1)) + labels[had], return_inverse=True)
    old, new = pair // max(count, 1), pair % max(count, 1)
    shared = np.bincount(place, weights=weight[had], minlength=len(pair)).astype(np.float64)
    keeps = _settle(old, new, shared, before, size)
    same = _have_same_blocks(former, labels, keeps)
    swallowed = np.bincount(new[shared > before[old] / 2], minlength=count)
    main = np.zeros(count)
    np.maximum.at(main, new, shared / size[new])
    origin = tuple(
        _origin(keeps[i] >= 0, bool(same[i]), int(swallowed[i]), float(main[i])) for i in range(count)
    )
    return Lineage(keeps, origin, _sources(old, new, shared / size[new], count))


def _settle(old: Ints, new: Ints, shared: Floats, before: Floats, size: Floats) -> Ints:
    keeps = np.full(len(size), -1, dtype=np.int64)
    gone: set[int] = set()
    for i in np.lexsort((new, old, -shared)).tolist():
        is_same = shared[i] > min(before[old[i]], size[new[i]]) / 2
        if is_same and keeps[new[i]] < 0 and int(old[i]) not in gone:
            keeps[new[i]] = old[i]
            gone.add(int(old[i]))
    return keeps


def _have_same_blocks(former: Ints, labels: Ints, keeps: Ints) -> Ints:
    """Whether each area has all the blocks of the former area that it keeps, and no other."""
    other = np.bincount(labels, weights=keeps[labels] != former, minlength=len(keeps))
    blocks = np.bincount(labels, minlength=len(keeps))
    before = np.bincount(former[former >= 0], minlength=int(keeps.max(initial=-1)) + 1)
    same = np.zeros(len(keeps), dtype=np.int64)
    kept = np.flatnonzero(keeps >= 0)
    same[kept] = (other[kept] == 0) & (blocks[kept] == before[keeps[kept]])
    return same


def _origin(keeps: bool, same: bool, swallowed: int, main: float) -> AreaOrigin:
    if same:
        return AreaOrigin.KEPT
    if swallowed > 1:
        return AreaOrigin.MERGED
    if keeps:
        return AreaOrigin.RESHAPED
    return AreaOrigin.SPLIT if main > 0.5 else AreaOrigin.NEW


def _sources(old: Ints, new: Ints, share: Floats, count: int) -> tuple[tuple[tuple[int, float], ...], ...]:
    found: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for i in np.lexsort((old, -share, new)).tolist():
        found[new[i]].append((int(old[i]), float(share[i])))
    return tuple(tuple(one) for one in found)
