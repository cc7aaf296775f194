from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from gisgov.geometry.crs import from_wgs84_geometries
from maps import risk
from maps.counts import class_codes_of
from maps.plane import Plane
from maps.squares import MOST_SQUARES, Squares, squares_of
from maps.words import Words

TITLES = ("放心", "一般", "警示", "未评定")


def _squares(shapes: np.ndarray, codes: np.ndarray, plane: Plane) -> Squares:
    return squares_of(
        shapes, codes, TITLES, plane, Words("zh"), column=("class", "等级"), inwards=(2, 1, 3, 0)
    )


@pytest.fixture(scope="module")
def many() -> tuple[Squares, np.ndarray, Plane]:
    """20,000 points around a place, of four classes."""
    rng = np.random.default_rng(8)
    lonlat = rng.normal((114.3, 30.5), 0.02, (20_000, 2))
    plane = Plane.of((114.2, 30.4, 114.4, 30.6))
    codes = rng.choice(4, 20_000, p=(0.8, 0.1, 0.05, 0.05))
    return _squares(shapely.points(lonlat), codes, plane), codes, plane


def _numbers(squares: Squares, key: str) -> np.ndarray:
    column = squares.layer.column(key)
    assert column is not None
    return np.asarray(column.data)


def test_every_building_counts_once(many: tuple[Squares, np.ndarray, Plane]) -> None:
    squares, codes, _ = many
    counted = np.bincount(_numbers(squares, "class"), _numbers(squares, "count"), 4)
    assert counted.tolist() == np.bincount(codes).tolist()
    assert squares.side_m == 150
    middle = shapely.get_coordinates(shapely.centroid(squares.layer.shapes)).round(7)
    assert len(np.unique(middle, axis=0)) <= MOST_SQUARES


def test_ground_is_in_proportion_and_nothing_covers_another(
    many: tuple[Squares, np.ndarray, Plane],
) -> None:
    squares, _, plane = many
    on_ground = from_wgs84_geometries(squares.layer.shapes, plane.system)
    per_building = shapely.area(on_ground) / _numbers(squares, "count")
    assert per_building == pytest.approx(np.full(len(per_building), per_building[0]), rel=1e-3)
    some = on_ground[:200]
    one, other = shapely.STRtree(some).query(some, predicate="overlaps")
    shared = shapely.area(shapely.intersection(some[one], some[other]))
    assert (shared < 1e-3 * squares.side_m**2).all()


def test_the_fullest_square_is_filled(many: tuple[Squares, np.ndarray, Plane]) -> None:
    squares, _, plane = many
    fullest = _numbers(squares, "total") == _numbers(squares, "total").max()
    west, _, east, _ = shapely.total_bounds(
        from_wgs84_geometries(squares.layer.shapes[fullest], plane.system)
    )
    assert east - west >= 0.95 * squares.side_m


def test_a_map_of_too_many_buildings_adds_them_up_and_keeps_the_warning_ones(
    district: SimpleNamespace,
) -> None:
    warning = int((district.buildings["risk_class"] == "warning").sum())
    document = risk.document(district.buildings, district.grids, most_buildings=100)
    squares, buildings = (
        next(one for one in document.layers if one.id == name) for name in ("squares", "buildings")
    )
    assert int(np.asarray(squares.column("count").data).sum()) == len(district.buildings)
    assert len(buildings.shapes) == warning < 100
    assert "按 25 米方格合计" in document.sections[0].note
    assert document.sections[0].keys[2].switch == ("squares buildings", "class", 2)
    assert document.sections[0].keys[2].figures[0] == str(warning)
    heat = next(draw for draw in document.views[2].draws if draw["as"] == "heat")
    assert heat["layer"] == "buildings"


def test_too_many_warning_buildings_keep_their_places(district: SimpleNamespace) -> None:
    document = risk.document(district.buildings, district.grids, most_buildings=10)
    buildings = next(one for one in document.layers if one.id == "buildings")
    assert len(buildings.shapes) == (class_codes_of(district.buildings) == 2).sum() > 10
    assert buildings.column("reasons").data[0] is None
    assert any("逐栋显示位置" in note for note in document.notes)
