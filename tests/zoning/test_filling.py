"""Filling: what an area borders most on goes to it, large ground is shared, what cannot be reached stays."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.zoning import connected_parts
from gisgov.zoning.filling import fill


@pytest.mark.parametrize(
    ("before", "street", "after"),
    [
        ("AAA\nA.B\nABB", 1.0, "AAA\nABB\nABB"),  # two sides each, and B has less
        ("AAA\nA.A\nBBB", 1.0, "AAA\nAAA\nBBB"),  # three sides of four
        ("A.B\nA.B\nABB", 0.1, "AAB\nAAB\nABB"),  # the border to the south runs along a street
        ("AAAA..B", 1.0, "AAAABBB"),  # B has less
        ("A.. ..B", 1.0, "AAA BBB"),
        ("A. .", 1.0, "AA ."),  # no way leads to the island
        ("..", 1.0, ".."),
    ],
)
def test_the_neighbour_that_fits_best_gets_a_block(draw, before, street, after):
    blocks = draw(before.replace(".", "x"), street=street)
    marks = [mark for mark in before if mark not in " \n"]
    area = np.array(["AB".find(mark) for mark in marks])
    found = iter(fill(blocks.graph, area, blocks.load))
    told = "".join(mark if mark in " \n" else "AB."[next(found)] for mark in before)
    assert told == after


def test_large_ground_is_shared_and_areas_stay_whole(draw):
    size = 12
    blocks = draw("\n".join(["x" * size] * size))
    area = np.full(size * size, -1)
    area[[0, size - 1, size * size - size, size * size - 1]] = np.arange(4)
    found = fill(blocks.graph, area, blocks.load)
    assert (found >= 0).all()
    assert len(np.unique(connected_parts(blocks.graph, found))) == 4
    assert np.bincount(found).max() <= 1.1 * size * size / 4
