"""The storage grid, and vertices on long straight borders."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.geometry.crs import GCJ02, WGS84, CoordinateSystem, parse_crs, to_wgs84, to_wgs84_geometries
from gisgov.geometry.noding import add_missing_vertices
from gisgov.geometry.snap import GRID_DEG, densify, snap
from gisgov.types import Floats, Geometries

ZONE = parse_crs(4549)
FEET = parse_crs(2232)


def geometries(*items: shapely.Geometry | None) -> Geometries:
    return np.array(items, dtype=object)


def worst_move_m(line: shapely.LineString, system: CoordinateSystem) -> float:
    """How far the transformed, densified line lies from the true one, by dense sampling."""
    stored = to_wgs84_geometries(densify(geometries(line), system), system)[0]
    xy = shapely.get_coordinates(shapely.segmentize(line, shapely.length(line) / 2000))
    lon, lat = to_wgs84(xy[:, 0], xy[:, 1], system)
    scale = 111_320.0 * np.array([np.cos(np.radians(lat.mean())), 1.0])
    in_metres = shapely.transform(stored, lambda c: c * scale)
    return float(shapely.distance(in_metres, shapely.points(np.column_stack((lon, lat)) * scale)).max())


def test_snap_rounds_each_vertex_to_seven_decimals() -> None:
    snapped = snap(geometries(shapely.LineString([(120.12345678, 30.00000004), (0.3, -0.00000001)])))[0]
    assert shapely.get_coordinates(snapped).tolist() == [[120.1234568, 30.0], [0.3, 0.0]]
    assert not np.signbit(shapely.get_coordinates(snapped)).any()


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=20))
@settings(deadline=None)
def test_snapped_coordinates_survive_text_and_a_second_snap(vertices: list[tuple[float, float]]) -> None:
    line = geometries(shapely.LineString(vertices))
    once = snap(line)
    assert np.abs(shapely.get_coordinates(once) - vertices).max() <= 0.5 * GRID_DEG + 1e-13
    assert all(shapely.equals_identical(snap(once), once))
    for value in shapely.get_coordinates(once).ravel().tolist():
        assert float(f"{value:.7f}") == value


def test_snap_keeps_missing_and_empty() -> None:
    snapped = snap(geometries(None, shapely.Polygon()))
    assert snapped[0] is None
    assert snapped[1].is_empty


@pytest.mark.parametrize("system", [ZONE, parse_crs(32651), GCJ02, FEET], ids=lambda system: system.title)
@given(
    st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
)
@settings(deadline=None, max_examples=25)
def test_no_border_moves_by_more_than_a_centimetre(
    system: CoordinateSystem, share: tuple[float, float, float, float]
) -> None:
    corner, side = {
        GCJ02: ((120.0, 30.0), (0.6, 0.6)),
        FEET: ((3_000_000.0, 1_600_000.0), (200_000.0, 200_000.0)),
    }.get(system, ((440_000.0, 3_300_000.0), (60_000.0, 60_000.0)))
    ends = np.array(corner) + np.reshape(share, (2, 2)) * side
    if (ends[0] != ends[1]).any():
        assert worst_move_m(shapely.LineString(ends), system) <= 0.01


def test_without_densifying_a_forty_kilometre_border_moves_by_tens_of_metres() -> None:
    """The figure that makes the step necessary: 23 m at 36°N."""
    x, y = np.array([480_000.0, 500_000.0, 520_000.0]), np.full(3, 4_000_000.0)
    _, lat = to_wgs84(x, y, ZONE)
    assert 22.0 < abs(lat[1] - (lat[0] + lat[2]) / 2) * 110_900 < 24.0


def test_neighbours_get_identical_vertices_whichever_way_their_rings_run() -> None:
    north = shapely.Polygon([(440_000, 3_400_000), (480_000, 3_410_000), (460_000, 3_430_000)])
    south = shapely.Polygon([(440_000, 3_400_000), (480_000, 3_410_000), (470_000, 3_380_000)])
    for other in (south, south.reverse()):
        pair = densify(geometries(north, other), ZONE)
        ends = {(440_000.0, 3_400_000.0), (480_000.0, 3_410_000.0)}
        on_border = [
            {(x, y) for x, y in shapely.get_coordinates(area).tolist() if abs(y - 3_290_000 - x / 4) < 1e-3}
            for area in pair
        ]
        assert on_border[0] == on_border[1] > ends
        assert len(on_border[0]) > 30
        stored = snap(to_wgs84_geometries(pair, ZONE))
        assert shapely.area(shapely.intersection(*stored)) == 0.0


def test_old_vertices_are_kept_and_short_edges_let_be() -> None:
    small = shapely.box(500_000, 3_400_000, 500_100, 3_400_100)
    large = shapely.box(500_000, 3_400_000, 540_000, 3_440_000)
    dense = densify(geometries(small, None, large, shapely.Polygon(), shapely.Point(1, 2)), ZONE)
    assert dense[0] is small
    assert dense[1] is None
    assert set(map(tuple, shapely.get_coordinates(dense[2]))) > set(
        map(tuple, shapely.get_coordinates(large))
    )
    assert shapely.equals(dense[2], large)
    assert dense[3].is_empty
    assert dense[4].wkt == "POINT (1 2)"


def test_holes_parts_and_lines_are_densified_too() -> None:
    frame = shapely.Polygon(
        shapely.box(500_000, 3_400_000, 560_000, 3_460_000).exterior.coords,
        [shapely.box(510_000, 3_410_000, 550_000, 3_450_000).exterior.coords],
    )
    aside = shapely.box(460_000, 3_400_000, 490_000, 3_430_000)
    given_ = geometries(
        shapely.MultiPolygon([frame, aside]),
        shapely.MultiLineString([[(440_000, 3_400_000), (480_000, 3_400_000)], [(0, 0), (1, 1)]]),
    )
    dense = densify(given_, ZONE)
    assert all(
        shapely.get_num_coordinates(ring) > 100 for ring in shapely.get_rings(shapely.get_parts(dense[0]))
    )
    assert shapely.equals(dense[0], given_[0])
    assert shapely.get_num_coordinates(shapely.get_parts(dense[1])).tolist() == [65, 2]


def test_between_degree_grids_nothing_bends() -> None:
    large = geometries(shapely.box(118.0, 28.0, 122.0, 32.0))
    for system in (WGS84, parse_crs(4490), parse_crs(4610)):
        assert densify(large, system)[0] is large[0]


def test_from_stored_coordinates_into_a_plane() -> None:
    border = shapely.LineString([(119.8, 30.0), (120.2, 30.0)])
    dense = densify(geometries(border), WGS84, target=ZONE)[0]
    assert shapely.get_num_coordinates(dense) == 65
    assert densify(geometries(border), WGS84, 1.0, target=ZONE)[0] != dense


def test_a_border_across_the_rim_of_the_china_box_ends_although_it_jumps() -> None:
    across = shapely.LineString([(137.7, 40.0), (138.0, 40.0)])
    dense = shapely.get_coordinates(densify(geometries(across), GCJ02)[0])
    assert 2 < len(dense) < 1000


def test_what_cannot_be_transformed_is_let_be() -> None:
    lost = shapely.LineString([(120.0, 30.0), (30.0, 120.0)])
    assert densify(geometries(lost), WGS84, target=ZONE)[0] is lost


def test_an_edge_that_returns_to_its_start_is_let_be() -> None:
    """The two ends fall together in the target when the edge is a whole turn of the Earth."""
    around = shapely.LineString([(-180.0, 90.0), (180.0, 90.0)])
    polar = parse_crs(3995)
    assert shapely.get_num_coordinates(densify(geometries(around), WGS84, target=polar)[0]) == 2


def corners_on_a_long_border(rng: np.random.Generator) -> tuple[Geometries, Floats]:
    """One long area in the south, several in the north whose corners lie on its straight border."""
    x = np.r_[440_000.0, np.sort(rng.uniform(441_000.0, 479_000.0, 5)), 480_000.0]
    south = shapely.Polygon(
        [(440_000, 3_400_000), (480_000, 3_410_000), (480_000, 3_380_000), (440_000, 3_380_000)]
    )
    y = 3_290_000 + x / 4
    north = [
        shapely.Polygon([(x[i], y[i]), (x[i + 1], y[i + 1]), (x[i + 1], 3_430_000), (x[i], 3_430_000)])
        for i in range(6)
    ]
    return geometries(south, *north), x


def test_with_missing_vertices_added_first_a_long_t_border_stays_closed() -> None:
    areas, _ = corners_on_a_long_border(np.random.default_rng(5))
    noded = add_missing_vertices(areas, tolerance=1e-6)
    stored = snap(to_wgs84_geometries(densify(noded, ZONE), ZONE))
    assert shapely.coverage_is_valid(stored)
    torn = snap(to_wgs84_geometries(areas, ZONE))
    assert shapely.union_all(torn).geom_type == "MultiPolygon"
    assert shapely.union_all(stored).geom_type == "Polygon"
