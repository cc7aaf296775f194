"""What no division could better, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.errors import InputError
from gisgov.zoning import Aims, bounds, two_balances


def test_whole_numbers_giant_blocks_and_pieces(draw):
    blocks = draw("AAA.AAA.BB", people="911.111.11")
    found = bounds(blocks, np.array([4, 1]))
    # A has 14 in four areas, B has 2 in one; 16 in five are 3.2 on average
    assert found.mean_load.tolist() == [3.5, 2.0]
    assert found.nesting_deviation.tolist() == pytest.approx([3.5 / 3.2 - 1, 2 / 3.2 - 1])
    assert found.giant_block_deviation.tolist() == pytest.approx([9 / 3.5 - 1, 0])
    assert found.parts.tolist() == [2, 1]
    assert found.least_moved_population == 0


@pytest.mark.parametrize(
    ("people", "counts", "present", "least"),
    [
        ("5111", [2], "ABBB", 600),  # 5 and 3 to 4 each within 10 %: 4.4 may stay, so 0.6 go
        ("1111", [2], "ABBB", 800),  # 1 lacks 0.8 of 1.8
        ("1111", [2], "AAAA", 1800),  # a new area takes 1.8 at least
        ("1111", [1], "AABB", 2000),  # one of the two is given up
        ("0311", [1], "AAAB", 1000),  # the one with fewer people
        ("1111", [2], "AA--", 0),  # nobody moves who was in no area
        ("1111", [2], "AABB", 0),
        ("0000", [2], "ABBB", 0),
    ],
)
def test_fewest_people_that_change_hands(draw, labels, people, counts, present, least):
    blocks = draw("AAAA", people=people)
    assert bounds(blocks, np.array(counts), current=labels(present)).least_moved_population == least


def test_a_wider_limit_moves_fewer_people(draw, labels):
    blocks = draw("AAAA", people="5111")
    found = bounds(blocks, np.array([2]), current=labels("ABBB"), aims=Aims(limit=0.25))
    assert found.least_moved_population == 0


def test_a_parent_without_areas_counts_nothing(draw, labels):
    found = bounds(draw("AABB"), np.array([0, 1]), current=labels("--AA"))
    assert np.isnan(found.mean_load[0])
    assert found.least_moved_population == 0


def test_two_targets_at_once():
    # 5,000 people on half a square kilometre meet both; 15,000 are three times as many
    off = two_balances([5000, 15_000, 0, 0], [0.5e6, 0.5e6, 1e6, 0])
    assert off.tolist() == [0, 0.5, 1, 0]
    with pytest.raises(InputError, match="Targets must be positive"):
        two_balances([1], [1.0], target_population=0)
