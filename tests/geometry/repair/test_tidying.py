from __future__ import annotations

import numpy as np

from gisgov.geometry.repair.linework import Linework
from gisgov.geometry.repair.tidying import without_spare_vertices


def ring(*xy: tuple[float, float]) -> Linework:
    count = len(xy)
    start = np.arange(count)
    return Linework.of(
        np.array(xy, dtype=np.float64),
        start,
        (start + 1) % count,
        np.zeros(count, dtype=np.int64),
        np.ones(count, dtype=np.int64),
        areas=1,
        has_scope=False,
    )


def tidied(linework: Linework, *spare: int) -> list[int]:
    """Vertices that are still in use."""
    removable = np.zeros(len(linework.xy), dtype=bool)
    removable[list(spare)] = True
    return without_spare_vertices(linework, linework.xy, removable, 0.001).used.tolist()


def test_a_spare_vertex_goes() -> None:
    assert tidied(ring((0, 0), (1, 0), (2, 0), (2, 2)), 1) == [0, 2, 3]


def test_several_in_a_row_go() -> None:
    assert tidied(ring((0, 0), (1, 0), (2, 0.0005), (3, 0), (4, 0), (4, 4)), 1, 2, 3) == [0, 4, 5]


def test_vertices_that_were_drawn_stay() -> None:
    assert tidied(ring((0, 0), (1, 0), (2, 0), (2, 2))) == [0, 1, 2, 3]


def test_a_corner_stays() -> None:
    assert tidied(ring((0, 0), (1, 0), (2, 0), (2, 2)), 2) == [0, 1, 2, 3]


def test_where_three_borders_meet_the_vertex_stays() -> None:
    with_spoke = ring((0, 0), (1, 0), (2, 0), (2, 2))
    spoke = Linework.of(with_spoke.xy, *(np.array([each]) for each in (1, 3, 0, 1)), areas=1, has_scope=False)
    both = Linework.of(
        with_spoke.xy,
        np.concatenate((with_spoke.lower, spoke.lower)),
        np.concatenate((with_spoke.upper, spoke.upper)),
        np.concatenate((with_spoke.owner, spoke.owner)),
        np.concatenate((with_spoke.turns, spoke.turns)),
        areas=1,
        has_scope=False,
    )
    assert tidied(both, 1) == [0, 1, 2, 3]


def test_ground_does_not_collapse() -> None:
    # a triangle thinner than the tolerance: without its tip there would be nothing
    assert tidied(ring((0, 0), (1, 0.0004), (2, 0)), 1) == [0, 1, 2]
