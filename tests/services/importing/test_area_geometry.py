"""The geometry of rows: faults, and how it is stored."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisgov.geometry.crs import WGS84, from_wgs84_geometries, parse_crs
from gisgov.services.importing.area_geometry import geometry_faults, places_of, polygons_of, stored_geometries

SQUARE = shapely.box(120.0, 30.0, 120.01, 30.01)
BOW_TIE = shapely.Polygon([(120, 30), (120.02, 30.02), (120.02, 30), (120, 30.02)])


def column(*geometries: shapely.Geometry | None) -> np.ndarray:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array


def test_collections_of_polygons_are_multipolygons() -> None:
    raised = shapely.force_3d(SQUARE, 5.0)
    pure = shapely.GeometryCollection([SQUARE, shapely.MultiPolygon([SQUARE])])
    mixed = shapely.GeometryCollection([SQUARE, shapely.Point(0, 0)])
    flat = polygons_of(column(raised, pure, mixed, shapely.GeometryCollection(), None))
    assert [getattr(one, "geom_type", None) for one in flat] == [
        "Polygon", "MultiPolygon", "GeometryCollection", "GeometryCollection", None,
    ]  # fmt: skip
    assert not shapely.has_z(flat[0])


def test_each_fault_has_its_words_and_place() -> None:
    with np.errstate(invalid="ignore"):
        nan = shapely.from_wkt("POLYGON ((0 0, NaN 0, 1 1, 0 0))")
    spiked = shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4), (1, 5), (5, 1), (0, 0)])
    faults = geometry_faults(
        column(SQUARE, BOW_TIE, None, shapely.Polygon(), shapely.LineString([(0, 0), (1, 1)]), nan, spiked)
    )
    assert [None if kind is None else str(kind) for kind in faults.kind] == [
        None, "invalid-ring", "empty-geometry", "empty-geometry", "not-a-polygon", "not-finite",
        "invalid-ring",
    ]  # fmt: skip
    assert faults.message[1] == "has an invalid ring: self-intersection"
    assert faults.message[2:5].tolist() == [
        "has no geometry", "has an empty geometry", "is a LineString, not a polygon",
    ]  # fmt: skip
    assert " more)" in faults.message[6]
    assert (faults.x[1], faults.y[1]) == pytest.approx((120.01, 30.01))
    assert faults.is_sound.tolist() == [True, False, False, False, False, False, False]


def test_sound_polygons_are_stored_on_the_grid() -> None:
    zone = parse_crs("EPSG:4549")
    drawn = from_wgs84_geometries(column(SQUARE), zone)
    stored, faults = stored_geometries(drawn, zone)
    assert faults.kind[0] is None
    assert stored[0].geom_type == "MultiPolygon"
    assert shapely.get_srid(stored[0]) == 0
    coordinates = shapely.get_coordinates(stored[0])
    assert (coordinates == np.round(coordinates, 7)).all()
    assert shapely.hausdorff_distance(stored[0], SQUARE) < 2e-7


def test_a_ring_thinner_than_the_grid() -> None:
    sliver = shapely.Polygon([(120, 30), (120.01, 30), (120.01, 30.00000002), (120, 30.00000002)])
    stored, faults = stored_geometries(column(sliver), WGS84)
    assert stored[0] is None
    assert str(faults.kind[0]) == "invalid-when-snapped"
    assert faults.message[0].startswith("has a ring too thin for the storage grid of 1e-7°: ")
    assert (faults.x[0], faults.y[0]) == (120.0, 30.0)


def test_a_wrong_place_explains_an_invalid_ring() -> None:
    swapped = shapely.transform(BOW_TIE, lambda xy: xy[:, ::-1])
    stored, faults = stored_geometries(column(swapped, SQUARE), WGS84)
    assert str(faults.kind[0]) == "swapped-axes"
    assert stored[0] is None
    assert stored[1] is not None


def test_far_from_the_scope() -> None:
    _, faults = stored_geometries(
        column(SQUARE), WGS84, near=(114.0, 22.0, 114.1, 22.1), near_what="layer street"
    )
    assert str(faults.kind[0]) == "out-of-range"
    assert "out of layer street" in faults.message[0]


def test_places_are_the_fault_or_a_point_inside() -> None:
    geometries = column(SQUARE, BOW_TIE, None, shapely.box(500, 500, 501, 501))
    _, faults = stored_geometries(geometries, WGS84)
    lon, lat = places_of(geometries, faults, WGS84, np.array([0, 1, 2, 3]))
    assert shapely.covers(SQUARE, shapely.Point(lon[0], lat[0]))
    assert (lon[1], lat[1]) == (120.01, 30.01)
    assert (lon[2], lat[2], lon[3], lat[3]) == (None, None, None, None)
    assert places_of(geometries, faults, WGS84, np.array([1])) == ([120.01], [30.01])


def test_places_in_a_plane_are_degrees() -> None:
    zone = parse_crs("EPSG:4549")
    geometries = from_wgs84_geometries(column(BOW_TIE), zone)
    _, faults = stored_geometries(geometries, zone)
    lon, lat = places_of(geometries, faults, zone, np.array([0]))
    assert lon[0] is not None
    assert lat[0] is not None
    assert (round(lon[0], 4), round(lat[0], 4)) == (120.01, 30.01)
