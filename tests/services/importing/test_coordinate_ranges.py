"""Coordinates that cannot mean what they are said to mean."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.geometry.crs import BD09, GCJ02, WGS84, CoordinateSystem, from_wgs84, parse_crs
from gisgov.services.importing.coordinate_ranges import range_faults

ZONE = parse_crs("EPSG:4547")


def judged(x: float, y: float, system: CoordinateSystem, **near: object) -> tuple[str | None, str | None]:
    faults = range_faults(np.array([x]), np.array([y]), system, **near)  # type: ignore[arg-type]
    kind = faults.kind[0]
    return (None if kind is None else str(kind)), faults.message[0]


@pytest.mark.parametrize("system", [WGS84, GCJ02, BD09, parse_crs(4490)])
def test_places_in_china_are_sound(system: CoordinateSystem) -> None:
    assert judged(120.1, 30.2, system) == (None, None)


def test_latitudes_beyond_the_pole() -> None:
    kind, message = judged(30.2, 120.1, WGS84)
    assert kind == "swapped-axes"
    assert message == "has its axes swapped: (30.2, 120.1) should read (120.1, 30.2)"
    kind, message = judged(500_000.0, 3_320_000.0, WGS84)
    assert kind == "out-of-range"
    assert message == "lies at (500000, 3320000) in EPSG:4326, out of where EPSG:4326 is used"


def test_degrees_in_a_plane_are_out_of_its_zone() -> None:
    assert judged(114.1, 30.2, ZONE)[0] == "out-of-range"


def test_axes_of_a_plane_swapped() -> None:
    x, y = from_wgs84([114.1], [30.2], ZONE)
    assert judged(float(x[0]), float(y[0]), ZONE) == (None, None)
    assert judged(float(y[0]), float(x[0]), ZONE)[0] == "swapped-axes"


def test_a_map_may_reach_over_the_rim_of_its_zone() -> None:
    x, y = from_wgs84([116.9], [30.2], ZONE)
    assert judged(float(x[0]), float(y[0]), ZONE) == (None, None)


def test_far_from_the_ground_in_question() -> None:
    near = {"near": (119.9, 30.0, 120.2, 30.4), "near_what": "layer community"}
    assert judged(120.1, 30.2, WGS84, **near) == (None, None)
    assert judged(120.4, 30.2, WGS84, **near) == (None, None)
    kind, message = judged(114.1, 22.5, WGS84, **near)
    assert kind == "out-of-range"
    assert message == "lies at (114.1, 22.5) in EPSG:4326, out of layer community"


def test_a_swap_that_no_range_betrays() -> None:
    near = {"near": (-74.3, 40.5, -73.7, 40.9)}
    assert judged(40.7, -73.9, WGS84)[0] is None
    assert judged(40.7, -73.9, WGS84, **near)[0] == "swapped-axes"


def test_nothing_known_is_no_fault_here() -> None:
    assert judged(float("nan"), 30.0, WGS84) == (None, None)


def test_areas_of_use_across_the_date_line() -> None:
    fiji = parse_crs("EPSG:3460")
    x, y = from_wgs84([179.5, -179.5], [-17.0, -17.0], fiji)
    assert [kind is None for kind in range_faults(x, y, fiji).kind] == [True, True]
    chatham = parse_crs("EPSG:32701")
    x, y = from_wgs84([-179.9], [-44.0], chatham)
    assert judged(float(x[0]), float(y[0]), chatham) == (None, None)


def test_a_system_without_a_known_range_is_the_world() -> None:
    local = parse_crs("+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=800000 +y_0=0 +ellps=GRS80 +units=m")
    x, y = from_wgs84([114.3], [30.5], local)
    assert judged(float(x[0]), float(y[0]), local) == (None, None)
    kind, message = judged(1e9, 1e9, local)
    assert kind == "out-of-range"
    assert message is not None
    assert "PROJCRS" not in message
