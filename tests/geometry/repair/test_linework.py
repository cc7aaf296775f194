from __future__ import annotations

import numpy as np

from gisgov.geometry.repair.linework import Linework

XY = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.5, 0.0]])
SQUARE = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 0])


def square(owner: int, *, has_scope: bool = False) -> Linework:
    return Linework.of(
        XY, *SQUARE, np.full(4, owner), np.ones(4, dtype=np.int64), areas=1, has_scope=has_scope
    )


def table(linework: Linework) -> list[tuple[int, int, int, int]]:
    edge = linework.edge
    columns = linework.lower[edge], linework.upper[edge], linework.owner, linework.turns
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_an_edge_counts_by_the_side_on_which_its_owner_lies() -> None:
    assert table(square(0)) == [(0, 1, 0, 1), (0, 3, 0, -1), (1, 2, 0, 1), (2, 3, 0, 1)]


def test_edges_that_an_owner_runs_both_ways_are_gone() -> None:
    there_and_back = np.array([0, 1]), np.array([1, 0])
    owners = np.zeros(2, dtype=np.int64), np.ones(2, dtype=np.int64)
    assert len(Linework.of(XY, *there_and_back, *owners, areas=1, has_scope=False)) == 0


def test_edges_between_equal_vertices_are_gone() -> None:
    still = np.array([2]), np.array([2]), np.array([0]), np.array([1])
    assert len(Linework.of(XY, *still, areas=1, has_scope=False)) == 0


def test_an_area_and_its_scope_cancel_and_a_parent_does_not_count() -> None:
    area, scope = square(0, has_scope=True), square(1, has_scope=True)
    both = area.plus(scope.edge, scope.owner, scope.turns)
    with_parent = both.plus(scope.edge, scope.owner + 1, scope.turns)
    assert area.residual().tolist() == [1, -1, 1, 1]
    assert both.residual().tolist() == with_parent.residual().tolist() == [0, 0, 0, 0]


def test_cutting_an_edge_cuts_it_for_all_its_owners() -> None:
    area, scope = square(0, has_scope=True), square(1, has_scope=True)
    cut = area.plus(scope.edge, scope.owner, scope.turns).cut(XY, np.array([0]), np.array([4]))
    assert (0, 4, 0, 1) in table(cut)
    assert (1, 4, 0, -1) in table(cut)
    assert (0, 4, 1, 1) in table(cut)
    assert cut.residual().tolist() == [0] * 5


def test_cuts_run_from_the_lower_end_to_the_upper() -> None:
    xy = np.append(XY, [[0.25, 0.0]], axis=0)
    cut = square(0).cut(xy, np.array([0, 0]), np.array([5, 4]))
    assert {(0, 5, 0, 1), (4, 5, 0, -1), (1, 4, 0, -1)} < set(table(cut))


def test_moving_a_vertex_moves_it_everywhere() -> None:
    to = np.arange(5)
    to[3] = 0
    assert table(square(0).moved(to)) == [(0, 1, 0, 1), (0, 2, 0, -1), (1, 2, 0, 1)]


def test_what_is_added_and_taken_away_leaves_nothing() -> None:
    area = square(0)
    assert len(area.plus(area.edge, area.owner, -area.turns)) == 0
