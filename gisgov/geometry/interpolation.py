"""Counts from one division of the ground onto another: whole, and conserved source by source.

People are counted by areas that are not the ones asked about (census tracts, precincts, buildings). A count
is spread over the targets of its source in proportion to weights: the ground they have in common (areal
interpolation), or that ground, or what stands on it, weighed by how it is lived in (dasymetric
interpolation). What falls to ground outside all targets, and what nothing is known to spread by, is left over
and said, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.geometry.common_ground import OUTSIDE
from gisgov.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Counts of ``m`` sources, spread over ``n`` targets.

    Attributes
    ----------
    placed : numpy.ndarray of int, shape (n,)
        What each target got.
    outside : numpy.ndarray of int, shape (m,)
        What of each source fell to ground outside all targets.
    unweighted : numpy.ndarray of int, shape (m,)
        The count of a source that has nothing to spread it by, else 0.
    source, target, count : numpy.ndarray of int, shape (k,)
        What went from where to where, as far as it is more than 0; by source, then target (`OUTSIDE` first).
        Of each source these and ``unweighted`` add up to its count.
    """

    placed: Ints
    outside: Ints
    unweighted: Ints
    source: Ints
    target: Ints
    count: Ints


def spread_counts(
    counts: npt.ArrayLike,
    source: npt.ArrayLike,
    target: npt.ArrayLike,
    weight: npt.ArrayLike,
    *,
    targets: int,
) -> Spread:
    """Spread whole counts over targets in proportion to weights, in whole numbers that add up.

    Parameters
    ----------
    counts : array_like of int, shape (m,)
        What is counted in each source, 0 or more.
    source, target : array_like of int, shape (k,)
        Numbers of a source and of a target, or `OUTSIDE`; a pair may come several times.
    weight : array_like of float, shape (k,)
        What the pair weighs, finite and 0 or more: square metres, or people expected.
    targets : int
        How many targets there are.

    Returns
    -------
    Spread
        Nothing goes to where no weight is. The order of the pairs does not matter.

    Raises
    ------
    InputError
        A count or weight is negative or not finite.

    Notes
    -----
    By largest remainder (Hamilton's method), source by source: each target gets its quota rounded down, and
    what is missing then goes one by one to those with the largest remainder; among equal ones to the larger
    weight, then to the smaller number, and outside last.

    Examples
    --------
    >>> found = spread_counts([10, 3], [0, 0, 0, 1], [0, 1, 2, OUTSIDE], [1.0, 1.0, 1.0, 5.0], targets=3)
    >>> found.placed.tolist(), found.outside.tolist(), found.unweighted.tolist()
    ([4, 3, 3], [0, 3], [0, 0])
    """
    total, weights = np.asarray(counts, dtype=np.int64), np.asarray(weight, dtype=np.float64)
    if (total < 0).any() or not (np.isfinite(weights) & (weights >= 0.0)).all():
        raise InputError("A count or a weight that it is spread by is negative or not finite.")
    pairs = _pairs(np.asarray(source, dtype=np.int64), np.asarray(target, dtype=np.int64), weights)
    count = _shares(total, *pairs, targets)
    of, to = pairs[0][count > 0], pairs[1][count > 0]
    count = count[count > 0]
    at = to != OUTSIDE
    return Spread(
        placed=_sums(to[at], count[at], targets),
        outside=_sums(of[~at], count[~at], len(total)),
        unweighted=total - _sums(of, count, len(total)),
        source=of,
        target=to,
        count=count,
    )


