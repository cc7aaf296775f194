"""Which polygons are not polygons, why, and where."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.geometry.validity import find_invalid
from gisgov.types import Geometries

FRAME = "(0 0, 10 0, 10 10, 0 10, 0 0)"
SHORT = "ring with fewer than 4 points"


def read(*texts: str) -> Geometries:
    return np.array([shapely.from_wkt(text) for text in texts], dtype=object)


def with_vertex(x: float, y: float, at: int) -> shapely.Geometry:
    """A square with one coordinate replaced."""

    def replace(xy: np.ndarray) -> np.ndarray:
        xy[at] = x, y
        return xy

    with np.errstate(all="ignore"):
        return shapely.transform(shapely.box(0, 0, 1, 1), replace)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", [("self-intersection", 1, 1)]),
        ("POLYGON ((0 0, 4 0, 4 4, 2 0, 0 4, 0 0))", [("self-intersection", 2, 0)]),
        (
            "POLYGON ((0 0, 8 0, 8 2, 6 -2, 4 2, 2 -2, 0 2, 0 0))",
            [("self-intersection", x, 0) for x in (1, 3, 5, 7)],
        ),
        ("POLYGON ((0 0, 1 1, 1 1, 0 0))", [(SHORT, 0, 0)]),
        ("POLYGON ((1 9, 5 9, 1 9, 1 9))", [(SHORT, 1, 9)]),
        ("POLYGON ((3 3, 3 3, 3 3, 3 3))", [(SHORT, 3, 3)]),
        (f"POLYGON ({FRAME}, (5 5, 6 6, 6 6, 5 5))", [(SHORT, 5, 5)]),
        ("POLYGON ((0 0, 1 1, 2 2, 0 0))", [("self-intersection", 1, 1)]),
        (f"POLYGON ({FRAME}, (15 5, 16 5, 16 6, 15 5))", [("hole outside its shell", 15, 5)]),
        (
            f"POLYGON ({FRAME}, (1 1, 8 1, 8 8, 1 8, 1 1), (2 2, 3 2, 3 3, 2 2))",
            [("hole inside another hole", 2, 2)],
        ),
        (
            f"POLYGON ({FRAME}, (0 5, 5 0, 10 5, 5 10, 0 5))",
            [("interior in pieces that meet in points", 5, 0)],
        ),
        (f"POLYGON ({FRAME}, (8 8, 12 8, 12 9, 8 9, 8 8))", [("self-intersection", 10, 8)]),
        (f"MULTIPOLYGON (({FRAME}), ((2 2, 3 2, 3 3, 2 2)))", [("part inside another part", 2, 2)]),
        (f"MULTIPOLYGON (({FRAME}), ((10 0, 20 0, 20 10, 10 10, 10 0)))", [("self-intersection", 10, 10)]),
        (
            f"MULTIPOLYGON (({FRAME}), ((20 0, 22 2, 22 0, 20 2, 20 0)), ((30 0, 32 2, 32 0, 30 2, 30 0)))",
            [("self-intersection", 21, 1), ("self-intersection", 31, 1)],
        ),
        (
            f"POLYGON ({FRAME}, (1 1, 3 3, 3 1, 1 3, 1 1), (20 20, 21 20, 21 21, 20 20))",
            [("self-intersection", 2, 2)],
        ),
        ("POINT (1 2)", [("not a polygon", 1, 2)]),
        ("LINESTRING (3 4, 5 6)", [("not a polygon", 3, 4)]),
    ],
)
def test_reason_and_place(text: str, expected: list[tuple[str, float, float]]) -> None:
    found = find_invalid(read(text))
    assert list(zip(found.reason, found.x, found.y, strict=True)) == expected
    assert found.index.tolist() == [0] * len(expected)


def test_a_crossing_ring_and_a_problem_between_rings_are_both_told() -> None:
    """GEOS stops at the hole that is outside; the crossing hole is looked for besides."""
    found = find_invalid(
        read(
            f"POLYGON ({FRAME}, (20 20, 21 20, 21 21, 20 20))",
            f"POLYGON ({FRAME}, (5 5, 5 5, 5 5, 5 5), (1 1, 3 3, 3 1, 1 3, 1 1))",
        )
    )
    assert found.index.tolist() == [0, 1, 1]
    assert set(found.reason[1:]) == {SHORT, "self-intersection"}


@pytest.mark.parametrize(
    "text", ["POLYGON EMPTY", "MULTIPOLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY", "POINT EMPTY"]
)
def test_empty_has_no_place(text: str) -> None:
    found = find_invalid(read(text))
    assert found.reason.tolist() == ["empty"]
    assert np.isnan([found.x[0], found.y[0]]).all()


def test_missing_has_no_place() -> None:
    found = find_invalid(np.array([None], dtype=object))
    assert found.reason.tolist() == ["missing"]
    assert np.isnan([found.x[0], found.y[0]]).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_coordinate_that_is_not_finite_is_looked_for_beside_its_sound_neighbour(bad: float) -> None:
    found = find_invalid(np.array([with_vertex(bad, 1.0, 2), with_vertex(0.0, bad, 3)], dtype=object))
    assert found.reason.tolist() == ["not finite coordinate"] * 2
    assert list(zip(found.x, found.y, strict=True)) == [(1.0, 1.0), (0.0, 1.0)]


def test_nothing_but_infinities_has_no_place() -> None:
    with np.errstate(all="ignore"):
        lost = shapely.transform(shapely.box(0, 0, 1, 1), lambda xy: xy * 0 + np.inf)
    found = find_invalid(np.array([lost], dtype=object))
    assert found.reason.tolist() == ["not finite coordinate"]
    assert np.isnan([found.x[0], found.y[0]]).all()


def test_sound_polygons_have_no_rows() -> None:
    sound = read(
        f"POLYGON ({FRAME})",
        f"POLYGON ({FRAME}, (0 0, 5 1, 5 5, 0 0))",  # a hole that touches its shell in one point
        f"MULTIPOLYGON (({FRAME}), ((10 10, 20 10, 20 20, 10 10)))",  # parts that touch in one point
        "MULTIPOLYGON (((9 9, 9 1, 1 1, 2 4, 7 7, 9 9)), EMPTY)",
        "POLYGON ((0 0, 1 0, 1 0, 1 1, 0 0))",  # a vertex drawn twice
    )
    assert len(find_invalid(sound)) == 0
    assert len(find_invalid(np.zeros(0, dtype=object))) == 0


def test_an_unknown_reason_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    bow_tie = read("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    monkeypatch.setattr(shapely, "is_valid_reason", lambda _: "Unheard of")
    found = find_invalid(bow_tie)
    assert found.reason.tolist() == ["unheard of", "self-intersection"]
    assert np.isnan(found.x[0])


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=8))
@settings(deadline=None)
def test_agrees_with_geos_on_any_ring(vertices: list[tuple[int, int]]) -> None:
    polygon = shapely.Polygon(vertices)
    found = find_invalid(np.array([polygon], dtype=object))
    assert (len(found) == 0) == bool(shapely.is_valid(polygon))
    outline = shapely.boundary(polygon)
    for x, y in zip(found.x, found.y, strict=True):
        assert shapely.distance(shapely.Point(x, y), outline) < 1e-9
