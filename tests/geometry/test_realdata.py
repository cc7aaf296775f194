"""The geometry room on real layers; the figures are those of the files, so they are exact."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.cell_index import build_cell_index
from gisgov.geometry.coverage import STORED, DefectKind, Defects, certify, find_defects
from gisgov.geometry.crs import GCJ02, WGS84, parse_crs, to_wgs84_geometries, working_crs
from gisgov.geometry.measures import areas_m2, lengths_m
from gisgov.geometry.snap import GRID_DEG, snap
from gisgov.geometry.storing import to_storage
from gisgov.geometry.validity import find_invalid
from gisgov.types import Floats, Geometries, Ints

pytestmark = pytest.mark.realdata

HANGZHOU = working_crs(120.08, 30.22)
SHENZHEN = working_crs(114.1, 22.6)
DENVER = parse_crs(2232)
US_SURVEY_FOOT_M = 1200 / 3937
GAP, OVERLAP, OUTSIDE, SLIVER = DefectKind.GAP, DefectKind.OVERLAP, DefectKind.OUTSIDE, DefectKind.SLIVER


def read(path: Path, layer: str) -> gpd.GeoDataFrame:
    return gpd.read_file(path, layer=layer)


def polygons(frame: gpd.GeoDataFrame) -> Geometries:
    return np.array(frame.geometry, dtype=object)


def counts(found: Defects) -> dict[str, int]:
    return dict(Counter(map(str, found.kind)))


def total_m2(found: Defects, kind: DefectKind, *covers: int) -> float:
    chosen = (found.kind == kind) & (np.isin(found.cover, covers) | (not covers))
    return float(found.area_m2[chosen].sum())


def numbers_in(codes: gpd.GeoSeries, of: gpd.GeoSeries) -> Ints:
    places = {code: number for number, code in enumerate(of)}
    return np.array([places.get(code, -1) for code in codes], dtype=np.int64)


@pytest.fixture(scope="module")
def xihu(realdata: Path) -> dict[str, gpd.GeoDataFrame]:
    return {name: read(realdata / "cn_hangzhou_xihu.gpkg", name) for name in ("town", "community", "grid")}


@pytest.fixture(scope="module")
def xihu_district(xihu: dict[str, gpd.GeoDataFrame]) -> shapely.Geometry:
    return shapely.union_all(polygons(xihu["town"]), grid_size=1e-12)


measure_xihu = functools.partial(areas_m2, working=HANGZHOU)


@pytest.mark.parametrize(
    ("layer", "expected", "mismatches", "thin"),
    [
        ("town", {"several-parts": 2}, (0, 0), (0, 0)),
        ("community", {"gap": 2, "invalid-ring": 3, "several-parts": 31}, (26, 26), (28, 31)),
        ("grid", {"invalid-ring": 1, "several-parts": 40}, (4, 3), (6, 4)),
    ],
)
def test_xihu_layers_by_themselves(
    xihu: dict[str, gpd.GeoDataFrame],
    layer: str,
    expected: dict[str, int],
    mismatches: tuple[int, int],
    thin: tuple[int, int],
) -> None:
    areas = polygons(xihu[layer])
    both = [
        find_defects(each, measure=measure_xihu, tolerances=STORED, system=WGS84)
        for each in (areas, snap(areas))
    ]
    as_drawn, as_stored = both
    for found, differing in zip(both, mismatches, strict=True):
        assert counts(found) == expected | ({"vertex-mismatch": differing} if differing else {})
    assert tuple(found.below["vertex_tolerance_m"] for found in both) == thin
    for kind in DefectKind:
        assert total_m2(as_stored, kind) == pytest.approx(total_m2(as_drawn, kind), rel=1e-4)
    blamed = [
        {numbers for kind, numbers in zip(found.kind, found.areas, strict=True) if kind.is_fault}
        for found in both
    ]
    assert blamed[0] == blamed[1]


def test_rounding_to_the_grid_of_storage_alone_opens_slivers(xihu: dict[str, gpd.GeoDataFrame]) -> None:
    """Wider than the millimetre of the default tolerance, and all narrower than two steps of the grid."""
    found = find_defects(snap(polygons(xihu["community"])), measure=measure_xihu, system=WGS84)
    assert counts(found) == {
        "gap": 2,
        "sliver": 36,
        "invalid-ring": 3,
        "several-parts": 31,
        "vertex-mismatch": 2,
    }
    assert Counter(found.cover[found.kind == SLIVER].tolist()) == {0: 14, 2: 22}
    assert total_m2(found, SLIVER) == pytest.approx(6.0, abs=0.1)
    assert found.width_m[found.kind == SLIVER].max() < STORED.vertex_tolerance_m


@pytest.mark.parametrize("layer", ["town", "community", "grid"])
def test_xihu_layers_on_their_way_to_storage_lose_their_slivers(
    xihu: dict[str, gpd.GeoDataFrame], layer: str
) -> None:
    areas = polygons(xihu[layer])
    stored = to_storage(areas, WGS84)
    sound = shapely.is_valid(stored) & ~shapely.is_empty(stored)
    np.testing.assert_array_equal(sound, shapely.is_valid(areas) & ~shapely.is_empty(areas))
    found = find_defects(stored, system=WGS84)
    assert set(found.kind) <= {GAP, DefectKind.INVALID_RING, DefectKind.SEVERAL_PARTS}
    assert found.below == {"min_gap_m2": 0, "vertex_tolerance_m": 0}
    certificate = certify(stored[sound], shapely.coverage_union_all(stored[sound]))
    assert certificate.holds, certificate.figure
    moved = shapely.hausdorff_distance(stored[sound], areas[sound])
    assert moved.max() <= 2.0 * GRID_DEG


def test_xihu_rings_that_are_broken_are_named_with_their_place(xihu: dict[str, gpd.GeoDataFrame]) -> None:
    found = find_invalid(polygons(xihu["community"]))
    assert Counter(found.reason) == {"self-intersection": 2, "empty": 1}
    placed = found.reason != "empty"
    assert ((found.x[placed] > 119.9) & (found.x[placed] < 120.2)).all()
    assert ((found.y[placed] > 30.0) & (found.y[placed] < 30.4)).all()
    assert find_invalid(polygons(xihu["grid"])).reason.tolist() == ["self-intersection"]


@pytest.mark.parametrize(
    ("layer", "expected", "gap_m2", "outside_m2"),
    [
        (
            "community",
            {
                "gap": 42,
                "outside": 42,
                "sliver": 5,  # one of them open, four outside: 43 gaps and 46 pieces outside with them
                "invalid-ring": 3,
                "several-parts": 31,
                "vertex-mismatch": 38,
            },
            12_306_482,
            2_918_506,
        ),
        (
            "grid",
            {"outside": 3, "invalid-ring": 1, "several-parts": 40, "vertex-mismatch": 8},
            0,
            13_603,
        ),
    ],
)
def test_xihu_layers_in_the_district(
    xihu: dict[str, gpd.GeoDataFrame],
    xihu_district: shapely.Geometry,
    layer: str,
    expected: dict[str, int],
    gap_m2: float,
    outside_m2: float,
) -> None:
    areas = polygons(xihu[layer])
    found = find_defects(areas, xihu_district, measure=measure_xihu, tolerances=STORED, system=WGS84)
    assert counts(found) == expected
    gap, outside = (total_m2(found, GAP) + total_m2(found, SLIVER, 0)), total_m2(found, OUTSIDE)
    outside += total_m2(found, SLIVER, 1)
    assert gap == pytest.approx(gap_m2, abs=1.0)
    assert outside == pytest.approx(outside_m2, abs=1.0)
    assert not found.certificate.holds
    # without any overlay: what the scope has is what the areas have, less what they have outside, plus gaps
    ground = np.where(shapely.is_valid(areas), areas, shapely.make_valid(areas, method="structure"))
    covered = np.nansum(measure_xihu(ground)) - total_m2(found, OVERLAP)
    scope = measure_xihu(np.array([xihu_district]))[0]
    assert covered - outside + gap == pytest.approx(scope, abs=100.0)


def test_xihu_grids_in_the_towns_whose_name_they_carry(xihu: dict[str, gpd.GeoDataFrame]) -> None:
    grid, town = xihu["grid"], xihu["town"]
    parent_of = numbers_in(grid.zhenjie.str.replace("街道|镇", "", regex=True), town["name"])
    assert (parent_of >= 0).sum() == 601  # four carry no name: not judged
    found = find_defects(
        polygons(grid),
        parents=polygons(town),
        parent_of=parent_of,
        measure=measure_xihu,
        tolerances=STORED,
        system=WGS84,
    )
    assert counts(found) == {
        "crosses-parent": 6,
        "invalid-ring": 1,
        "several-parts": 40,
        "vertex-mismatch": 4,
    }
    assert total_m2(found, DefectKind.CROSSES_PARENT) == pytest.approx(42_258, abs=1.0)


def test_shenzhen_streets_and_districts(realdata: Path) -> None:
    measure = functools.partial(areas_m2, working=SHENZHEN)
    path = realdata / "cn_shenzhen_streets.gpkg"
    areas = polygons(read(path, "street"))
    streets = find_defects(areas, measure=measure, system=WGS84)
    # 38 gaps, of which 34 are nowhere half a metre wide
    assert counts(streets) == {"gap": 4, "sliver": 34, "several-parts": 2}
    assert set(streets.cover[streets.kind == SLIVER]) == {0}
    assert total_m2(streets, GAP) == pytest.approx(343.9, abs=0.1)
    assert total_m2(streets, GAP) + total_m2(streets, SLIVER) == pytest.approx(469.3, abs=0.1)
    districts = find_defects(polygons(read(path, "district_wgs84")), measure=measure, system=WGS84)
    assert counts(districts) == {"gap": 1, "several-parts": 2}
    assert total_m2(districts, GAP) == pytest.approx(69_116.9, abs=0.1)
    # the ground that the streets cover, with its gaps as holes, they cover once
    assert certify(areas, shapely.coverage_union_all(areas)).holds


@pytest.mark.parametrize(
    ("layer", "gap_m2", "apart_m2"),
    [("y2016_orig", 3_151_742, 76_843), ("y2016_repaired", 3_122_748, 73_859)],
)
def test_denver_precincts_have_the_enclaves_of_the_city_and_no_other_fault(
    realdata: Path, layer: str, gap_m2: float, apart_m2: float
) -> None:
    """Ten places inside Denver that are not Denver's: a check without a scope cannot tell them from gaps."""
    areas = polygons(read(realdata / "us_denver_precincts.gpkg", layer))

    def measure(ground: Geometries) -> Floats:
        return np.asarray(shapely.area(ground) * US_SURVEY_FOOT_M**2)

    found = find_defects(areas, measure=measure, system=DENVER)
    assert counts(found) == {"gap": 10, "several-parts": 1}
    assert found.below == {"min_gap_m2": 0, "vertex_tolerance_m": 0}
    assert total_m2(found, GAP) == pytest.approx(gap_m2, abs=1.0)
    assert total_m2(found, DefectKind.SEVERAL_PARTS) == pytest.approx(apart_m2, abs=1.0)
    assert found.width_m[found.kind == GAP].min() > 10.0
    city = shapely.union_all(shapely.force_2d(areas), grid_size=1e-6)
    whole = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(city))))
    assert measure(whole) - measure(city) == pytest.approx(total_m2(found, GAP), abs=0.1)
    assert certify(areas, shapely.coverage_union_all(shapely.force_2d(areas))).holds


