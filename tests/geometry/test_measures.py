"""Areas, lengths and distances in metres."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from gisgov.geometry.crs import parse_crs, to_wgs84_geometries, working_crs
from gisgov.geometry.measures import areas_m2, distances_m, lengths_m, polsby_popper
from gisgov.types import Geometries

ZONE = parse_crs(4549)
ORIGIN = np.array([500_000.0, 3_300_000.0])


def stored(*items: shapely.Geometry | None) -> Geometries:
    """Geometries drawn in the zone, 3,300 km north of the equator."""
    drawn = np.array(items, dtype=object)
    return to_wgs84_geometries(shapely.transform(drawn, lambda xy: xy + ORIGIN), ZONE)


def test_what_is_drawn_in_the_plane_has_its_size_there() -> None:
    squares = stored(shapely.box(0, 0, 100, 100), shapely.box(0, 0, 300, 400))
    assert areas_m2(squares, ZONE) == pytest.approx([10_000.0, 120_000.0], abs=1e-3)
    assert lengths_m(squares, ZONE) == pytest.approx([400.0, 1400.0], abs=1e-5)
    assert distances_m(squares, stored(shapely.Point(400, 0)), ZONE) == pytest.approx(
        [300.0, 100.0], abs=1e-5
    )


def test_a_working_plane_agrees_with_the_ellipsoid_within_a_tenth_of_a_percent() -> None:
    geod = pyproj.Geod(ellps="WGS84")
    for lon, lat in ((114.06, 22.54), (120.15, 30.27), (-73.97, 40.78), (24.94, 60.17), (-51.2, -30.0)):
        cell = shapely.box(lon, lat, lon + 0.01, lat + 0.01)
        area, perimeter = geod.geometry_area_perimeter(cell)
        plane = working_crs(lon, lat)
        assert areas_m2(np.array([cell]), plane)[0] == pytest.approx(abs(area), rel=1e-3)
        assert lengths_m(np.array([cell]), plane)[0] == pytest.approx(perimeter, rel=1e-3)


def test_missing_is_nan_and_empty_is_nothing() -> None:
    odd = np.array([None, shapely.Polygon()], dtype=object)
    for measure in (areas_m2, lengths_m):
        assert np.isnan(measure(odd, ZONE)[0])
        assert measure(odd, ZONE)[1] == 0.0
    assert np.isnan(distances_m(odd, stored(shapely.Point(0, 0)), ZONE)).all()
    assert np.isnan(polsby_popper(odd, ZONE)).all()
    assert areas_m2(np.zeros(0, dtype=object), ZONE).shape == (0,)


def test_compactness_of_known_shapes() -> None:
    circle, square = shapely.Point(0, 0).buffer(500, quad_segs=64), shapely.box(0, 0, 100, 100)
    thread = shapely.box(0, 0, 10_000, 1)
    found = polsby_popper(stored(circle, square, thread, shapely.Point(0, 0)), ZONE)
    assert found[:3] == pytest.approx([1.0, np.pi / 4, np.pi * 1e4 / 10_001**2], rel=1e-3)
    assert np.isnan(found[3])
