"""Where the areas of a plan come from (沿革): which former area each goes on, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.governance.titles import Titled
from gisgov.types import Bools, Floats, Ints

MOST: Final = 0.5
"""Share of an area that has to be exceeded for it to be most of it: what goes on, is merged or split off."""

NOWHERE: Final = -1
"""In the place of an area's number: ground that no area has."""

_ROUNDING: Final = 1 + 1e-9  # sums of shares that are exactly one half come out a little more


class AreaOrigin(Titled):
    """What an area is, seen from the plan before it."""

    KEPT = "kept", "不变", "Kept"
    RESHAPED = "reshaped", "边界调整", "Reshaped"
    MERGED = "merged", "合并", "Merged"
    SPLIT = "split", "析出", "Split off"
    NEW = "new", "新设", "New"


class AreaFate(Titled):
    """What became of an area, seen from the plan after it."""

    KEPT = "kept", "不变", "Kept"
    RESHAPED = "reshaped", "边界调整", "Reshaped"
    SPLIT = "split", "拆分", "Split"
    MERGED = "merged", "并入", "Merged into another"
    GONE = "gone", "撤销", "Gone"


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


@dataclass(frozen=True, slots=True, eq=False)
class Succession:
    """How ``n`` areas follow ``m`` former ones.

    Attributes
    ----------
    keeps : numpy.ndarray of int, shape (n,)
        The former area that each goes on from, `NOWHERE` where it goes on from none.
    origin : tuple of AreaOrigin
        What each area is.
    fate : tuple of AreaFate
        What became of each former area.
    """

    keeps: Ints
    origin: tuple[AreaOrigin, ...]
    fate: tuple[AreaFate, ...]


def follow(
    former: Ints, area: Ints, weight: Floats, *, formers: int, areas: int, same_code: Bools | None = None
) -> Succession:
    """Tell how areas follow former ones, from what each pair of them has in common.

    A former area goes on in the area that it shares most with, if that is more than half (`MOST`) of the
    smaller of the two. Pairs of one code are settled first, then the largest; ties by number.

    Parameters
    ----------
    former, area : numpy.ndarray of int, shape (k,)
        Numbers of a pair, each pair once; `NOWHERE` for what no former area had, or no area has now.
    weight : numpy.ndarray of float, shape (k,)
        What the two have in common (people, ground); 0 or more.
    formers, areas : int
        How many there are, ``m`` and ``n``.
    same_code : numpy.ndarray of bool, shape (k,), optional
        Whether the two have one code.

    Returns
    -------
    Succession
        *kept*: the two have all of each other. Of areas: *merged* is more than half of each of two or more
        former ones, *reshaped* goes on from one with other ground, *split* goes on from none and more than
        half of it is of one, *new* goes on from none and no former area has most of it. The fates are the
        same seen backwards: *split* was more than half of each of two or more areas, *reshaped* goes on,
        *merged* does not and most of it is in one area, *gone* does not and no area has most of it.

    Examples
    --------
    Of area 0 a third splits off; area 1 stays:

    >>> told = follow(
    ...     np.array([0, 0, 1]), np.array([0, 1, 2]), np.array([2.0, 1.0, 3.0]), formers=2, areas=3
    ... )
    >>> told.keeps.tolist(), [str(one) for one in told.origin], [str(one) for one in told.fate]
    ([0, -1, 1], ['reshaped', 'split', 'kept'], ['split', 'kept'])
    """
    has_former, has_area = former >= 0, area >= 0
    before = _sums(former[has_former], weight[has_former], formers)
    size = _sums(area[has_area], weight[has_area], areas)
    both = np.flatnonzero(has_former & has_area)
    old, new, shared = former[both], area[both], weight[both]
    first = np.zeros(len(both), dtype=np.bool_) if same_code is None else same_code[both]
    keeps = _settle(old, new, shared, before, size, np.lexsort((new, old, -shared, ~first)))
    goes_on = np.isin(np.arange(formers), keeps)
    alone_old = np.bincount(former[has_former], minlength=formers) == 1
    alone_new = np.bincount(area[has_area], minlength=areas) == 1
    same_old, same_new = np.zeros(formers, dtype=np.bool_), np.zeros(areas, dtype=np.bool_)
    same = alone_old[old] & alone_new[new]
    same_old[old[same]], same_new[new[same]] = True, True
    most_of_old, most_of_new = _is_most(shared, before[old]), _is_most(shared, size[new])
    origin = _kinds(keeps >= 0, same_new, new, taken=most_of_old, main=most_of_new)
    fate = _kinds(goes_on, same_old, old, taken=most_of_new, main=most_of_old)
    return Succession(keeps, tuple(_ORIGINS[i] for i in origin), tuple(_FATES[i] for i in fate))