def test_the_repaired_denver_precincts_differ_by_their_borders_not_by_their_topology(realdata: Path) -> None:
    path = realdata / "us_denver_precincts.gpkg"
    before, after = (
        read(path, name).set_index("name").geometry.sort_index() for name in ("y2016_orig", "y2016_repaired")
    )
    assert before.index.tolist() == after.index.tolist()
    one, other = (shapely.force_2d(np.array(each, dtype=object)) for each in (before, after))
    changed = shapely.area(shapely.symmetric_difference(one, other, grid_size=1e-6)) * US_SURVEY_FOOT_M**2
    assert (changed > 1.0).sum() == 73
    assert changed.sum() == pytest.approx(4_020_694, abs=1.0)


def test_shenzhen_neighbours_are_mutual_and_measured_in_metres(realdata: Path) -> None:
    areas = snap(polygons(read(realdata / "cn_shenzhen_streets.gpkg", "street")))
    found = shared_borders(areas, functools.partial(lengths_m, working=SHENZHEN))
    assert len(found) > 150
    perimeter = lengths_m(areas, SHENZHEN)
    shared = np.bincount(np.r_[found.a, found.b], weights=np.r_[found.length_m, found.length_m], minlength=74)
    assert (shared <= perimeter + 0.1).all()


def test_every_taxi_order_has_the_owner_that_brute_force_finds(realdata: Path) -> None:
    streets = read(realdata / "cn_shenzhen_streets.gpkg", "street")
    orders = pd.read_parquet(realdata / "cn_shenzhen_taxi_orders.parquet")
    lon, lat = orders.lon_pick.to_numpy(), orders.lat_pick.to_numpy()
    areas, codes = polygons(streets), streets.BLOCK_ID.astype(str).to_numpy(dtype=object)
    found = build_cell_index(areas, codes).locate(lon, lat)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    joined = gpd.sjoin(points, streets[["geometry"]], predicate="intersects")
    assert len(found) == 8888
    assert (found.area >= 0).sum() == joined.index.nunique()
    alone = joined[~joined.index.duplicated(keep=False)]
    np.testing.assert_array_equal(found.area[alone.index], alone.index_right)
    assert np.isfinite(found.border_m).all()


