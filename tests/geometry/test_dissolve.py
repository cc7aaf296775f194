"""Areas as the union of their blocks."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.geometry.dissolve import dissolve
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries

MAP = "AABCC\nADBEC\nADDEF"


def vertices(geometry: shapely.Geometry) -> set[tuple[float, float]]:
    return set(map(tuple, shapely.get_coordinates(geometry).tolist()))


def slanting_blocks() -> Geometries:
    """Blocks whose coordinates are no round numbers, so that any computed vertex would show."""
    _, blocks = areas_from_grid(MAP)
    turn = np.array([[0.8, 0.61], [-0.59, 0.81]]) / 3.0
    return np.asarray(shapely.transform(blocks, lambda xy: xy @ turn + (120.1, 30.2)))


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), st.permutations(range(6)))
@settings(deadline=None)
def test_any_assignment_gives_a_coverage_of_the_same_ground(labels: list[int], order: list[int]) -> None:
    blocks = slanting_blocks()
    areas = dissolve(blocks, labels)
    named = np.unique(labels)
    assert len(areas) == len(named)
    assert shapely.is_valid(areas).all()
    assert shapely.coverage_is_valid(areas)
    for label, area in zip(named, areas, strict=True):
        mine = [block for block, its in zip(blocks, labels, strict=True) if its == label]
        assert vertices(area) <= set().union(*map(vertices, mine))
        assert shapely.equals(area, shapely.union_all(mine))
    again = dissolve(blocks[order], np.array(labels)[order])
    assert all(shapely.equals_identical(areas, again))


def test_no_vertex_on_a_straight_border_is_dropped() -> None:
    _, blocks = areas_from_grid("AB\nCD")
    west, east = dissolve(blocks, ["west", "east", "west", "east"])[::-1]
    assert (100.0, 100.0) in vertices(west) & vertices(east)


def test_a_ring_of_blocks_has_a_hole_and_apart_ones_have_parts() -> None:
    _, blocks = areas_from_grid("AAA\nABA\nAAA")
    ring, middle = dissolve(blocks, ["a", "b"])
    assert shapely.get_num_interior_rings(ring) == 1
    assert vertices(middle) < vertices(ring)
    _, apart = areas_from_grid("A.B")
    assert shapely.get_num_geometries(dissolve(apart, [1, 1])).tolist() == [2]


def test_labels_are_in_the_order_of_numbers_or_code_points() -> None:
    _, blocks = areas_from_grid("ABC")
    first_x = [area.bounds[0] for area in dissolve(blocks, [10, 9, 100])]
    assert first_x == [100.0, 0.0, 200.0]
    first_x = [area.bounds[0] for area in dissolve(blocks, np.array(["b", "a", "B"], dtype=object))]
    assert first_x == [200.0, 100.0, 0.0]


def test_no_blocks_no_areas() -> None:
    assert dissolve(np.zeros(0, dtype=object), np.zeros(0, dtype=np.int64)).shape == (0,)


@pytest.mark.parametrize(
    "blocks",
    [
        [shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)],
        [shapely.box(0, 0, 2, 2), shapely.box(0, 0, 2, 2)],
        [shapely.box(0, 0, 9, 9), shapely.box(2, 2, 3, 3)],
        [shapely.box(0, 0, 2, 1), shapely.box(0, 1, 1, 2), shapely.box(1, 1, 2, 2)],  # a T without its vertex
    ],
)
def test_blocks_that_overlap_or_do_not_match_are_refused(blocks: list[shapely.Polygon]) -> None:
    with pytest.raises(InputError, match="The blocks of 7 overlap or their borders do not match"):
        dissolve(np.array(blocks, dtype=object), [7] * len(blocks))


def test_what_geos_cannot_merge_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(blocks: Geometries) -> None:
        raise shapely.GEOSException("TopologyException")

    _, blocks = areas_from_grid("AB")
    monkeypatch.setattr(shapely, "coverage_union_all", fail)
    with pytest.raises(InputError, match="do not match"):
        dissolve(blocks, [1, 1])


def test_missing_blocks_and_labels_are_refused() -> None:
    with pytest.raises(InputError, match="2 blocks and 1 labels"):
        dissolve(np.array([None, None], dtype=object), [1])
    with pytest.raises(InputError, match="Block 1 has no polygon"):
        dissolve(np.array([shapely.box(0, 0, 1, 1), None], dtype=object), [1, 1])
