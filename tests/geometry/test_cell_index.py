"""One point, one area: the tie rule, borders, distances, and the brute-force answer."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.geometry.cell_index import CellIndex, build_cell_index
from gisgov.geometry.crs import (
    GCJ02,
    WGS84,
    from_wgs84,
    from_wgs84_geometries,
    parse_crs,
    to_wgs84_geometries,
    working_crs,
)
from gisgov.geometry.locate import Located
from gisgov.geometry.snap import snap
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries, Texts

ZONE = parse_crs(4549)
ORIGIN = (500_000.0, 3_300_000.0)
MAP = """
BBBA
B.CA
DDCC
"""  # the empty cell is at 100..200, 100..200


def index(picture: str = MAP) -> tuple[CellIndex, Texts]:
    names, areas = areas_from_grid(picture, origin=ORIGIN)
    return build_cell_index(areas, names, ZONE, ZONE), names


def ask(x: float, y: float, picture: str = MAP) -> tuple[str | None, bool, float, str, str]:
    """Owner, on border?, metres, nearest, candidates: of one point in metres from the south-west corner."""
    areas, names = index(picture)
    found = areas.locate([x + ORIGIN[0]], [y + ORIGIN[1]])
    owner = int(found.area[0])
    return (
        str(names[owner]) if owner >= 0 else None,
        bool(found.on_border[0]),
        round(float(found.border_m[0]), 3),
        str(names[found.nearest[0]]),
        "".join(names[i] for i in found.candidates[0]),
    )


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (30, 250, ("B", False, 30.0, "B", "")),
        (350, 180, ("A", False, 50.0, "A", "")),
        (300, 250, ("A", True, 0.0, "A", "B")),  # shared edge: the smallest code
        (200, 50, ("C", True, 0.0, "C", "D")),
        (300, 200, ("A", True, 0.0, "A", "BC")),  # triple point
        (0, 100, ("B", True, 0.0, "B", "D")),  # a corner on the outer border
        (400, 250, ("A", True, 0.0, "A", "")),  # the outer border
        (400, 300, ("A", True, 0.0, "A", "")),  # its corner
        (
            150,
            150,
            (None, False, 50.0, "B", ""),
        ),  # in the hole, as near to B as to C and D: the smallest code
        (180, 150, (None, False, 20.0, "C", "")),
        (150, 200, ("B", True, 0.0, "B", "")),  # the hole's border
        (200, 200, ("B", True, 0.0, "B", "C")),  # the hole's corner
        (430, 340, (None, False, 50.0, "A", "")),  # outside, beyond a corner
        (-7, 250, (None, False, 7.0, "B", "")),
    ],
)
def test_answers_that_can_be_read_off_the_map(
    x: float, y: float, expected: tuple[str | None, bool, float, str, str]
) -> None:
    assert ask(x, y) == expected


def test_the_smallest_code_is_by_code_point() -> None:
    _, areas = areas_from_grid("AB", origin=ORIGIN)
    x, y = [ORIGIN[0] + 100.0], [ORIGIN[1] + 50.0]
    for codes, winner in ((["9", "10"], 1), (["b", "B"], 1), (["中", "Z"], 1), (["01", "1"], 0)):
        assert build_cell_index(areas, codes, ZONE, ZONE).locate(x, y).area.tolist() == [winner]
    assert build_cell_index(areas, ["X", "X"], ZONE, ZONE).locate(x, y).area.tolist() == [0]


def test_overlapping_areas_are_all_named_in_the_order_of_their_codes() -> None:
    box = shapely.box(0, 0, 10, 10)
    areas = build_cell_index(np.array([box] * 4, dtype=object), ["d", "b", "c", "a"], ZONE, ZONE)
    found = areas.locate([5.0], [5.0])
    assert found.area.tolist() == [3]
    assert found.candidates == ((1, 2, 0),)
    assert not found.on_border[0]


@pytest.mark.parametrize("x", [np.nan, np.inf, -np.inf, 5.0])
def test_points_that_are_not_finite_have_no_answer_and_harm_no_neighbour(x: float) -> None:
    areas, _ = index()
    y = np.nan if x == 5.0 else 5.0
    found = areas.locate([x, ORIGIN[0] + 50.0], [y, ORIGIN[1] + 50.0])
    assert found.area.tolist() == [-1, 3]
    assert found.nearest.tolist() == [-1, 3]
    assert found.on_border.tolist() == [False, False]
    assert np.isnan(found.border_m[0])
    assert found.border_m[1] == pytest.approx(50.0)
    assert found.candidates == ((), ())


def test_a_place_that_the_plane_cannot_express_is_outside_without_a_distance() -> None:
    _, areas = areas_from_grid("A", cell_m=0.01, origin=(120.0, 30.0))
    found = build_cell_index(areas, ["A"]).locate([30.0], [120.0])
    assert found.area.tolist() == found.nearest.tolist() == [-1]
    assert np.isnan(found.border_m[0])


def test_no_points_and_no_areas() -> None:
    areas, _ = index()
    assert len(areas) == 4
    assert len(areas.locate([], [])) == 0
    nobody = build_cell_index(np.zeros(0, dtype=object), []).locate([120.0], [30.0])
    assert nobody.area.tolist() == nobody.nearest.tolist() == [-1]
    assert np.isnan(nobody.border_m[0])
    assert nobody.candidates == ((),)


def test_areas_that_cannot_be_asked_are_refused_by_name() -> None:
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    with pytest.raises(
        InputError, match=r"Area G7 cannot be asked for points: self-intersection at \(1.0, 1.0\)"
    ):
        build_cell_index(np.array([shapely.box(0, 0, 1, 1), bow_tie]), ["G6", "G7"])
    with pytest.raises(InputError, match="missing"):
        build_cell_index(np.array([None], dtype=object), ["G6"])
    with pytest.raises(InputError, match="1 areas and 2 codes"):
        build_cell_index(np.array([bow_tie]), ["G6", "G7"])


def test_the_working_plane_is_that_of_the_centre() -> None:
    _, areas = areas_from_grid("AB", cell_m=0.01, origin=(120.0, 30.0))
    assert build_cell_index(areas, ["A", "B"]).working == working_crs(120.01, 30.005)
    shifted = from_wgs84_geometries(areas, GCJ02)
    assert build_cell_index(shifted, ["A", "B"], GCJ02).working == working_crs(120.01, 30.005)


def test_distances_do_not_depend_on_the_system_of_the_question() -> None:
    names, shapes = areas_from_grid(MAP, origin=ORIGIN)
    areas = build_cell_index(shapes, names, ZONE, ZONE)
    x, y = (
        np.array([30.0, 350.0, -7.0, 150.0]) + ORIGIN[0],
        np.array([250.0, 180.0, 250.0, 150.0]) + ORIGIN[1],
    )
    stored = to_wgs84_geometries(shapes, ZONE)
    lon, lat = np.stack(
        [shapely.get_x(p := to_wgs84_geometries(shapely.points(x, y), ZONE)), shapely.get_y(p)]
    )
    here = areas.locate(x, y)
    there = build_cell_index(stored, names, WGS84, ZONE).locate(lon, lat)
    shifted = build_cell_index(from_wgs84_geometries(stored, GCJ02), names, GCJ02, ZONE).locate(
        *from_wgs84(lon, lat, GCJ02)
    )
    for found in (there, shifted):
        np.testing.assert_array_equal(found.area, here.area)
        np.testing.assert_array_equal(found.nearest, here.nearest)
        np.testing.assert_allclose(found.border_m, here.border_m, rtol=0, atol=1e-3)


def test_a_long_straight_border_is_measured_where_it_runs() -> None:
    """Between its two ends 40 km apart the border is 19 m off in the plane; 5 m is 5 m all the same."""
    areas = np.array([shapely.box(119.8, 30.0, 120.2, 30.3)], dtype=object)
    found = build_cell_index(areas, ["A"]).locate(
        [120.0, 120.0, 120.0], [30.0, 30.0 + 5 / 110_852, 30.0 - 5 / 110_852]
    )
    assert found.on_border.tolist() == [True, False, False]
    assert found.area.tolist() == [0, 0, -1]
    assert found.border_m == pytest.approx([0.0, 5.0, 5.0], abs=0.02)


def slanting(picture: str) -> tuple[Geometries, Texts]:
    """Areas whose stored coordinates are no round numbers."""
    names, areas = areas_from_grid(picture, cell_m=0.003)
    turn = np.array([[0.8, 0.61], [-0.59, 0.81]])
    return snap(shapely.transform(areas, lambda xy: xy @ turn + np.array([120.1, 30.2]))), names


def brute_force(areas: Geometries, codes: Texts, x: float, y: float) -> tuple[int, tuple[int, ...], bool]:
    point = shapely.Point(x, y)
    covering = sorted(np.flatnonzero(shapely.covers(areas, point)).tolist(), key=lambda i: codes[i])
    if not covering:
        return -1, (), False
    owner, *others = covering
    return owner, tuple(others), bool(shapely.covers(shapely.boundary(areas[owner]), point))


@given(st.lists(st.tuples(st.floats(-0.002, 0.014), st.floats(-0.002, 0.011)), min_size=1, max_size=20))
@settings(deadline=None, max_examples=60)
def test_equal_to_brute_force_at_any_point(offsets: list[tuple[float, float]]) -> None:
    areas, codes = slanting(MAP)
    x, y = np.array(offsets).T + np.array([[120.095], [30.2]])
    check(areas, codes, build_cell_index(areas, codes).locate(x, y), x, y)


def test_equal_to_brute_force_at_every_vertex_and_edge_middle() -> None:
    areas, codes = slanting("AABC\nDABC\nDDEC")
    vertices = np.unique(shapely.get_coordinates(areas), axis=0)
    middles = (vertices[:, None] + vertices[None]).reshape(-1, 2) / 2
    x, y = np.concatenate((vertices, middles)).T
    found = build_cell_index(areas, codes).locate(x, y)
    check(areas, codes, found, x, y)
    assert found.on_border[: len(vertices)].all()
    assert (found.border_m[found.on_border] == 0.0).all()


def check(areas: Geometries, codes: Texts, found: Located, x: np.ndarray, y: np.ndarray) -> None:
    for i in range(len(x)):
        owner, others, on_border = brute_force(areas, codes, x[i], y[i])
        assert found.area[i] == owner
        assert found.candidates[i] == others
        assert found.on_border[i] == on_border
        plane = working_crs(120.1, 30.2)
        target = from_wgs84_geometries(np.array([areas[found.nearest[i]].boundary]), plane)[0]
        point = from_wgs84_geometries(np.array([shapely.Point(x[i], y[i])]), plane)[0]
        assert found.border_m[i] == pytest.approx(shapely.distance(target, point), abs=0.02)


@pytest.mark.parametrize("corners", [31, 32, 33, 64, 65, 500])
def test_the_nearest_of_borders_with_many_vertices_is_found_exactly(corners: int) -> None:
    turn = np.linspace(0.0, 2 * np.pi, corners, endpoint=False)
    reach = 1_000 + 60 * np.sin(9 * turn)
    ring = np.column_stack([500_000 + reach * np.cos(turn), 3_400_000 + reach * np.sin(turn)])
    middle = np.array([500_000.0, 3_400_000.0])
    lake = shapely.Polygon(ring, holes=[middle + (ring - middle) * 0.2])
    far, beside = (shapely.box(x, 3_400_000, x + 100, 3_400_100) for x in (495_000, 503_000))
    areas = np.array([shapely.MultiPolygon([lake, far]), beside], dtype=object)
    plane = parse_crs("EPSG:4549")
    index = build_cell_index(areas, ["A", "B"], plane, plane)
    rng = np.random.default_rng(corners)
    x, y = rng.uniform(497_000, 504_000, 200), rng.uniform(3_397_000, 3_403_000, 200)
    found = index.locate(x, y)
    distance = shapely.distance(areas[:, None], shapely.points(x, y))
    outside = found.area < 0
    assert outside.sum() > 100
    assert found.nearest[outside].tolist() == distance[:, outside].argmin(axis=0).tolist()
    assert found.border_m[outside].tolist() == pytest.approx(distance[:, outside].min(axis=0).tolist())
