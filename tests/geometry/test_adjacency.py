"""Neighbours and the length of their common border."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.geometry.adjacency import Borders, shared_borders
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.measures import lengths_m
from gisgov.geometry.snap import snap
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries, Ints, Texts


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


def test_a_corner_on_a_straight_border_is_found_in_metres_too() -> None:
    """The fast way to measure is the same as measuring line by line."""
    zone = parse_crs(4549)
    _, drawn = areas_from_grid("AAB\nCCB\nCDD", origin=(500_000.0, 3_300_000.0))
    areas = snap(to_wgs84_geometries(drawn, zone))
    slow, fast = (
        shared_borders(areas, functools.partial(lengths_m, working=zone)),
        shared_borders(areas, working=zone),
    )
    assert fast.a.tolist() == slow.a.tolist()
    assert fast.length_m == pytest.approx(slow.length_m, rel=1e-9)
    assert fast.outer_length_m == pytest.approx(slow.outer_length_m, rel=1e-9)


def test_outer_borders_are_those_of_one_area_alone() -> None:
    _, areas = areas_from_grid("AAA\nABA\nAAA\n..C")
    assert shared_borders(areas).outer_length_m.tolist() == [1100.0, 0.0, 300.0]


def test_borders_are_told_by_what_lies_along_them() -> None:
    names, areas = areas_from_grid("AAB\nCCB")
    street = shapely.LineString([(0, 100), (100, 100), (200, 100)])
    river = shapely.LineString([(200, 200), (200, 100), (200, 0)])
    found = shared_borders(
        areas,
        edges=np.array([street, river, street]),
        edge_class=np.array([EdgeClass.LOCAL, EdgeClass.WATER, 3]),
    )
    assert as_text(names, found) == ["AB 100", "AC 200", "BC 100"]
    classes = [
        {EdgeClass(c).name: row[c] for c in np.flatnonzero(row).tolist()} for row in found.class_length_m
    ]
    assert classes == [{"WATER": 100.0}, {"ARTERIAL": 200.0}, {"WATER": 100.0}]


def test_lines_away_from_the_borders_count_for_nothing() -> None:
    """Those of a whole district, where the blocks of one community are asked about."""
    _, areas = areas_from_grid("AB")
    zone = parse_crs(4549)
    away = np.array([shapely.LineString([(i, 900 + i), (i + 7, 900)]) for i in range(50)], dtype=object)
    lines = np.concatenate((away, [shapely.LineString([(100, 0), (100, 100)])]))
    found = shared_borders(areas, edges=lines, edge_class=np.full(51, EdgeClass.RAIL))
    assert found.class_length_m[0, EdgeClass.RAIL] == found.length_m[0] == 100.0
    stored, edges = to_wgs84_geometries(areas, zone), to_wgs84_geometries(lines, zone)
    found = shared_borders(stored, working=zone, edges=edges, edge_class=np.full(51, EdgeClass.RAIL))
    assert found.class_length_m[0, EdgeClass.RAIL] == pytest.approx(100.0)


def test_without_lines_every_border_is_unclassified() -> None:
    _, areas = areas_from_grid("AAB\nCCB")
    found = shared_borders(areas)
    assert found.class_length_m[:, EdgeClass.UNCLASSIFIED].tolist() == found.length_m.tolist()
    assert found.class_length_m.shape == (3, len(EdgeClass))


def test_lines_without_their_classes_are_refused() -> None:
    _, areas = areas_from_grid("AB")
    with pytest.raises(InputError, match="There are 1 edges and 0 edge classes"):
        shared_borders(areas, edges=np.array([shapely.LineString([(100, 0), (100, 100)])]))


def drawn_lines(areas: Geometries, seed: int) -> tuple[Geometries, Ints]:
    """Give some of the sides of cells as lines, each with a class."""
    choice = np.random.default_rng(seed)
    xy = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(areas))]
    sides = np.concatenate([np.stack((ring[:-1], ring[1:]), axis=1) for ring in xy])
    chosen = choice.random(len(sides)) < 0.5
    return np.asarray(shapely.linestrings(sides[chosen])), choice.integers(0, 7, int(chosen.sum()))


@given(
    st.lists(st.text(alphabet="ABCDEF.", min_size=6, max_size=6), min_size=1, max_size=6),
    st.integers(0, 2**32 - 1),
)
@settings(deadline=None)
def test_lengths_add_up_whatever_the_order_of_the_areas(rows: list[str], seed: int) -> None:
    picture = "\n".join(rows)
    if not picture.strip("\n."):
        return
    _, areas = areas_from_grid(picture, cell_m=1.0)
    edges, classes = drawn_lines(areas, seed)
    found = shared_borders(areas, edges=edges, edge_class=classes)
    assert (found.a < found.b).all()
    assert found.length_m.min(initial=1.0) > 0.0
    assert found.class_length_m.sum(axis=1).tolist() == found.length_m.tolist()
    around = found.outer_length_m.copy()
    np.add.at(around, found.a, found.length_m)
    np.add.at(around, found.b, found.length_m)
    assert around.tolist() == shapely.length(areas).tolist()

    order = np.random.default_rng(seed).permutation(len(areas))
    again = shared_borders(areas[order], edges=edges[::-1], edge_class=classes[::-1])
    rows_of = {
        (int(a), int(b)): row.tolist()
        for a, b, row in zip(found.a, found.b, found.class_length_m, strict=True)
    }
    back = zip(order[again.a], order[again.b], again.class_length_m, strict=True)
    assert {(int(min(a, b)), int(max(a, b))): row.tolist() for a, b, row in back} == rows_of
    assert again.outer_length_m.tolist() == found.outer_length_m[order].tolist()
