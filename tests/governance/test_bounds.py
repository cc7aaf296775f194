"""Bounds of areas in words, on drawn grids."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.geometry.crs import parse_crs
from gisgov.geometry.sides import border_pieces
from gisgov.governance.bounds import Bounds, bounds_of
from gisgov.testing import areas_from_grid


def told(picture: str, lines: dict[str, list[tuple[float, float]]] | None = None) -> dict[str, Bounds]:
    """Bounds by letter; lines are drawn on the corners of cells, from the lower left one."""
    names, areas = areas_from_grid(picture, cell_m=1)
    names, streets = np.array(list(names), dtype=object), lines or {}
    drawn = np.array([shapely.LineString(line) for line in streets.values()], dtype=object)
    pieces = border_pieces(areas, None, drawn, range(len(drawn)))
    return dict(zip(names, bounds_of(pieces, names, [name.rstrip("'") for name in streets]), strict=True))


def test_neighbours_and_the_limit_of_the_ground_bound_where_no_street_does() -> None:
    found = told("AAB\nAAC\nDDD")
    assert found["A"].words("zh") == "东至B、C，南至D，西至范围界，北至范围界"
    assert found["D"].words("zh") == "东至范围界，南至范围界，西至范围界，北至A、C"
    assert found["B"].words("en") == (
        "east to the limit of the ground; south to C; west to A; north to the limit of the ground"
    )


def test_streets_bound_before_neighbours_and_one_street_once() -> None:
    found = told(
        "AAB\nAAC", {"文三路": [(2, 0), (2, 1)], "文三路'": [(2, 1), (2, 2)], "河": [(0, 2), (2, 2)]}
    )
    assert found["A"].sides == (("文三路",), (None,), (None,), (None,))  # the river skips a corner of A
    found = told("AAB\nAAC", {"文三路": [(2, 0), (2, 1)], "河": [(0, 2), (1, 2), (2, 2)]})
    assert found["A"].sides == (("文三路", "B"), (None,), (None,), ("河",))


def test_the_longest_is_first_and_short_pieces_are_passed_over() -> None:
    picture = "ABBBBBBBBC\nADDDDDDDDD"
    found = told(picture)["D"]
    assert found.sides == ((None,), (None,), ("A",), ("B",))  # C is a ninth of the side
    assert told("ABCDE\nFFFFF")["F"].sides[3] == ("A", "B", "C")  # three at most


def test_what_lies_inside_bounds_nothing_and_parts_are_bounded_together() -> None:
    found = told("AAA\nABA\nAAA\nCAC")
    assert found["A"].sides == ((None, "C"), ("C", None), (None, "C"), (None,))
    assert found["B"].sides == (("A",), ("A",), ("A",), ("A",))
    assert found["C"].sides == (("A", None), (None,), ("A", None), ("A",))


def test_a_corner_on_a_straight_border_is_found() -> None:
    areas = np.array(
        [shapely.box(0, 0, 2, 2), shapely.box(2, 0, 3, 1), shapely.box(2, 1, 3, 2)], dtype=object
    )
    pieces = border_pieces(areas, None)
    assert bounds_of(pieces, np.array(["A", "B", "C"], dtype=object), [])[0].sides[0] == ("B", "C")


def test_degrees_are_measured_in_metres_and_a_slope_has_one_side() -> None:
    rhomb = shapely.Polygon([(120, 30), (120.002, 30.001), (120, 30.002), (119.998, 30.001)])
    pieces = border_pieces(np.array([rhomb], dtype=object), parse_crs("EPSG:4549"))
    assert sorted(pieces.side.tolist()) == [1, 1, 3, 3]
    assert pieces.length_m.sum() == pytest.approx(888, rel=0.01)
    assert bounds_of(pieces, np.array(["x"], dtype=object), [])[0].words("en") == (
        "south to the limit of the ground; north to the limit of the ground"
    )
