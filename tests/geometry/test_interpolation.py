"""Counts onto another division of the ground: whole, conserved, never negative."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.geometry.common_ground import OUTSIDE, common_ground
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.interpolation import Spread, spread_around_known, spread_counts
from gisgov.testing import areas_from_grid

PLANE = parse_crs("EPSG:4549")


def ground(picture: str) -> Any:
    """Areas of a picture, in degrees near (120, 30)."""
    return areas_from_grid(picture, cell_m=0.001, origin=(120.0, 30.0))[1]


def test_the_largest_remainders_get_what_is_missing() -> None:
    # quotas 2.5, 3.75, 3.75
    found = spread_counts([10], [0, 0, 0], [0, 1, 2], [2.0, 3.0, 3.0], targets=4)
    assert found.placed.tolist() == [2, 4, 4, 0]
    assert (found.source.tolist(), found.target.tolist(), found.count.tolist()) == (
        [0, 0, 0],
        [0, 1, 2],
        [2, 4, 4],
    )


def test_of_equal_remainders_the_larger_weight_then_the_smaller_number_wins_and_outside_never() -> None:
    # quotas 0.5, 1.5: equal remainders
    assert spread_counts([2], [0, 0], [0, 1], [1.0, 3.0], targets=2).placed.tolist() == [0, 2]
    found = spread_counts([1, 1], [0, 0, 1, 1], [1, 0, OUTSIDE, 1], [1.0] * 4, targets=2)
    assert (found.placed.tolist(), found.outside.tolist()) == ([1, 1], [0, 0])


def test_sources_without_weight_keep_their_count() -> None:
    found = spread_counts([5, 7, 0], [0, 0], [0, 1], [0.0, 0.0], targets=2)
    assert (found.placed.tolist(), found.unweighted.tolist()) == ([0, 0], [5, 7, 0])
    nothing = spread_counts([], [], [], [], targets=0)
    assert nothing.placed.size == nothing.outside.size == nothing.unweighted.size == 0


def test_pairs_that_come_several_times_add_up() -> None:
    found = spread_counts([4], [0, 0, 0], [0, 1, 0], [1.0, 2.0, 1.0], targets=2)
    assert found.placed.tolist() == [2, 2]


def test_weights_of_any_size() -> None:
    found = spread_counts([3, 3], [0, 0, 1, 1], [0, 1, 0, 1], [1e308, 1e308, 1e-320, 1.0], targets=2)
    assert found.placed.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("counts", "weights"), [([-1], [1.0]), ([1], [-1.0]), ([1], [np.nan]), ([1], [np.inf])]
)
def test_negative_and_infinite_numbers_are_refused(counts: list[int], weights: list[float]) -> None:
    with pytest.raises(InputError, match="negative or not finite"):
        spread_counts(counts, [0], [0], weights, targets=1)


def test_known_residents_come_first_and_the_rest_is_spread() -> None:
    # 20 people: 6 are known in block 0, 2 outside; of the other 12 a third is expected in block 0
    spread, exceeded = spread_around_known(
        [20], [0] * 4, [0, OUTSIDE, 0, 1], [6, 2, 0, 0], [0.0, 0.0, 1.0, 2.0], targets=2
    )
    assert (spread.placed.tolist(), spread.outside.tolist()) == ([10, 8], [2])
    assert (spread.target.tolist(), spread.count.tolist()) == ([OUTSIDE, 0, 1], [2, 10, 8])
    assert exceeded.tolist() == [False]


def test_a_rest_without_dwellings_stays() -> None:
    spread, _ = spread_around_known([9], [0], [0], [7], [0.0], targets=1)
    assert (spread.placed.tolist(), spread.unweighted.tolist()) == ([7], [2])


def test_more_known_than_counted() -> None:
    spread, exceeded = spread_around_known([4], [0, 0, 0], [0, 1, 1], [6, 2, 0], [0.0, 0.0, 5.0], targets=2)
    assert (spread.placed.tolist(), exceeded.tolist()) == ([3, 1], [True])


# ---- properties ----


@st.composite
def tasks(draw: st.DrawFn) -> dict[str, Any]:
    sources, targets = draw(st.integers(1, 6)), draw(st.integers(0, 6))
    pair = st.tuples(
        st.integers(0, sources - 1),
        st.integers(OUTSIDE, targets - 1),
        st.one_of(st.just(0.0), st.floats(0, 1e12), st.sampled_from([1.0, 1 / 3, 5e-324, 1e300])),
    )
    pairs = draw(st.lists(pair, max_size=30))
    return {
        "counts": draw(st.lists(st.integers(0, 2**31 - 1), min_size=sources, max_size=sources)),
        "source": [one[0] for one in pairs],
        "target": [one[1] for one in pairs],
        "weight": [one[2] for one in pairs],
        "targets": targets,
    }


def same(one: Spread, other: Spread) -> bool:
    """Whether two results agree in everything."""
    names = ("placed", "outside", "unweighted", "source", "target", "count")
    return all(getattr(one, name).tolist() == getattr(other, name).tolist() for name in names)


@given(tasks())
@settings(max_examples=400, deadline=None)
def test_counts_are_whole_conserved_and_near_their_quota(task: dict[str, Any]) -> None:
    found = spread_counts(**task)
    counts = np.array(task["counts"], dtype=np.int64)
    assert found.placed.dtype == found.count.dtype == np.int64
    assert (found.count > 0).all()
    assert (found.placed >= 0).all()
    moved = np.bincount(found.source, weights=found.count, minlength=len(counts)).astype(np.int64)
    assert (moved + found.unweighted).tolist() == counts.tolist()  # to the person, source by source
    assert int(found.placed.sum() + found.outside.sum() + found.unweighted.sum()) == int(counts.sum())
    weight: dict[tuple[int, int], float] = {}
    for of, to, heavy in zip(task["source"], task["target"], task["weight"], strict=True):
        weight[of, to] = weight.get((of, to), 0.0) + heavy
    for of, to, count in zip(found.source.tolist(), found.target.tolist(), found.count.tolist(), strict=True):
        assert weight[of, to] > 0.0
        total = sum(heavy for (source, _), heavy in weight.items() if source == of)
        assert abs(count - counts[of] * (weight[of, to] / total)) < 1.001  # "quota rule"
    has_weight = {of for (of, _), heavy in weight.items() if heavy > 0.0}
    assert all(found.unweighted[i] == (0 if i in has_weight else counts[i]) for i in range(len(counts)))


@given(tasks(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_pairs_and_of_sources_does_not_matter(task: dict[str, Any], random: Any) -> None:
    found = spread_counts(**task)
    pairs = list(zip(task["source"], task["target"], task["weight"], strict=True))
    random.shuffle(pairs)
    number = list(range(len(task["counts"])))
    random.shuffle(number)  # source i becomes number[i]
    counts = [0] * len(number)
    for i, new in enumerate(number):
        counts[new] = task["counts"][i]
    other = spread_counts(
        counts,
        [number[pair[0]] for pair in pairs],
        [pair[1] for pair in pairs],
        [pair[2] for pair in pairs],
        targets=task["targets"],
    )
    assert other.placed.tolist() == found.placed.tolist()
    assert other.outside[number].tolist() == found.outside.tolist()
    assert other.unweighted[number].tolist() == found.unweighted.tolist()


@given(tasks(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_known_residents_are_conserved_too(task: dict[str, Any], random: Any) -> None:
    counts = np.array(task["counts"], dtype=np.int64)
    source, target = task["source"], task["target"]
    known = np.array([random.choice([0, 0, 3, 1000, 2**30]) for _ in source], dtype=np.int64)
    expected = np.where(known > 0, 0.0, task["weight"])
    spread, exceeded = spread_around_known(counts, source, target, known, expected, targets=task["targets"])
    moved = np.bincount(spread.source, weights=spread.count, minlength=len(counts)).astype(np.int64)
    assert (moved + spread.unweighted).tolist() == counts.tolist()
    at = spread.target != OUTSIDE
    placed = np.bincount(spread.target[at], weights=spread.count[at], minlength=task["targets"])
    assert placed.astype(np.int64).tolist() == spread.placed.tolist()
    outside = np.bincount(spread.source[~at], weights=spread.count[~at], minlength=len(counts))
    assert outside.astype(np.int64).tolist() == spread.outside.tolist()
    least = np.zeros(task["targets"], dtype=np.int64)
    for i, to in enumerate(target):
        if to != OUTSIDE and not exceeded[source[i]]:
            least[to] += known[i]
    assert (spread.placed >= least).all()
    order = list(range(len(source)))
    random.shuffle(order)
    again, _ = spread_around_known(
        counts,
        [source[i] for i in order],
        [target[i] for i in order],
        known[order],
        expected[order],
        targets=task["targets"],
    )
    assert same(again, spread)


@given(st.lists(st.text("ABC.", min_size=3, max_size=3), min_size=1, max_size=3), st.integers(0, 9999))
@settings(max_examples=60, deadline=None)
def test_grounds_of_any_shape_conserve_people(picture: list[str], people: int) -> None:
    if set("".join(picture)) == {"."}:
        return
    tracts, blocks = ground("\n".join(picture)), ground("XXY")
    common = common_ground(tracts, blocks, PLANE)
    counts = np.full(len(tracts), people)
    found = spread_counts(counts, common.source, common.target, common.area_m2, targets=len(blocks))
    assert int(found.placed.sum() + found.outside.sum()) == people * len(tracts)
    assert found.unweighted.sum() == 0
    # the ground is laid down in the lowest row of the picture
    inside = {letter for letter in picture[-1] if letter != "."}
    codes = sorted(set("".join(picture)) - {"."})
    all_there = [letter not in "".join(picture[:-1]) for letter in codes]
    assert all(found.outside[i] == 0 for i, there in enumerate(all_there) if there)
    assert all(found.outside[i] == people for i, letter in enumerate(codes) if letter not in inside)
