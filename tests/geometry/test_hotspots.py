"""Gi* against the formula of Ord and Getis and against all the ways in which values can be dealt out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from gisgov.errors import InputError
from gisgov.geometry.hotspots import _drawn, getis_ord_star


def grid_pairs(rows: int, columns: int) -> np.ndarray:
    """Return the neighbours by sides of a lattice, numbered row by row."""
    cell = np.arange(rows * columns).reshape(rows, columns)
    across = np.stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()], axis=1)
    down = np.stack([cell[:-1].ravel(), cell[1:].ravel()], axis=1)
    return np.concatenate([across, down])


def by_formula(values: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Gi* as Ord and Getis (1995, equation 14 with w_ii = 1) write it."""
    n = len(values)
    weights = np.eye(n)
    weights[pairs[:, 0], pairs[:, 1]] = weights[pairs[:, 1], pairs[:, 0]] = 1
    mean, s = values.mean(), np.sqrt((values**2).mean() - values.mean() ** 2)
    total, squares = weights.sum(axis=1), (weights**2).sum(axis=1)
    return (weights @ values - mean * total) / (s * np.sqrt((n * squares - total**2) / (n - 1)))


def by_enumeration(values: np.ndarray, pairs: np.ndarray, unit: int) -> float:
    """Return the exact two-sided p of a unit: every choice of its neighbours' values among all others."""
    around = [b if a == unit else a for a, b in pairs.tolist() if unit in (a, b)]
    others = np.delete(np.arange(len(values)), unit)
    observed = values[around].sum()
    sums = np.array([values[list(some)].sum() for some in combinations(others.tolist(), len(around))])
    low, high = (sums <= observed + 1e-9).mean(), (sums >= observed - 1e-9).mean()
    return min(1.0, 2 * min(low, high))


@pytest.fixture(scope="module")
def patch() -> tuple[np.ndarray, np.ndarray]:
    """Return a lattice of 4 × 5 with counts, high in a corner and mostly 0 elsewhere."""
    values = np.array([7, 6, 0, 0, 1, 8, 5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 2], dtype=np.float64)
    return values, grid_pairs(4, 5)


def test_the_statistic_is_that_of_ord_and_getis(patch: tuple[np.ndarray, np.ndarray]) -> None:
    found = getis_ord_star(*patch, permutations=999)
    assert found.z == pytest.approx(by_formula(*patch), abs=1e-12)


def test_p_is_that_of_all_ways_to_deal_values_out(patch: tuple[np.ndarray, np.ndarray]) -> None:
    times = 20_000
    found = getis_ord_star(*patch, permutations=times)
    exact = np.array([by_enumeration(*patch, unit) for unit in range(20)])
    # four standard deviations of a proportion, twice for two sides
    room = 8 * np.sqrt(np.maximum(exact / 2 * (1 - exact / 2), 1e-4) / times)
    assert (np.abs(found.p - exact) < room).all()


@pytest.fixture(scope="module")
def town() -> tuple[np.ndarray, np.ndarray]:
    """Return a lattice of 10 × 10 of which a corner of 3 × 3 is high, and almost all else 0."""
    values = (np.random.default_rng(3).random((10, 10)) < 0.1).astype(np.float64)
    values[:3, :3] += 8
    return values.ravel(), grid_pairs(10, 10)


def test_the_least_values_are_no_find_where_most_are_equal(town: tuple[np.ndarray, np.ndarray]) -> None:
    found = getis_ord_star(*town, permutations=9999)
    assert (found.p[found.z < 0] > 0.3).all()
    corner = {0, 1, 2, 10, 11, 12, 20, 21, 22}
    assert set(np.flatnonzero(found.is_kept).tolist()) <= corner
    assert {1, 10, 11} <= set(np.flatnonzero(found.is_kept).tolist())


def test_false_discoveries_are_held_down_as_benjamini_and_hochberg_say(
    town: tuple[np.ndarray, np.ndarray],
) -> None:
    alpha = 0.05
    found = getis_ord_star(*town, alpha=alpha, permutations=9999)
    ranked = np.sort(found.p)
    passing = np.flatnonzero(ranked <= alpha * np.arange(1, 101) / 100)
    assert found.is_kept.sum() == passing.max() + 1 >= 4
    assert found.limit == pytest.approx(alpha * (passing.max() + 1) / 100)
    assert (found.p < alpha).sum() > found.is_kept.sum()  # some would be found without it
    strict = getis_ord_star(*town, alpha=1e-6, permutations=999)
    assert (strict.is_kept.any(), strict.limit) == (False, pytest.approx(1e-6 / 100))


def test_a_seed_gives_the_same_and_another_about_the_same(patch: tuple[np.ndarray, np.ndarray]) -> None:
    one, again, other = (getis_ord_star(*patch, permutations=999, seed=seed) for seed in (1, 1, 2))
    assert one.p.tolist() == again.p.tolist()
    assert one.p.tolist() != other.p.tolist()
    assert one.p == pytest.approx(other.p, abs=0.15)


def test_units_without_a_value_or_a_neighbour_are_not_tested() -> None:
    values = np.array([5.0, 4, np.nan, 3, 1, 2])  # 3 has but the empty 2 beside it, 5 has nobody
    pairs = np.array([[0, 1], [1, 2], [2, 3], [1, 4]])
    found = getis_ord_star(values, pairs, permutations=99)
    assert np.isnan(found.p).tolist() == [False, False, True, True, False, True]
    assert np.isnan(found.z).tolist() == [False, False, True, True, False, True]
    assert (found.tested, found.is_kept.any()) == (3, False)


@pytest.mark.parametrize(
    ("values", "pairs", "tested"),
    [
        ([2.0, 2, 2], [[0, 1], [1, 2]], 3),
        ([0.0, 0, np.nan], [[0, 1], [1, 2]], 2),
        ([1.0, 2.0], np.empty((0, 2), dtype=np.int64), 0),
        ([], np.empty((0, 2), dtype=np.int64), 0),
    ],
)
def test_where_nothing_differs_nothing_is_found(values: list[float], pairs: object, tested: int) -> None:
    found = getis_ord_star(np.array(values), np.asarray(pairs), permutations=99)
    assert found.tested == tested
    assert not found.is_kept.any()
    assert (found.p[np.isfinite(found.p)] == 1).all()


def test_numbers_are_drawn_without_any_twice_and_evenly() -> None:
    rows = _drawn(np.random.default_rng(5), 6, 4, 30_000)
    assert all(len(set(row)) == 4 for row in rows[:500].tolist())
    for place in range(4):  # what comes first of a row is as evenly drawn as the row
        counts = np.bincount(rows[:, place], minlength=6)
        assert counts == pytest.approx(np.full(6, 5000), abs=330)


@pytest.mark.parametrize(("asked", "said"), [({"alpha": 1.0}, "no rate"), ({"permutations": 10}, "too few")])
def test_what_cannot_be_tested_is_refused(asked: dict[str, float], said: str) -> None:
    with pytest.raises(InputError, match=said):
        getis_ord_star(np.array([1.0, 2.0]), np.array([[0, 1]]), **asked)