@pytest.fixture(scope="module")
def shenzhen_twice(realdata: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The same city from two sources: counties in GCJ-02 (labelled 4326) and districts in WGS84."""
    counties = read(realdata / "cn_counties_9cities_amap_gcj02.gpkg", "county")
    counties = counties[counties.adcode.astype(str).str.startswith("4403")].reset_index(drop=True)
    return counties, read(realdata / "cn_shenzhen_streets.gpkg", "district_wgs84")


def agreement(one: Geometries, other: Geometries) -> float:
    """Share of the ground of both that is the ground of each (intersection over union)."""
    first, second = (shapely.union_all(shapely.make_valid(each), grid_size=1e-9) for each in (one, other))
    common, all_of_it = areas_m2(
        np.array(
            [
                shapely.intersection(first, second, grid_size=1e-9),
                shapely.union(first, second, grid_size=1e-9),
            ]
        ),
        SHENZHEN,
    )
    return float(common / all_of_it)


def test_gcj02_counties_lie_on_the_wgs84_districts_once_they_are_read_as_gcj02(
    shenzhen_twice: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame],
) -> None:
    counties, districts = shenzhen_twice
    as_labelled, known = polygons(counties), polygons(districts)
    as_meant = to_wgs84_geometries(as_labelled, GCJ02)
    assert agreement(as_labelled, known) == pytest.approx(0.9405, abs=5e-5)
    assert agreement(as_meant, known) == pytest.approx(0.9997, abs=5e-5)
    for name in ("罗湖", "福田", "南山", "宝安", "光明"):  # whose borders are the same in both years
        county = (counties["name"] == f"{name}区").to_numpy()
        district = (districts.qh == name).to_numpy()
        assert agreement(as_labelled[county], known[district]) < 0.9
        assert agreement(as_meant[county], known[district]) > 0.999


def test_wuhan_buildings_in_the_local_plane_lie_on_the_wgs84_ones(realdata: Path) -> None:
    path = realdata / "cn_wuhan_xujiapeng.gpkg"
    plane = parse_crs(pyogrio.read_info(path, layer="building_shuian_wh2000")["crs"])
    assert plane.name.startswith("PROJCRS[")
    moved = to_wgs84_geometries(polygons(read(path, "building_shuian_wh2000")), plane)
    known = polygons(read(path, "building_shuian"))
    assert len(moved) == len(known) == 518
    assert shapely.hausdorff_distance(moved, known).max() < 1e-11  # degrees: a micrometre
