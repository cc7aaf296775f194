"""Resolving: one coordinate, one day, one chain of areas."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyproj
import pytest
import shapely
from pydantic import TypeAdapter

from gisgov.errors import CoordinateError, CrsError, NotFoundError
from gisgov.geometry.cell_index import build_cell_index
from gisgov.geometry.crs import from_wgs84, parse_crs
from gisgov.geometry.systems import WGS84
from gisgov.services.resolution import Post, Resolution
from gisgov.services.resolving import resolve
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 1)
Ask = Callable[..., Resolution]


def drawn(picture: str, west: float = 114.0, south: float = 22.5) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (west, south), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture
def ask(database: Database) -> Ask:
    """Resolve in the test's database on a day when the planted plans are in force."""

    def asked(x: float, y: float, **options: object) -> Resolution:
        return resolve(database, x, y, **{"at": DAY, "timezone": ZONE, **options})  # type: ignore[arg-type]

    return asked


@pytest.fixture
def district(plant: Callable[..., None]) -> None:
    """Two streets of two grids each, an overlay over one of them, a beat layer beside them."""
    plant("district", drawn("AAAA"), names={"A": "南山区"})
    plant("street", drawn("SSTT"), parent="district", parents={"S": ["A"], "T": ["A"]})
    plant(
        "grid",
        drawn("1234"),
        parent="street",
        parents={"1": ["S"], "2": ["S"], "3": ["T"], "4": ["T"]},
        staff={"1": [("网格长", "王"), ("专职网格员", "李")]},
        valid_to=date(2027, 1, 1),
    )
    plant("school", drawn(".X.."), parent="grid", kind="overlay")


@pytest.mark.usefixtures("district")
def test_the_chain_comes_from_the_top_down_with_all_that_is_known(ask: Ask) -> None:
    answer = ask(114.005, 22.505)
    assert [(one.layer, one.code) for one in answer.chain] == [
        ("district", "A"),
        ("street", "S"),
        ("grid", "1"),
    ]
    assert answer.chain[0].name == "南山区"
    grid = answer.chain[2]
    assert (grid.title_zh, grid.title_en, grid.parent_codes) == ("grid层", "Grid", ("S",))
    assert grid.staff == (Post("网格长", "王"), Post("专职网格员", "李"))
    assert (grid.plan, grid.valid_from, grid.valid_to) == ("grid-2026", date(2026, 1, 1), date(2027, 1, 1))
    assert (grid.on_border, grid.candidates) == (False, ())
    assert answer.outside == ()
    assert answer.without_plan == ()
    assert (answer.x, answer.y, answer.crs) == (114.005, 22.505, "EPSG:4326")
    assert (answer.lon, answer.lat, answer.at) == (114.005, 22.505, DAY)


@pytest.mark.usefixtures("district")
def test_the_distance_to_the_border_is_in_metres(ask: Ask) -> None:
    to_east = 114.01 - 114.009
    expected = pyproj.Geod(ellps="WGS84").inv(114.009, 22.505, 114.01, 22.505)[2]
    assert to_east * 100_000 < expected
    (grid,) = ask(114.009, 22.505, layer="grid").chain
    assert grid.border_m == pytest.approx(expected, rel=2e-4)


@pytest.mark.usefixtures("district")
def test_the_distance_is_the_one_of_the_index(ask: Ask) -> None:
    areas = drawn("1234")
    index = build_cell_index(np.array([*areas.values()]), [*areas], WGS84, parse_crs("EPSG:4547"))
    located = index.locate([114.0123456, 114.05], [22.5054321, 22.52])
    (inside,) = ask(114.0123456, 22.5054321, layer="grid").chain
    (outside,) = ask(114.05, 22.52, layer="grid").outside
    assert inside.border_m == pytest.approx(located.border_m[0], abs=5.1e-4)
    assert outside.nearest_code == [*areas][located.nearest[1]]
    assert outside.distance_m == pytest.approx(located.border_m[1], abs=5.1e-4)


@pytest.mark.usefixtures("district")
def test_a_shared_border_belongs_to_the_smallest_code(ask: Ask) -> None:
    answer = ask(114.02, 22.505)
    _, street, grid = answer.chain
    assert (street.code, street.on_border, street.candidates, street.border_m) == ("S", True, ("T",), 0.0)
    assert (grid.code, grid.on_border, grid.candidates) == ("2", True, ("3",))


@pytest.mark.usefixtures("district")
def test_the_outer_border_is_inside_and_on_the_border(ask: Ask) -> None:
    (grid,) = ask(114.0, 22.5, layer="grid").chain
    assert (grid.code, grid.on_border, grid.candidates, grid.border_m) == ("1", True, (), 0.0)


