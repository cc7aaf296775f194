"""Graphs of blocks; in the pictures each letter is a label and each cell a block."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.errors import InputError
from gisgov.zoning.graph import connected_parts, count_parts, graph_from_borders, is_contiguous


def _row_of(count: int):
    blocks = np.arange(count)
    return graph_from_borders(blocks[:-1], blocks[1:], np.full(count - 1, 10.0), count=count)


def test_borders_given_twice_add_up_and_stand_in_both_rows():
    graph = graph_from_borders(np.array([0, 1]), np.array([1, 0]), [3.0, 4.0], count=3)
    assert graph.count == 3
    assert graph.start.tolist() == [0, 1, 2, 2]
    assert graph.neighbour.tolist() == [1, 0]
    assert graph.border_m.tolist() == [7.0, 7.0]
    assert graph.block.tolist() == [0, 1]


def test_a_corner_joins_its_blocks():
    graph = graph_from_borders(np.array([0]), np.array([1]), [0.0], count=2)
    assert connected_parts(graph).tolist() == [0, 0]


@pytest.mark.parametrize(("a", "b"), [(0, 0), (0, 3), (-1, 1)])
def test_a_pair_that_cannot_be_is_refused(a, b):
    with pytest.raises(InputError, match=f"blocks {a} and {b}"):
        graph_from_borders(np.array([a]), np.array([b]), [1.0], count=3)


def test_no_blocks_at_all():
    none = np.zeros(0, dtype=np.int64)
    graph = graph_from_borders(none, none, [], count=0)
    assert graph.count == 0
    assert connected_parts(graph).tolist() == []
    assert count_parts(graph, none).tolist() == []


def test_borders_hold_what_they_cost_and_what_lies_along_them():
    graph = graph_from_borders(
        np.array([0, 1]), np.array([1, 0]), [3.0, 4.0], count=2, cost_m=[1.0, 2.0], major_m=[3.0, 0.0]
    )
    assert graph.cost_m.tolist() == [3.0, 3.0]
    assert graph.major_m.tolist() == [3.0, 3.0]
    plain = graph_from_borders(np.array([0]), np.array([1]), [3.0], count=2)
    assert plain.cost_m.tolist() == [3.0, 3.0]
    assert plain.major_m.tolist() == [0.0, 0.0]


def test_parts_are_numbered_by_their_first_block():
    graph = graph_from_borders(np.array([1, 0]), np.array([3, 2]), [1.0, 1.0], count=5)
    assert connected_parts(graph).tolist() == [0, 1, 0, 1, 2]


def test_labels_fall_into_parts():
    labels = np.array([0, 0, 1, 0, 3])
    assert connected_parts(_row_of(5), labels).tolist() == [0, 0, 1, 2, 3]
    assert count_parts(_row_of(5), labels).tolist() == [2, 1, 0, 1]
    assert is_contiguous(_row_of(5), labels).tolist() == [False, True, True, True]
