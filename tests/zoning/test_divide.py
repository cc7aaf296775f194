"""Division of lattices: what is never traded, and what a good result looks like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.zoning.apportion import apportion
from gisgov.zoning.graph import connected_parts, count_parts


def square(side: int) -> str:
    return "\n".join(["A" * side] * side)


def test_a_square_falls_into_quarters(lattice):
    drawn = lattice(square(8))
    result = drawn.evaluate(drawn.divide([4]))
    assert result.blocks.tolist() == [16, 16, 16, 16]
    assert result.polsby_popper.min() == pytest.approx(np.pi / 4)
    assert result.cut_m == 16 * 100
    assert result.share_within(0.001) == 1.0


def test_areas_never_leave_their_parent_and_are_numbered_by_it(lattice):
    drawn = lattice("AAABBB\nAAABBB\nAACCBB\nAACCBB")
    labels = drawn.divide([3, 3, 1])
    assert sorted(set(labels[drawn.parent == 0])) == [0, 1, 2]
    assert sorted(set(labels[drawn.parent == 1])) == [3, 4, 5]
    assert set(labels[drawn.parent == 2]) == {6}


def test_a_river_keeps_its_banks_apart(lattice):
    """A parent in two parts is divided part by part, by their sizes."""
    drawn = lattice("AAAA..AA\nAAAA..AA\nAAAA..AA")
    labels = drawn.divide([3])
    assert count_parts(drawn.graph, labels).tolist() == [1, 1, 1]
    assert set(labels[drawn.x < 500]).isdisjoint(labels[drawn.x > 500])
    assert len(set(labels[drawn.x < 500])) == 2


def test_an_islet_joins_the_area_of_the_nearest_block(lattice):
    drawn = lattice("AAAAAA.A\nAAAAAA..")
    labels = drawn.divide([2])
    parts = count_parts(drawn.graph, labels)
    assert sorted(parts.tolist()) == [1, 2]
    assert labels[drawn.x == 700] == labels[(drawn.x == 500) & (drawn.y == 0)]


def test_as_many_areas_as_blocks_and_one_area(lattice):
    drawn = lattice("ABB\nABB")
    assert sorted(drawn.divide([2, 4]).tolist()) == [0, 1, 2, 3, 4, 5]
    assert drawn.divide([1, 1]).tolist() == drawn.parent.tolist()


def test_a_parent_without_blocks_gets_nothing(lattice):
    drawn = lattice("AA")
    assert drawn.divide([1, 0]).tolist() == [0, 0]


def test_blocks_without_any_load_are_shared_out_by_number(lattice):
    drawn = lattice(square(6))
    drawn.load[:] = 0
    labels = drawn.divide([4])
    assert np.bincount(labels).tolist() == [9, 9, 9, 9]
    assert np.isnan(drawn.evaluate(labels).deviation).all()
    assert drawn.evaluate(labels).share_within(0.1) == 1.0


@pytest.mark.parametrize("counts", [[5], [0]])
def test_a_number_of_areas_that_cannot_be_names_the_parent(lattice, counts):
    with pytest.raises(InputError, match="Parent 0 has 4 blocks"):
        lattice("AA\nAA").divide(counts)


def test_a_giant_block_stands_alone(lattice):
    drawn = lattice(square(5))
    drawn.load[12] = 30.0
    labels = drawn.divide([2])
    assert np.bincount(labels).min() == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 7), st.integers(2, 9), st.floats(0, 1))
def test_what_is_never_traded(lattice, seed, rows, columns, fineness):
    """On random patchworks of up to three parents with holes, with many blocks that carry no load."""
    rng = np.random.default_rng(seed)
    marks = rng.choice(list("AABC."), size=(rows, columns))
    marks[0, :2] = "A"
    drawn = lattice("\n".join("".join(row) for row in marks))
    drawn.load = rng.lognormal(0, 1.5, drawn.graph.count) * (rng.random(drawn.graph.count) > 0.3)
    blocks = np.bincount(drawn.parent)
    total = len(blocks) + round(fineness * (drawn.graph.count - len(blocks)))
    counts = apportion(np.bincount(drawn.parent, weights=drawn.load), total, at_most=blocks)

    labels = drawn.divide(counts, seed=seed % 1000, sweeps=5)
    assert sorted(set(labels.tolist())) == list(range(total))  # every block once, exactly k areas
    assert np.array_equal(np.searchsorted(np.cumsum(counts), labels, side="right"), drawn.parent)  # nested
    # in one piece each, but for islets: parts that a parent has beyond its first
    part = connected_parts(drawn.graph, drawn.parent)
    pieces = np.array([len(set(part[drawn.parent == p])) for p in range(len(counts))])
    assert (count_parts(drawn.graph, labels) - 1).sum() <= (pieces - 1).sum()
    assert np.array_equal(labels, drawn.divide(counts, seed=seed % 1000, sweeps=5))


def test_another_seed_may_give_another_division_with_the_same_promises(lattice):
    drawn = lattice(square(12))
    rng = np.random.default_rng(3)
    drawn.load = rng.lognormal(0, 1, drawn.graph.count)
    results = [drawn.divide([7], seed=seed) for seed in range(3)]
    for labels in results:
        assert drawn.evaluate(labels).parts.tolist() == [1] * 7
    assert any(not np.array_equal(results[0], other) for other in results[1:])