def test_a_triple_point_names_all_three(plant: Callable[..., None], ask: Ask) -> None:
    plant("grid", drawn("CB\nCA"))
    (grid,) = ask(114.01, 22.51).chain
    assert (grid.code, grid.candidates) == ("A", ("B", "C"))


@pytest.mark.usefixtures("district")
def test_outside_is_an_answer_with_the_nearest_area(ask: Ask) -> None:
    answer = ask(114.045, 22.505)
    assert answer.chain == ()
    district, street, grid = answer.outside
    assert (district.layer, district.nearest_code, district.nearest_name) == ("district", "A", "南山区")
    assert (street.nearest_code, grid.nearest_code, grid.title_zh) == ("T", "4", "grid层")
    expected = pyproj.Geod(ellps="WGS84").inv(114.045, 22.505, 114.04, 22.505)[2]
    assert grid.distance_m == pytest.approx(expected, rel=2e-4)


def test_a_plan_without_areas_has_no_nearest_one(plant: Callable[..., None], ask: Ask) -> None:
    plant("grid", {})
    (one,) = ask(114.0, 22.5).outside
    assert (one.nearest_code, one.nearest_name, one.distance_m) == (None, None, None)


def test_of_equally_near_areas_the_smallest_code_is_named(plant: Callable[..., None], ask: Ask) -> None:
    tip = (114.01, 22.505)  # both point at us with the same corner
    north = shapely.Polygon([(114.0, 22.505), tip, (114.0, 22.51)])
    south = shapely.Polygon([(114.0, 22.5), tip, (114.0, 22.505)])
    plant("grid", {"B": north, "A": south})
    (one,) = ask(114.02, 22.505).outside
    assert one.nearest_code == "A"


def test_nearest_means_metres_not_degrees(plant: Callable[..., None], ask: Ask) -> None:
    """At 60° north a degree of longitude is half as long as one of latitude."""
    east = shapely.box(114.03, 60.0, 114.04, 60.01)  # 0.03 degrees away, 1.7 km
    north = shapely.box(113.995, 60.025, 114.005, 60.035)  # 0.02 degrees away, 2.2 km
    plant("grid", {"N": north, "E": east})
    (one,) = ask(114.0, 60.005).outside
    assert one.nearest_code == "E"
    assert one.distance_m == pytest.approx(1674, abs=5)


@pytest.mark.usefixtures("district")
def test_far_away_the_distance_is_along_the_ellipsoid(ask: Ask) -> None:
    (one,) = ask(-66.0, -22.0, layer="grid").outside
    assert one.nearest_code == "4"
    assert one.distance_m == pytest.approx(20_000_000, rel=0.02)


@pytest.mark.usefixtures("district")
def test_one_layer_can_be_asked_alone_also_an_overlay(ask: Ask) -> None:
    assert [one.layer for one in ask(114.015, 22.505, layer="street").chain] == ["street"]
    assert [one.code for one in ask(114.015, 22.505, layer="school").chain] == ["X"]
    assert [one.nearest_code for one in ask(114.005, 22.505, layer="school").outside] == ["X"]


@pytest.mark.usefixtures("district")
def test_an_unknown_layer_is_named_with_the_known_ones(ask: Ask) -> None:
    with pytest.raises(NotFoundError, match="No layer is called 'beat'") as caught:
        ask(114.0, 22.5, layer="beat")
    assert caught.value.field == "layer"
    assert caught.value.hint == "There are district, street, grid, school."


@pytest.mark.usefixtures("database")
def test_without_layers_the_answer_is_empty(ask: Ask) -> None:
    answer = ask(114.0, 22.5)
    assert (answer.chain, answer.outside, answer.without_plan) == ((), (), ())
    with pytest.raises(NotFoundError, match="No layer is called 'grid'"):
        ask(114.0, 22.5, layer="grid")


def test_the_plan_in_force_on_the_day_answers(plant: Callable[..., None], ask: Ask) -> None:
    plant("grid", drawn("AB"), plan="old", valid_from=date(2025, 1, 1), valid_to=date(2026, 3, 1))
    plant("grid", drawn("BA"), plan="new", valid_from=date(2026, 3, 1))
    before = ask(114.005, 22.505, at=date(2026, 2, 28))
    after = ask(114.005, 22.505, at=date(2026, 3, 1))
    assert [(one.code, one.plan) for one in before.chain] == [("A", "old")]
    assert [(one.code, one.plan) for one in after.chain] == [("B", "new")]
    assert ask(114.005, 22.505, at=date(2024, 1, 1)).without_plan == ("grid",)