def spread_around_known(
    counts: npt.ArrayLike,
    source: npt.ArrayLike,
    target: npt.ArrayLike,
    known: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    targets: int,
) -> tuple[Spread, Bools]:
    """Spread whole counts: first what is known to be somewhere, then the rest by what is expected.

    Parameters
    ----------
    counts : array_like of int, shape (m,)
        What is counted in each source, 0 or more.
    source, target : array_like of int, shape (k,)
        Numbers of the source and of the target, or `OUTSIDE`, of each of ``k`` places such as buildings.
    known : array_like of int, shape (k,)
        What is known to be there; 0 where nothing is.
    expected : array_like of float, shape (k,)
        What the rest is spread in proportion to; 0 where it is known what is there.
    targets : int
        How many targets there are.

    Returns
    -------
    spread : Spread
        ``unweighted`` is the rest of a source where nothing more is expected.
    exceeded : numpy.ndarray of bool, shape (m,)
        Sources in which more is known than counted: their count is spread in proportion to that.

    Raises
    ------
    InputError
        See `spread_counts`.

    Examples
    --------
    >>> spread, exceeded = spread_around_known(
    ...     [10, 2], [0, 0, 1, 1], [0, 1, 0, 1], [4, 0, 3, 3], [0, 9, 0, 0], targets=2
    ... )
    >>> spread.placed.tolist(), exceeded.tolist()
    ([5, 7], [False, True])
    """
    total, of = np.asarray(counts, dtype=np.int64), np.asarray(source, dtype=np.int64)
    to, there = np.asarray(target, dtype=np.int64), np.asarray(known, dtype=np.int64)
    found = _sums(of, there, len(total))
    exceeded = found > total
    by_known = exceeded[of]
    rest = spread_counts(
        np.where(exceeded, total, total - found), of, to, np.where(by_known, there, expected), targets=targets
    )
    taken = ~by_known
    at, beyond = taken & (to != OUTSIDE), taken & (to == OUTSIDE)
    pairs = _pairs(
        np.concatenate((rest.source, of[taken])),
        np.concatenate((rest.target, to[taken])),
        np.concatenate((rest.count, there[taken])).astype(np.float64),
    )
    more = pairs[2] > 0
    spread = Spread(
        placed=rest.placed + _sums(to[at], there[at], targets),
        outside=rest.outside + _sums(of[beyond], there[beyond], len(total)),
        unweighted=rest.unweighted,
        source=pairs[0][more],
        target=pairs[1][more],
        count=pairs[2][more].astype(np.int64),
    )
    return spread, np.asarray(exceeded, dtype=np.bool_)


def _pairs(source: Ints, target: Ints, weight: Floats) -> tuple[Ints, Ints, Floats]:
    """Add up the weights of equal pairs; by source, then target.

    Sums of floats depend on their order, so it is made to be one: ascending.
    """
    order = np.lexsort((weight, target, source))
    source, target, weight = source[order], target[order], weight[order]
    first = np.r_[True, (source[1:] != source[:-1]) | (target[1:] != target[:-1])][: len(source)]
    summed = np.bincount(np.cumsum(first) - 1, weights=weight).astype(np.float64)
    return source[first], target[first], summed


def _shares(total: Ints, source: Ints, target: Ints, weight: Floats, targets: int) -> Ints:
    largest = np.zeros(len(total))
    np.maximum.at(largest, source, weight)
    has = weight > 0.0
    scaled = np.zeros(len(weight))
    scaled[has] = weight[has] / largest[source[has]]  # so that no sum overflows
    ascending = np.lexsort((scaled, source))
    sums = np.bincount(source[ascending], weights=scaled[ascending], minlength=len(total))
    quota = np.zeros(len(weight))
    quota[has] = total[source[has]] * scaled[has] / sums[source[has]]
    share = np.floor(quota).astype(np.int64)
    missing = np.where(sums > 0.0, total - _sums(source, share, len(total)), 0)
    last = np.where(target == OUTSIDE, targets, target)
    order = np.lexsort((last, -weight, share - quota, ~has, source))
    begin = np.searchsorted(source[order], np.arange(len(total)))
    place = np.arange(len(order)) - begin[source[order]]
    share[order] += place < missing[source[order]]
    return share


def _sums(number: Ints, count: Ints, length: int) -> Ints:
    """Add up whole counts by number, exactly."""
    found = np.zeros(length, dtype=np.int64)
    np.add.at(found, number, count)
    return found