_ORIGINS = (AreaOrigin.KEPT, AreaOrigin.MERGED, AreaOrigin.RESHAPED, AreaOrigin.SPLIT, AreaOrigin.NEW)
_FATES = (AreaFate.KEPT, AreaFate.SPLIT, AreaFate.RESHAPED, AreaFate.MERGED, AreaFate.GONE)


def trace(former: Ints, labels: Ints, weight: Floats) -> Lineage:
    """Tell where areas made of blocks come from, by the rules of `follow`.

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
        *kept*: the same blocks as one former area; the others as `follow` has them.

    Examples
    --------
    Area 0 loses its last block to a new one that takes half of area 1:

    >>> former, labels = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 2, 2, 1, 1])
    >>> found = trace(former, labels, np.ones(6))
    >>> found.keeps.tolist(), [str(one) for one in found.origin]
    ([0, 1, -1], ['reshaped', 'reshaped', 'new'])
    """
    count = int(labels.max()) + 1 if len(labels) else 0
    formers = int(former.max(initial=NOWHERE)) + 1
    key, place = np.unique((former + 1) * np.int64(max(count, 1)) + labels, return_inverse=True)
    old, new = key // max(count, 1) - 1, key % max(count, 1)
    shared = _sums(place, weight, len(key))
    told = follow(old, new, shared, formers=formers, areas=count)
    size = _sums(labels, weight, count)
    had = old >= 0
    return Lineage(told.keeps, told.origin, _sources(old[had], new[had], (shared / size[new])[had], count))


def _sums(number: Ints, weight: Floats, count: int) -> Floats:
    return np.bincount(number, weights=weight, minlength=count).astype(np.float64)


def _is_most(shared: Floats, whole: Floats) -> Bools:
    return shared > MOST * whole * _ROUNDING


def _settle(old: Ints, new: Ints, shared: Floats, before: Floats, size: Floats, order: Ints) -> Ints:
    keeps = np.full(len(size), NOWHERE, dtype=np.int64)
    gone: set[int] = set()
    goes_on = _is_most(shared, np.minimum(before[old], size[new]))
    for i in order.tolist():
        if goes_on[i] and keeps[new[i]] < 0 and int(old[i]) not in gone:
            keeps[new[i]] = old[i]
            gone.add(int(old[i]))
    return keeps


def _kinds(goes_on: Bools, same: Bools, own: Ints, *, taken: Bools, main: Bools) -> list[int]:
    """Return the place of each area's kind in `_ORIGINS` or `_FATES`.

    Of each pair, ``own`` is the area judged, ``taken`` tells whether that has most of the other one, and
    ``main`` whether the other one has most of it.
    """
    count = len(same)
    several = np.bincount(own[taken], minlength=count) > 1
    is_part = np.bincount(own[main], minlength=count) > 0
    kinds: list[int] = np.select([same, several, goes_on, is_part], [0, 1, 2, 3], 4).tolist()
    return kinds


def _sources(old: Ints, new: Ints, share: Floats, count: int) -> tuple[tuple[tuple[int, float], ...], ...]:
    found: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for i in np.lexsort((old, -share, new)).tolist():
        found[new[i]].append((int(old[i]), float(share[i])))
    return tuple(tuple(one) for one in found)
