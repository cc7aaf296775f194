from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gisgov.geometry import nearness
from gisgov.geometry.nearness import counts_within, metres_per_degree

ON_ELLIPSOID = Geod(ellps="GRS80")
HOUSE = shapely.box(114.0, 22.5, 114.0002, 22.5002)


@given(st.floats(-80, 80))
def test_a_degree_is_as_long_as_on_the_ellipsoid(lat: float) -> None:
    across, along = metres_per_degree(np.array([lat]))[0]
    step = 1e-4
    assert across * step == pytest.approx(ON_ELLIPSOID.inv(10.0, lat, 10.0 + step, lat)[2], rel=1e-6)
    assert along * step == pytest.approx(
        ON_ELLIPSOID.inv(10.0, lat - step / 2, 10.0, lat + step / 2)[2], rel=1e-6
    )


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.floats(-70, 70),
    st.sampled_from([20.0, 100.0, 400.0]),
)
def test_points_near_points_are_those_that_geodesics_find(seed: int, lat: float, within_m: float) -> None:
    random = np.random.default_rng(seed)
    spread = within_m / 40_000.0
    houses = np.array([20.0, lat]) + random.uniform(-spread, spread, (12, 2))
    points = np.array([20.0, lat]) + random.uniform(-spread, spread, (40, 2))
    far_m = np.array(
        [[ON_ELLIPSOID.inv(*house, *point)[2] for point in points.tolist()] for house in houses.tolist()]
    )
    assert not np.any(np.abs(far_m - within_m) < 1e-9)
    # what lies within a part in 5,000 of the distance may be either
    counts = counts_within(shapely.points(houses), points, within_m)
    assert np.all(counts >= (far_m < within_m * (1 - 2e-4)).sum(axis=1))
    assert np.all(counts <= (far_m < within_m * (1 + 2e-4)).sum(axis=1))


def test_points_inside_and_at_just_the_distance_count() -> None:
    north_m = metres_per_degree(np.array([22.5001]))[0, 1]
    inside, edge = [114.0001, 22.5001], [114.0001, 22.5002]
    beyond = [114.0001, 22.5002 + 30.001 / north_m]
    assert counts_within(np.array([HOUSE]), np.array([inside, edge, beyond]), 30.0).tolist() == [2]
    assert counts_within(np.array([HOUSE]), np.array([inside, edge, beyond]), 30.002).tolist() == [3]


def test_shapes_without_a_place_have_nothing_near() -> None:
    shapes = np.array([None, shapely.Polygon(), HOUSE, shapely.Point(114.0001, 22.5001)], dtype=object)
    there = np.array([[114.0001, 22.5001], [120.0, 22.5001]])
    assert counts_within(shapes, there, 5.0).tolist() == [0, 0, 1, 1]


def test_no_points_and_no_shapes() -> None:
    assert counts_within(np.array([HOUSE]), np.empty((0, 2)), 5.0).tolist() == [0]
    assert counts_within(np.empty(0, dtype=object), np.array([[114.0, 22.5]]), 5.0).tolist() == []


def test_shapes_are_counted_in_parts_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    shapes = shapely.points(114.0 + random.uniform(0, 0.01, (50, 2)) * [1, 0] + [0, -91.5])
    points = np.array([114.0, 22.5]) + random.uniform(0, 0.01, (80, 2)) * [1, 0]
    whole = counts_within(shapes, points, 100.0)
    monkeypatch.setattr(nearness, "_AT_ONCE", 7)
    assert counts_within(shapes, points, 100.0).tolist() == whole.tolist()
    assert whole.sum() > 50
