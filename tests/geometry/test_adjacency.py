"""Neighbours and the length of their common border."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.geometry.adjacency import Borders, shared_borders
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.measures import lengths_m
from gisgov.geometry.snap import snap
from gisgov.testing import areas_from_grid
from gisgov.types import Texts


def as_text(names: Texts, found: Borders) -> list[str]:
    return [f"{names[a]}{names[b]} {m:.0f}" for a, b, m in zip(found.a, found.b, found.length_m, strict=True)]


def test_a_map_that_can_be_counted_by_hand() -> None:
    names, areas = areas_from_grid("AAB\nACB\nDCC")
    assert as_text(names, shared_borders(areas)) == ["AB 100", "AC 200", "AD 100", "BC 200", "CD 100"]


def test_a_point_touch_is_no_neighbour() -> None:
    names, areas = areas_from_grid("AB\nCD")
    assert as_text(names, shared_borders(areas)) == ["AB 100", "AC 100", "BD 100", "CD 100"]


def test_vertices_missing_on_one_side_change_nothing() -> None:
    names, areas = areas_from_grid("AAAB\nCDDB")
    bare = np.asarray(shapely.simplify(areas, 0.0))
    assert as_text(names, shared_borders(bare)) == as_text(names, shared_borders(areas))


def test_an_area_in_a_hole_is_the_neighbour_of_its_ring() -> None:
    names, areas = areas_from_grid("AAA\nABA\nAAA")
    assert as_text(names, shared_borders(areas)) == ["AB 400"]


def test_apart_missing_and_empty_areas_have_no_neighbours() -> None:
    _, areas = areas_from_grid("A.B")
    for some in (areas, np.array([None, shapely.Polygon()], dtype=object), np.zeros(0, dtype=object)):
        found = shared_borders(some)
        assert len(found) == 0
        assert found.length_m.dtype == np.float64


def test_where_three_areas_lie_on_one_border_each_pair_is_told() -> None:
    """An overlap: the check's affair, but no pair is lost."""
    box = shapely.box(0, 0, 100, 100)
    found = shared_borders(np.array([box, box, shapely.box(100, 0, 200, 100)], dtype=object))
    assert as_text(np.array(["A", "B", "C"], dtype=object), found) == ["AB 400", "AC 100", "BC 100"]


def test_stored_coordinates_are_measured_in_metres() -> None:
    zone = parse_crs(4549)
    names, drawn = areas_from_grid("AAB\nCCB", origin=(500_000.0, 3_300_000.0))
    turned = np.asarray(shapely.transform(drawn, lambda xy: xy @ np.array([[0.96, 0.28], [-0.28, 0.96]])))
    areas = snap(to_wgs84_geometries(np.asarray(shapely.simplify(turned, 1e-6)), zone))
    found = shared_borders(areas, functools.partial(lengths_m, working=zone))
    assert [f"{names[a]}{names[b]}" for a, b in zip(found.a, found.b, strict=True)] == ["AB", "AC", "BC"]
    assert found.length_m == pytest.approx([100.0, 200.0, 100.0], abs=0.05)


@given(st.lists(st.text(alphabet="ABCD.", min_size=4, max_size=4), min_size=2, max_size=4))
@settings(deadline=None)
def test_equal_to_intersecting_the_outlines(rows: list[str]) -> None:
    picture = "\n".join(rows)
    if not picture.strip("\n."):
        return
    _, areas = areas_from_grid(picture, cell_m=1.0)
    expected = {
        (a, b): length
        for a in range(len(areas))
        for b in range(a + 1, len(areas))
        if (length := shapely.length(shapely.intersection(areas[a].boundary, areas[b].boundary))) > 0
    }
    found = shared_borders(np.asarray(shapely.simplify(areas, 0.0)))
    assert {(int(a), int(b)): m for a, b, m in zip(found.a, found.b, found.length_m, strict=True)} == expected
