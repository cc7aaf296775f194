"""Where high or low values gather: Getis-Ord Gi* of areas or cells, with the rate of false finds held down.

esda computes the statistic and the limit of the false discovery rate. Its own pseudo p-values are not used:
they count a permuted value that equals the observed one to one tail alone, so that of counts, where most
values are equal, the least ones would all be found significant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.errors import InputError
from gisgov.types import Bools, Floats, Ints

LEAST_PERMUTATIONS: Final = 99
_CHUNK: Final = 2_000_000
"""Drawn neighbours held at a time."""
_EQUAL: Final = 1e-9
"""Sums closer than this, in parts of the largest value, are the same sum added up otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class LocalG:
    """Gi* of units, and which of them are kept.

    Attributes
    ----------
    z : (n,) array of float
        Standardised Gi*: above 0 where the unit and its neighbours have higher values than chance would
        give. NaN for units that are not tested.
    p : (n,) array of float
        Two-sided pseudo p-value of conditional permutation. NaN for units that are not tested.
    is_kept : (n,) array of bool
        Significant with the false discovery rate held at alpha.
    limit : float
        The largest p that is kept (Benjamini and Hochberg).
    tested : int
        How many units were tested.
    """

    z: Floats
    p: Floats
    is_kept: Bools
    limit: float
    tested: int


def getis_ord_star(
    values: Floats, pairs: Ints, *, alpha: float = 0.05, permutations: int = 9999, seed: int = 1
) -> LocalG:
    """Test each unit for high or low values in and around it.

    Parameters
    ----------
    values : (n,) array of float
        One for each unit, not negative; NaN where it has none. Units without a value, and those that have no
        neighbour with a value, are not tested, and are no neighbours.
    pairs : (m, 2) array of int
        Neighbours, each pair once. Weights are binary, and a unit is a neighbour of itself (the star).
    alpha : float
        Rate of false discoveries among those that are kept, between 0 and 1.
    permutations : int
        How often the values of all others are dealt out anew around a unit.
    seed : int
        Of the generator; the same gives the same.

    Returns
    -------
    LocalG
        All z are 0 and all p 1 where every value is the same.

    Raises
    ------
    InputError
        Alpha is not between 0 and 1, or there are too few permutations.

    Notes
    -----
    Gi* is that of Ord and Getis (1995) as esda.G_Local computes it. A pseudo p-value is
    2 · min(1 + #{G ≤ g}, 1 + #{G ≥ g}) / (1 + permutations), at most 1 (Davison and Hinkley 1997): ties count
    to both tails. The limit of the false discovery rate is esda.fdr (Benjamini and Hochberg 1995; Caldas de
    Castro and Singer 2006). p cannot be less than 2 / (1 + permutations): with as many tests as n, the first
    find needs about 2 n / alpha permutations.

    Examples
    --------
    >>> values = np.array([9.0, 8, 9, 1, 0, 1, 0, np.nan, 1])
    >>> pairs = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6], [6, 7], [7, 8]])
    >>> found = getis_ord_star(values, pairs, permutations=999)
    >>> found.tested, found.z.round(1).tolist()
    (7, [1.7, 2.4, 1.0, -0.3, -1.7, -1.9, -1.3, nan, nan])
    """
    if not 0 < alpha < 1:
        raise InputError(f"{alpha:g} is no rate.", hint="Give one between 0 and 1.", field="alpha")
    if permutations < LEAST_PERMUTATIONS:
        raise InputError(
            f"{permutations} permutations are too few.",
            hint=f"Give at least {LEAST_PERMUTATIONS}.",
            field="permutations",
        )
    tested, inner = _tested(values, pairs)
    count = len(tested)
    z, p = np.full(len(values), np.nan), np.full(len(values), np.nan)
    is_kept = np.zeros(len(values), dtype=bool)
    if not count:
        return LocalG(z, p, is_kept, alpha, 0)
    y = values[tested]
    if y.min() == y.max():
        z[tested], p[tested] = 0.0, 1.0
        return LocalG(z, p, is_kept, alpha / count, count)
    z[tested] = _standardised(y, inner)
    p[tested] = _pseudo_p(y, inner, permutations, np.random.default_rng(seed))
    from esda import fdr

    limit = float(fdr(p[tested], alpha))
    is_kept[tested] = p[tested] <= limit
    return LocalG(z, p, is_kept, limit, count)


def _tested(values: Floats, pairs: Ints) -> tuple[Ints, Ints]:
    """Return the units that are tested, and their pairs in numbers of these."""
    both = np.isfinite(values[pairs]).all(axis=1) if len(pairs) else np.zeros(0, dtype=bool)
    kept = pairs[both].reshape(-1, 2)
    tested = np.unique(kept)
    return tested.astype(np.int64), np.searchsorted(tested, kept).astype(np.int64)


def _standardised(y: Floats, pairs: Ints) -> Floats:
    from esda import G_Local  # slow to read: only who looks for hot spots waits
    from libpysal.weights import W

    neighbours: dict[int, list[int]] = {unit: [] for unit in range(len(y))}
    for one, other in pairs.tolist():
        neighbours[one].append(other)
        neighbours[other].append(one)
    weights = W(neighbours, silence_warnings=True)
    with np.errstate(invalid="ignore"):
        found: Floats = np.asarray(G_Local(y, weights, transform="B", star=True, permutations=0).Zs)
    # a unit that all others lie around has the sum of all, however they are dealt out
    return np.where(np.bincount(pairs.ravel(), minlength=len(y)) + 1 == len(y), 0.0, found)


def _pseudo_p(y: Floats, pairs: Ints, permutations: int, rng: np.random.Generator) -> Floats:
    count = len(y)
    degree = np.bincount(pairs.ravel(), minlength=count)
    sums = np.bincount(pairs[:, 0], y[pairs[:, 1]], count) + np.bincount(pairs[:, 1], y[pairs[:, 0]], count)
    slack = _EQUAL * float(y.max())
    most = int(degree.max())
    low, high = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    step = max(1, _CHUNK // most)
    for start in range(0, permutations, step):
        places = _drawn(rng, count - 1, most, min(step, permutations - start))
        for unit in range(count):
            own = places[:, : degree[unit]]
            drawn = y[own + (own >= unit)].sum(axis=1)  # all but the unit itself
            low[unit] += int((drawn <= sums[unit] + slack).sum())
            high[unit] += int((drawn >= sums[unit] - slack).sum())
    found: Floats = np.minimum(1.0, 2.0 * (1 + np.minimum(low, high)) / (1 + permutations))
    return found


def _drawn(rng: np.random.Generator, count: int, size: int, times: int) -> Ints:
    """Draw ``size`` of ``count`` numbers without any twice, ``times`` times, each row in random order."""
    rows = np.empty((times, size), dtype=np.int64)
    for place, top in enumerate(range(count - size, count)):  # Floyd's way: no array of all numbers
        number = rng.integers(0, top + 1, size=times)
        is_taken = (rows[:, :place] == number[:, None]).any(axis=1)
        rows[:, place] = np.where(is_taken, top, number)
    return rng.permuted(rows, axis=1)
