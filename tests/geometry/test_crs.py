"""Transforming coordinates and geometries, and choosing the working plane."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.errors import CoordinateError, CrsError
from gisgov.geometry.crs import (
    BD09,
    GCJ02,
    WGS84,
    CoordinateSystem,
    from_wgs84,
    from_wgs84_geometries,
    parse_crs,
    to_wgs84,
    to_wgs84_geometries,
    working_crs,
)
from gisgov.geometry.validity import find_invalid
from gisgov.types import Geometries

SYSTEMS = [WGS84, GCJ02, BD09, *map(parse_crs, (4490, 4549, 4528, 32650, 2433))]


def geometries(*items: shapely.Geometry | None) -> Geometries:
    return np.array(items, dtype=object)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.title)
@given(st.floats(118.6, 121.4), st.floats(20.0, 50.0))
@settings(deadline=None, max_examples=25)
def test_there_and_back_is_less_than_a_millimetre(system: CoordinateSystem, lon: float, lat: float) -> None:
    back_lon, back_lat = to_wgs84(*from_wgs84([lon], [lat], system), system)
    assert back_lon[0] == pytest.approx(lon, abs=1e-9)
    assert back_lat[0] == pytest.approx(lat, abs=1e-9)


@pytest.mark.parametrize(
    ("code", "x", "y"),
    [
        (4547, 500_000.0, 3_320_113.398),  # registered northing first
        (4526, 38_500_000.0, 3_320_113.398),  # the same zone with its number in the easting
        (4490, 114.0, 30.0),  # registered latitude first
        (4326, 114.0, 30.0),
    ],
)
def test_easting_or_longitude_comes_first_whatever_the_register_says(code: int, x: float, y: float) -> None:
    lon, lat = to_wgs84([x], [y], parse_crs(code))
    assert (lon[0], lat[0]) == pytest.approx((114.0, 30.0), abs=1e-8)
    assert np.ravel(from_wgs84([114.0], [30.0], parse_crs(code))) == pytest.approx((x, y), abs=1e-3)


def test_hong_kong_grid_is_northing_first_in_its_register_too() -> None:
    x, y = from_wgs84([114.1747], [22.3193], parse_crs("EPSG:2326"))
    assert 830_000 < x[0] < 840_000
    assert 815_000 < y[0] < 825_000


def test_cgcs2000_is_wgs84_to_the_last_digit_that_is_stored() -> None:
    lon, lat = to_wgs84([120.1234567], [30.7654321], parse_crs("cgcs2000"))
    assert (lon[0], lat[0]) == (120.1234567, 30.7654321)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.title)
def test_what_is_not_finite_or_not_expressible_is_nan_and_harms_no_neighbour(
    system: CoordinateSystem,
) -> None:
    (x,), (y,) = from_wgs84([120.0], [30.0], system)
    lon, lat = to_wgs84([np.nan, x, np.inf, x], [y, np.nan, y, y], system)
    assert np.isnan(lon[:3]).all()
    assert np.isnan(lat[:3]).all()
    assert (lon[3], lat[3]) == pytest.approx((120.0, 30.0), abs=1e-9)


def test_swapped_axes_cannot_be_expressed_in_a_zone() -> None:
    x, y = from_wgs84([30.0, 120.0], [120.0, 30.0], parse_crs(4549))
    assert np.isnan([x[0], y[0]]).all()
    assert np.isfinite([x[1], y[1]]).all()


def test_scalars_and_nothing_are_arrays() -> None:
    assert to_wgs84(120.0, 30.0, WGS84)[0].tolist() == [120.0]
    assert from_wgs84([], [], parse_crs(4549))[0].shape == (0,)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.title)
def test_shared_vertices_stay_shared_to_the_bit(system: CoordinateSystem) -> None:
    rng = np.random.default_rng(3)
    corners = rng.uniform((119.0, 29.0), (121.0, 31.0), (997, 2))
    lines = geometries(*shapely.linestrings([corners[i : i + 31] for i in range(0, 961, 31)]))
    moved = from_wgs84_geometries(lines, system)
    alone = [from_wgs84_geometries(lines[[i]], system)[0] for i in range(len(lines))]
    assert all(shapely.equals_identical(moved, alone))


def test_geometries_keep_their_kind_missing_and_empty_included() -> None:
    given_ = geometries(shapely.box(120, 30, 121, 31), None, shapely.Polygon(), shapely.Point(120, 30, 9))
    moved = from_wgs84_geometries(given_, parse_crs(4549))
    assert shapely.get_type_id(moved).tolist() == [3, -1, 3, 0]
    assert shapely.is_empty(moved).tolist() == [False, False, True, False]
    assert not shapely.has_z(moved[3])
    assert from_wgs84_geometries(geometries(), parse_crs(4549)).shape == (0,)


def test_a_ring_with_an_inexpressible_vertex_is_reported_not_raised() -> None:
    """Also when it is the vertex on which the ring closes."""
    sound, swapped = shapely.box(120, 30, 120.1, 30.1), shapely.box(30, 120, 30.1, 120.1)
    moved = from_wgs84_geometries(geometries(swapped, sound), parse_crs(4549))
    invalid = find_invalid(moved)
    assert invalid.index.tolist() == [0]
    assert invalid.reason.tolist() == ["not finite coordinate"]
    back = to_wgs84_geometries(moved, parse_crs(4549))
    assert shapely.equals_exact(back[1], sound, tolerance=1e-9)


def test_transformers_serve_many_threads_at_once() -> None:
    zones = [parse_crs(code) for code in range(4547, 4550)]
    lon, lat = np.linspace(118, 122, 500), np.linspace(28, 32, 500)
    alone = [np.stack(from_wgs84(lon, lat, zone)) for zone in zones]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda i: np.stack(from_wgs84(lon, lat, zones[i % 3])), range(32)))
    for i, found in enumerate(together):
        np.testing.assert_array_equal(found, alone[i % 3])


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (114.06, 22.54, "EPSG:4547"),  # Shenzhen
        (120.15, 30.27, "EPSG:4549"),  # Hangzhou
        (118.5, 30.0, "EPSG:4549"),  # half-way: the eastern zone
        (118.4999999, 30.0, "EPSG:4548"),
        (73.7, 39.0, "EPSG:4534"),
        (134.7, 48.4, "EPSG:4554"),
        (-73.97, 40.78, "EPSG:32618"),  # New York
        (24.94, 60.17, "EPSG:32635"),  # Helsinki
        (9.52, 47.14, "EPSG:32632"),  # Vaduz
        (-51.22, -30.03, "EPSG:32722"),  # Porto Alegre
        (139.0, 35.0, "EPSG:32654"),
        (180.0, 10.0, "EPSG:32660"),
        (-180.0, 10.0, "EPSG:32601"),
        (10.0, 85.0, "EPSG:5041"),
        (10.0, -81.0, "EPSG:5042"),
    ],
)
def test_working_crs(lon: float, lat: float, name: str) -> None:
    assert working_crs(lon, lat).name == name


@pytest.mark.parametrize("lon", [75.0, 90.0, 114.0, 133.4])
def test_the_working_plane_measures_within_a_tenth_of_a_percent(lon: float) -> None:
    plane = working_crs(lon, 35.0)
    x, y = from_wgs84([lon, lon], [35.0, 35.001], plane)
    assert np.hypot(np.diff(x), np.diff(y))[0] == pytest.approx(110.941, rel=1e-3)


@pytest.mark.parametrize(("lon", "lat"), [(30.27, 120.15), (np.nan, 30.0), (np.inf, 30.0), (200.0, 0.0)])
def test_working_crs_of_no_place(lon: float, lat: float) -> None:
    with pytest.raises(CoordinateError, match="not a place on Earth"):
        working_crs(lon, lat)


def test_a_configured_plane_is_taken() -> None:
    assert working_crs(120.15, 30.27, "EPSG:32651").name == "EPSG:32651"
    assert working_crs(120.15, 30.27, "CGCS2000 / 3-degree Gauss-Kruger CM 117E").name == "EPSG:4548"


@pytest.mark.parametrize(
    ("configured", "why"),
    [
        ("EPSG:3857", "stretches lengths by 15.8%"),
        ("EPSG:3395", "stretches lengths"),
        ("EPSG:4490", "not a plane in metres"),
        ("gcj02", "not a plane in metres"),
        ("EPSG:2232", "not a plane in metres"),  # US survey feet
        ("EPSG:4534", "stretches lengths"),  # a zone 45 degrees away
        ("nonsense", "not known"),
    ],
)
def test_a_configured_system_that_cannot_measure_here_is_refused(configured: str, why: str) -> None:
    with pytest.raises(CrsError, match=why):
        working_crs(120.15, 30.27, configured)


def test_web_mercator_is_refused_even_at_the_equator_where_it_would_measure() -> None:
    with pytest.raises(CrsError, match="Pseudo-Mercator cannot measure"):
        working_crs(114.0, 0.0, "EPSG:3857")
