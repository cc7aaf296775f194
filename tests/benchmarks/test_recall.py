from __future__ import annotations

import numpy as np
import pytest
import shapely

from benchmarks import recall
from benchmarks.faults import FaultKind, Piece, Truth


@pytest.fixture
def truths():
    return [
        Truth(FaultKind.MISSING, (Piece(shapely.box(0, 0, 10, 10), frozenset({1, 2, 3})),)),
        Truth(
            FaultKind.OVERLAP_5M,
            (
                Piece(shapely.box(50, 0, 60, 10), frozenset({4, 5})),
                Piece(shapely.box(60, 0, 70, 10), frozenset({4, 6})),
            ),
        ),
        Truth(FaultKind.T_VERTEX, (Piece(shapely.LineString([(90, 0), (90, 10)]), frozenset({7, 8})),)),
    ]


def test_ground_is_found_when_it_is_reported_whole(truths):
    grounds = np.array([shapely.box(0, 0, 4, 10), shapely.box(4, 0, 10, 10), shapely.box(50, 0, 60, 10)])
    assert recall.by_ground(grounds, truths).tolist() == [True, False, False]
    assert recall.by_ground(grounds[:1], truths).tolist() == [False, False, False]
    whole = np.append(grounds, shapely.box(60, 0, 70, 10))
    assert recall.by_ground(whole, truths).tolist() == [True, True, False]
    assert recall.by_ground(np.array([shapely.box(0, 0, 10, 11)]), truths).tolist() == [False] * 3


def test_pairs_have_to_name_every_area(truths):
    pairs = {frozenset(pair) for pair in ((4, 5), (7, 8), (1, 2))}
    assert recall.by_pairs(pairs, truths).tolist() == [False, False, True]
    pairs |= {frozenset(pair) for pair in ((4, 6), (2, 3))}
    assert recall.by_pairs(pairs, truths).tolist() == [True, True, True]
    assert recall.by_pairs({frozenset({7, 9})}, truths).tolist() == [False] * 3


def test_one_area_is_enough_for_those_who_name_single_ones(truths):
    assert recall.by_area({2, 8}, truths).tolist() == [True, False, True]


def test_what_belongs_to_no_fault_is_counted(truths):
    grounds = np.array(
        [
            shapely.box(1, 1, 2, 2),
            shapely.box(10, 0, 20, 10),
            shapely.box(90, 0, 90.1, 1),
            shapely.box(30, 0, 31, 1),
        ]
    )
    # the second one only touches the ground of the first fault, the last one lies by itself
    assert recall.invented(grounds, truths) == 2
    pairs = {frozenset(pair) for pair in ((1, 3), (3, 4), (8, 20), (30, 31))}
    assert recall.invented_pairs(pairs, truths) == 3


def test_kinds_are_counted(truths):
    line = recall.tally(np.array([True, False, True]), truths)
    assert "missing-area 1/1" in line
    assert "overlap-5m 0/1" in line
