"""Edges as arrays, and vertices put into them."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.edges import Edges
from gisgov.testing import areas_from_grid


def test_every_kind_of_line_and_ring_has_its_edges_and_owner() -> None:
    frame = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [shapely.box(3, 3, 6, 6).exterior])
    items = [
        frame,
        None,
        shapely.LineString([(0, 0), (1, 0), (2, 0)]),
        shapely.Point(1, 1),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)]),
        shapely.Polygon(),
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
    ]
    edges = Edges(np.array(items, dtype=object))
    assert np.bincount(edges.owner, minlength=7).tolist() == [8, 0, 2, 0, 8, 0, 2]
    lengths = np.hypot(*(edges.end - edges.start).T)
    for owner in (0, 2, 4, 6):
        assert lengths[edges.owner == owner].sum() == shapely.length(items[owner])


def test_nothing_has_no_edges() -> None:
    edges = Edges(np.zeros(0, dtype=object))
    assert len(edges) == 0
    assert edges.with_vertices(np.zeros(0, dtype=np.int64), np.zeros((0, 2))).shape == (0,)
    start, end = edges.numbered_ends()
    assert start.size == end.size == 0


def test_canonical_ends_do_not_depend_on_the_direction() -> None:
    line = shapely.LineString([(0, 0), (1, 5), (1, 2), (0, 0)])
    one, other = (Edges(np.array([each], dtype=object)).canonical() for each in (line, line.reverse()))
    assert {tuple(map(tuple, pair)) for pair in zip(*one[:2], strict=True)} == {
        tuple(map(tuple, pair)) for pair in zip(*other[:2], strict=True)
    }
    assert one[2].tolist() == [False, True, True]


def test_equal_places_have_equal_numbers_minus_zero_included() -> None:
    lines = shapely.linestrings([[(0.0, 0.0), (1.0, 1.0)], [(1.0, 1.0), (-0.0, 0.0)]])
    start, end = Edges(lines).numbered_ends()
    assert start.tolist() == end[::-1].tolist()


def test_vertices_go_into_the_right_ring_of_the_right_part() -> None:
    frame = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [shapely.box(3, 3, 6, 6).exterior])
    aside = shapely.box(20, 0, 29, 9)
    given = np.array([shapely.MultiPolygon([aside, frame]), shapely.box(0, 0, 1, 1), frame], dtype=object)
    edges = Edges(given)
    middle = (edges.start + edges.end) / 2
    edge = np.flatnonzero(edges.owner != 1)
    fuller = edges.with_vertices(edge, middle[edge])
    assert all(shapely.equals(fuller, given))
    assert fuller[1] is given[1]
    rings = shapely.get_rings(shapely.get_parts(fuller))
    assert shapely.get_num_coordinates(rings).tolist() == [9, 9, 9, 5, 9, 9]


def test_several_vertices_in_one_edge_keep_their_order() -> None:
    edges = Edges(np.array([shapely.LineString([(0, 0), (4, 0), (8, 0)])], dtype=object))
    fuller = edges.with_vertices(np.array([0, 0, 1]), np.array([[1.0, 0], [2.0, 0], [5.0, 0]]))
    assert shapely.get_coordinates(fuller)[:, 0].tolist() == [0, 1, 2, 4, 5, 8]


def test_lines_are_the_edges() -> None:
    _, areas = areas_from_grid("AB")
    edges = Edges(areas)
    lines = edges.lines(np.arange(len(edges)))
    assert shapely.length(lines).tolist() == [100.0] * 8
