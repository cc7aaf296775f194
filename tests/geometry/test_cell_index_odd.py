"""The index on what is rare: nothing to ask, no places, stacks of areas, very many, kept in files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from exact_owners import owners_by_tree

from gisgov.errors import InputError
from gisgov.geometry import cell_index_asking, cell_index_walking
from gisgov.geometry.cell_index import NO_COORDINATE, CellIndex, build_cell_index
from gisgov.geometry.crs import BD09, GCJ02, WGS84, from_wgs84, parse_crs, point_mover, to_wgs84
from gisgov.geometry.snap import densify
from gisgov.testing import areas_from_grid

ZONE = parse_crs(4549)
BOXES = shapely.box([120.0, 120.01], 30.0, [120.01, 120.02], 30.01)


@pytest.fixture(scope="module")
def two() -> CellIndex:
    return build_cell_index(BOXES, ["B", "A"])


def test_what_was_made_ready_answers_as_ever(two: CellIndex) -> None:
    for index, area in ((build_cell_index(BOXES, ["B", "A"]), 1), (build_cell_index(BOXES[:0], []), -1)):
        index.make_ready()
        assert index.locate_one(120.01, 30.005).area == area
    assert two.locate_one(120.01, 30.005).on_border


def test_points_without_a_coordinate_and_out_of_range(two: CellIndex) -> None:
    nan, inf = np.nan, np.inf
    x = [nan, 120.005, inf, 120.005, -inf, 200.0, -180.0, 120.005, 1e300, 120.005]
    y = [30.005, nan, 30.005, -inf, inf, 30.005, 95.0, 30.005, -1e300, 29.99]
    expected = [NO_COORDINATE] * 5 + [-1, -1, 0, -1, -1]
    assert two.owners(x, y).tolist() == expected
    assert [two.owner_one(*point) for point in zip(x, y, strict=True)] == expected
    assert two.on_border(x, y, expected).tolist() == [False] * 10
    located = two.locate(x, y)
    assert located.area.tolist() == [max(i, -1) for i in expected]
    assert np.isnan(located.border_m[:5]).all()
    assert np.isfinite(located.border_m[[5, 7, 9]]).all()
    one = two.locate_one(nan, 30.0)
    assert (one.area, one.on_border, one.nearest, one.candidates) == (-1, False, -1, ())
    assert np.isnan(one.border_m)


def test_no_points_one_number_for_many_and_lists(two: CellIndex) -> None:
    assert two.owners([], []).dtype == np.int32
    assert len(two.owners([], [])) == len(two.on_border([], [], [])) == len(two.locate([], [])) == 0
    assert two.owners(120.005, [30.0, 30.005, 31.0]).tolist() == [0, 0, -1]
    assert two.owners(np.array([[120.005], [120.015]])[:, 0], 30.005).tolist() == [0, 1]
    assert two.owners(np.array([120, 121]), np.array([30, 30])).tolist() == [0, -1]


def test_no_areas_and_one_area() -> None:
    nobody = build_cell_index(np.zeros(0, dtype=object), [])
    assert nobody.owners([0.0, 120.0, np.nan], 0.0).tolist() == [-1, -1, NO_COORDINATE]
    assert nobody.locate_one(0.2, 0.2)[::3] == (-1, -1)
    assert len(CellIndex.from_arrays(nobody.to_arrays())) == 0
    alone = build_cell_index(shapely.box([120.0], 30.0, 120.01, 30.01), ["A"])
    assert alone.owners([120.0, 120.005, 120.01, 120.02], 30.01).tolist() == [0, 0, 0, -1]


def test_on_the_border_of_an_area_that_is_not_the_owner(two: CellIndex) -> None:
    x, y, meant = [120.01, 120.01, 120.01, 120.0, 120.005], 30.005, [1, 0, -1, 1, 1]
    assert two.on_border(x, y, meant).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("count", [7, 8, 9, 40, 300])
def test_stacks_of_areas_list_them_all(count: int) -> None:
    """More than eight areas in a cell take several pages, and many stacks more room than was thought."""
    rng = np.random.default_rng(count)
    west = rng.integers(0, 6, count).astype(float)
    areas = shapely.box(west, 0.0, west + rng.integers(1, 5, count), 3.0)
    codes = [f"{i:03d}" for i in rng.permutation(count)]
    x, y = (each.ravel() for each in np.meshgrid(np.arange(-0.5, 11.0, 0.5), [-0.5, 0.0, 1.7, 3.0]))
    index = build_cell_index(areas, codes, ZONE, ZONE)
    found = index.locate(x, y)
    covers = shapely.covers(areas[:, None], shapely.points(x, y))
    order = np.argsort(codes)
    for i in range(len(x)):
        expected = order[covers[order, i]].tolist()
        assert [found.area[i], *found.candidates[i]] == (expected or [-1])
        assert index.locate_one(x[i], y[i])[::4] == (found.area[i], found.candidates[i])


def test_many_areas_are_few_megabytes() -> None:
    side = 316
    x, y = (each.ravel() for each in np.meshgrid(np.arange(side), np.arange(side)))
    areas = shapely.box(x * 1e-3 + 120, y * 1e-3 + 30, (x + 1) * 1e-3 + 120, (y + 1) * 1e-3 + 30)
    areas = shapely.transform(areas, lambda xy: np.round(xy, 7))
    index = build_cell_index(areas, [f"{i:06d}" for i in range(len(areas))])
    assert len(index) == side * side
    assert sum(array.nbytes for array in index.to_arrays(borders=False).values()) < 150e6
    px, py = np.random.default_rng(1).uniform((119.99, 29.99), (120.32, 30.32), (70_000, 2)).T
    column, row = np.floor((px - 120) / 1e-3), np.floor((py - 30) / 1e-3)
    inside = (column >= 0) & (column < side) & (row >= 0) & (row < side)
    expected = np.where(inside, row * side + column, -1)
    np.testing.assert_array_equal(index.owners(px, py), expected)


def test_areas_far_apart_do_not_blow_it_up() -> None:
    """Two scopes of a layer hundreds of kilometres apart: the ground between them takes next to nothing."""
    codes, here = areas_from_grid("ABCD\nEFGH\nIJKL", cell_m=0.004, origin=(113.0, 22.0))
    there = shapely.transform(here, lambda xy: xy + np.array([8.0, 9.0]))
    areas, names = np.concatenate((here, there)), [*codes, *(f"{code}2" for code in codes)]
    index = build_cell_index(areas, names)
    assert sum(array.nbytes for array in index.to_arrays(borders=False).values()) < 6e6
    x, y = np.random.default_rng(3).uniform((112.99, 21.99), (113.02, 22.02), (300, 2)).T
    x, y = np.concatenate((x, x + 8.0, x + 4.0)), np.concatenate((y, y + 9.0, y))
    np.testing.assert_array_equal(index.owners(x, y), owners_by_tree(areas, names, x, y))


def test_few_large_areas_among_many_small_ones_do_not_blow_it_up() -> None:
    """Cells fit the small ones, as far as those along the border of a large one are not too many."""
    codes, small = areas_from_grid("ABCD\nEFGH\nIJKL", cell_m=0.004, origin=(113.0, 22.0))
    whole = shapely.box(112.0, 21.0, 125.0, 33.0)
    areas, names = np.array([*small, whole, whole], dtype=object), [*codes, "Y", "Z"]
    index = build_cell_index(areas, names)
    assert sum(array.nbytes for array in index.to_arrays(borders=False).values()) < 20e6
    x, y = np.random.default_rng(3).uniform((112.99, 21.99), (113.02, 22.02), (300, 2)).T
    x, y = np.concatenate((x, x + 4.0)), np.concatenate((y, y))
    np.testing.assert_array_equal(index.owners(x, y), owners_by_tree(areas, names, x, y))
    assert index.locate_one(118.0, 25.0).candidates == (13,)


def test_kept_in_files_it_answers_alike(two: CellIndex, tmp_path: Path) -> None:
    arrays = two.to_arrays()
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = {name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in arrays}
    kept = CellIndex.from_arrays(mapped)
    x, y = np.random.default_rng(2).uniform((119.99, 29.99), (120.03, 30.02), (500, 2)).T
    one, other = two.locate(x, y), kept.locate(x, y)
    for name in ("area", "on_border", "border_m", "nearest"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert (kept.system, kept.working, len(kept)) == (two.system, two.working, 2)
    assert kept.to_arrays().keys() == arrays.keys()


def test_kept_without_borders_it_names_owners_and_says_why_it_cannot_measure(two: CellIndex) -> None:
    kept = CellIndex.from_arrays(two.to_arrays(borders=False))
    assert kept.owners([120.01], [30.0]).tolist() == [1]
    with pytest.raises(InputError, match="without borders"):
        kept.locate([120.01], [30.0])


def test_arrays_of_another_version_are_refused(two: CellIndex) -> None:
    arrays = two.to_arrays()
    arrays["about"] = np.frombuffer(b'[0, ["", ""], ["", ""]]', dtype=np.uint8)
    with pytest.raises(InputError, match="form 0"):
        CellIndex.from_arrays(arrays)


def test_areas_at_no_place_are_refused() -> None:
    with pytest.raises(InputError, match="which is no place"):
        build_cell_index(shapely.box([0.0], 0.0, 1e13, 1.0), ["A"])


def test_coordinates_that_almost_vanish_are_told_apart() -> None:
    """A diagonal through the origin: so near to it products of coordinates are less than any number."""
    areas = shapely.polygons([[(-1, -1), (1, 1), (-1, 1)], [(-1, -1), (1, -1), (1, 1)]])
    index = build_cell_index(areas, ["A", "B"], ZONE, ZONE)
    tiny = 2.0**-1000
    x, y = [0.0, tiny, 0.0, tiny, -tiny], [0.0, tiny, tiny, 0.0, 0.0]
    assert index.owners(x, y).tolist() == [0, 0, 0, 1, 0]
    assert index.on_border(x, y, [0, 0, 0, 1, 0]).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("step", [1.0, 1e-3, 1e-7, 1 / 3])
def test_whatever_step_the_coordinates_have(step: float) -> None:
    codes, areas = areas_from_grid("AAB\nCAB\nCCD", cell_m=3.0)
    areas = shapely.transform(areas, lambda xy: np.round(xy @ [[2, 1], [-1, 2]]) * step)
    index = build_cell_index(areas, codes, ZONE, ZONE)
    xy = shapely.get_coordinates(areas)
    x, y = np.concatenate((xy, (xy[1:] + xy[:-1]) / 2, xy + step / 8)).T.copy()
    np.testing.assert_array_equal(index.owners(x, y), owners_by_tree(areas, codes.tolist(), x, y))


def test_the_nearest_far_away_is_the_nearest() -> None:
    rng = np.random.default_rng(6)
    x, y = rng.integers(0, 300, (2, 80)).astype(float) * 100
    areas = shapely.box(x, y, x + 40, y + 30)
    index = build_cell_index(areas, [f"{i:02d}" for i in range(80)], ZONE, ZONE)
    px, py = rng.uniform(-60_000, 90_000, (2, 2000))
    found = index.locate(px, py)
    metres = shapely.distance(areas[:, None], shapely.points(px, py))
    np.testing.assert_allclose(found.border_m, metres.min(axis=0), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(found.nearest, metres.argmin(axis=0))
    one = [index.locate_one(*point) for point in zip(px[:50], py[:50], strict=True)]
    assert [each.border_m for each in one] == found.border_m[:50].tolist()
    assert [each.nearest for each in one] == found.nearest[:50].tolist()


def test_distances_are_those_to_borders_with_vertices_in_between() -> None:
    """Long edges bend in the plane; what lies where the plane is none is left out."""
    wide = shapely.box([119.0, 120.0], [29.0, 29.5], [120.0, 121.0], [30.0, 30.5])
    small = shapely.box([120.5], 31.0, 120.5005, 31.0005)
    areas = np.concatenate((wide, small))
    x, y = np.random.default_rng(8).uniform((118.5, 28.5), (121.5, 31.5), (300, 2)).T
    found = build_cell_index(areas, ["A", "B", "C"], WGS84, ZONE).locate(x, y)
    px, py = from_wgs84(x, y, ZONE)
    drawn = shapely.transform(
        densify(areas, WGS84, target=ZONE), lambda xy: np.column_stack(from_wgs84(*xy.T, ZONE))
    )
    metres = shapely.distance(shapely.boundary(drawn)[:, None], shapely.points(px, py))
    expected = np.where(found.area >= 0, metres[found.area, np.arange(300)], metres.min(axis=0))
    np.testing.assert_allclose(found.border_m, expected, rtol=0, atol=1e-6)
    across = shapely.box([-100.0, 119.5], 29.0, [119.5, 120.0], 30.0)
    far = build_cell_index(across, ["A", "B"], WGS84, ZONE)
    assert far.locate_one(119.6, 29.5).border_m == pytest.approx(9_690, abs=20)
    assert build_cell_index(BOXES, ["A", "B"], ZONE, WGS84).locate_one(120.005, 30.005).area == 0


@pytest.mark.parametrize("system", [WGS84, GCJ02, BD09, parse_crs(4547), ZONE])
def test_one_point_is_moved_as_many_are(system: object) -> None:
    x, y = from_wgs84([116.3, 120.2], [39.9, 30.1], system)
    expected = np.column_stack(from_wgs84(*to_wgs84(x, y, system), ZONE))
    moved = [point_mover(system, ZONE)(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]
    np.testing.assert_allclose(moved, expected, rtol=0, atol=1e-7)


def test_both_files_of_kernels_judge_sides_by_the_same_text() -> None:
    texts = []
    for module in (cell_index_walking, cell_index_asking):
        text = Path(module.__file__).read_text("utf-8")
        begin = text.index("def _product(")
        texts.append(text[begin : text.index("@kernel", text.index("def _is_left("))])
    assert texts[0] == texts[1]
