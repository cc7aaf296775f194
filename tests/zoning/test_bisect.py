"""Cutting one connected piece."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.zoning.bisect import bisect
from gisgov.zoning.graph import count_parts


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12])
def test_every_piece_is_whole(lattice, count):
    drawn = lattice("AAAA\nA..A\nAAAA\nA..A")  # two loops of a street
    labels = bisect(drawn.graph, drawn.x, drawn.y, drawn.load, count)
    assert sorted(set(labels.tolist())) == list(range(count))
    assert count_parts(drawn.graph, labels).tolist() == [1] * count


def test_what_a_sweep_cuts_off_goes_to_the_other_side(lattice):
    """A comb: any straight line cuts teeth off."""
    drawn = lattice("A.A.A.A\nA.A.A.A\nAAAAAAA")
    labels = bisect(drawn.graph, drawn.x, drawn.y, drawn.load, 2)
    assert count_parts(drawn.graph, labels).tolist() == [1, 1]
    assert np.bincount(labels).min() >= 6  # of 15 blocks


def test_a_long_piece_is_cut_across(lattice):
    drawn = lattice("AAAAAAAA\nAAAAAAAA")
    labels = bisect(drawn.graph, drawn.x, drawn.y, drawn.load, 4)
    assert np.bincount(labels).tolist() == [4, 4, 4, 4]
    assert all(np.ptp(drawn.x[labels == k]) == 100 for k in range(4))


def test_a_turn_is_another_division(lattice):
    drawn = lattice("\n".join(["A" * 9] * 9))
    first, second = (bisect(drawn.graph, drawn.x, drawn.y, drawn.load, 5, turn=turn) for turn in (0.0, 0.15))
    assert not np.array_equal(first, second)