def test_a_timestamp_is_the_day_it_falls_on_here(plant: Callable[..., None], ask: Ask) -> None:
    plant("grid", drawn("A"), valid_from=date(2026, 3, 2))
    late = datetime(2026, 3, 1, 23, tzinfo=UTC)  # seven in the morning of the second in China
    answer = ask(114.005, 22.505, at=late)
    assert answer.at == date(2026, 3, 2)
    assert [one.code for one in answer.chain] == ["A"]


def test_without_a_day_it_is_today(plant: Callable[..., None], ask: Ask) -> None:
    plant("grid", drawn("A"))
    assert abs(ask(114.005, 22.505, at=None).at - datetime.now(ZONE).date()).days <= 1


def test_plans_of_several_scopes_answer_as_one_layer(plant: Callable[..., None], ask: Ask) -> None:
    plant("grid", drawn("B"), plan="west", scope="1")
    plant("grid", drawn("A", west=114.01), plan="east", scope="2")
    (grid,) = ask(114.01, 22.505).chain
    assert (grid.code, grid.plan, grid.candidates) == ("A", "east", ("B",))


@pytest.mark.parametrize("name", ["gcj02", "bd09", "EPSG:4490", "EPSG:4547", "EPSG:3857"])
@pytest.mark.usefixtures("district")
def test_any_system_leads_to_the_same_place(ask: Ask, name: str) -> None:
    system = parse_crs(name)
    x, y = (float(value[0]) for value in from_wgs84(np.array([114.0299]), np.array([22.505]), system))
    answer = ask(x, y, crs=name)
    assert answer.crs == system.name
    assert (answer.x, answer.y) == (x, y)
    assert (answer.lon, answer.lat) == pytest.approx((114.0299, 22.505), abs=1e-8)
    assert [one.code for one in answer.chain] == ["A", "T", "3"]


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize("name", ["EPSG:4979", "EPSG:4326+5773"])
def test_a_system_with_heights_is_read_as_the_flat_one(ask: Ask, name: str) -> None:
    answer = ask(114.005, 22.505, crs=name)
    assert (answer.x, answer.y, answer.crs) == (114.005, 22.505, "EPSG:4326")
    assert answer.lon == 114.005
    with pytest.raises(CrsError, match="has no longitude/latitude or plane"):
        ask(114.005, 22.505, crs="EPSG:4978")


@pytest.mark.usefixtures("district")
def test_an_unknown_system_is_pointed_at(ask: Ask) -> None:
    with pytest.raises(CrsError) as caught:
        ask(114.0, 22.5, crs="moon")
    assert caught.value.field == "crs"


@pytest.mark.parametrize(
    ("x", "y", "field"),
    [
        (math.nan, 22.5, "lon"),
        (math.inf, 22.5, "lon"),
        (114.0, -math.inf, "lat"),
        (200.0, 22.5, "lon"),
        (114.0, 90.5, "lat"),
        (114.0, 1e308, "lat"),
    ],
)
@pytest.mark.usefixtures("district")
def test_what_is_no_coordinate_is_refused(ask: Ask, x: float, y: float, field: str) -> None:
    with pytest.raises(CoordinateError) as caught:
        ask(x, y)
    assert caught.value.field == field
    assert "Swapped" not in str(caught.value)


def test_what_is_no_place_on_the_globe_is_refused(ask: Ask) -> None:
    with pytest.raises(CoordinateError, match="no place on the globe in EPSG:4547"):
        ask(1e15, -1e15, crs="EPSG:4547")


@pytest.mark.usefixtures("district")
def test_swapped_degrees_are_told(ask: Ask) -> None:
    with pytest.raises(CoordinateError, match=r"latitude 114\.005 is out of range") as caught:
        ask(22.505, 114.005)
    assert caught.value.hint == "Swapped, (114.005, 22.505) lies inside 南山区 (A): give x (longitude) first."


@pytest.mark.usefixtures("district")
def test_swapped_metres_are_told(ask: Ask) -> None:
    system = parse_crs("EPSG:4547")
    x, y = (float(value[0]) for value in from_wgs84(np.array([114.005]), np.array([22.505]), system))
    with pytest.raises(CoordinateError, match="lies inside 南山区"):
        ask(y, x, crs="EPSG:4547")


def test_swapped_degrees_within_range_are_told(plant: Callable[..., None], ask: Ask) -> None:
    plant("grid", drawn("A", west=10.0, south=50.0))
    with pytest.raises(CoordinateError, match="outside every area") as caught:
        ask(50.005, 10.005)
    assert caught.value.field == "lon"
    assert ask(51.0, 10.005).outside  # swapped or not, this one is outside


def test_the_answer_is_json(plant: Callable[..., None], ask: Ask) -> None:
    plant("grid", drawn("A"))
    adapter = TypeAdapter(Resolution)
    answer = ask(114.005, 22.505)
    assert adapter.validate_json(adapter.dump_json(answer)) == answer
