"""Blocks from real streets: proved to cover their parents once, and such as a planner would draw."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from street_maps import array, assert_sound

from gisgov.geometry.blocks import BuiltBlocks, build_blocks
from gisgov.geometry.crs import working_crs
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.measures import areas_m2, lengths_m
from gisgov.geometry.snap import snap
from gisgov.types import Floats, Geometries, Ints

pytestmark = pytest.mark.realdata

CLASSES = {
    EdgeClass.ARTERIAL: ("motorway", "trunk", "primary", "secondary"),
    EdgeClass.COLLECTOR: ("tertiary",),
    EdgeClass.LOCAL: ("residential", "unclassified", "living_street", "pedestrian", "road"),
}
CLASS_OF = {name + link: kind for kind, names in CLASSES.items() for name in names for link in ("", "_link")}


def streets_of(frame: gpd.GeoDataFrame) -> tuple[Geometries, Ints]:
    frame = frame[frame.highway.isin(CLASS_OF)].to_crs(4326)
    return np.array(frame.geometry, dtype=object), frame.highway.map(CLASS_OF).to_numpy(dtype=np.int64)


def around(lines: Geometries) -> Geometries:
    return snap(array(shapely.box(*shapely.total_bounds(lines))))


def areas_and_widths(built: BuiltBlocks) -> tuple[Floats, Floats]:
    """Square metres, and twice these over the perimeter."""
    west, south, east, north = shapely.total_bounds(built.geometries)
    working = working_crs((west + east) / 2.0, (south + north) / 2.0)
    area = areas_m2(built.geometries, working)
    return area, 2.0 * area / lengths_m(built.geometries, working)


def assert_fit_to_plan_with(built: BuiltBlocks, narrow: float) -> None:
    """None is tiny but what is alone in its parent, and few are nowhere as wide as a road."""
    area, width = areas_and_widths(built)
    assert (area < 950.0).sum() <= built.report.small_left
    assert (width < 20.0).mean() <= narrow


@pytest.fixture(scope="module")
def wuhan(realdata: Path) -> tuple[Geometries, Ints]:
    return streets_of(gpd.read_parquet(realdata / "cn_wuhan_streets.parquet"))


def test_wuhan_as_a_whole(wuhan: tuple[Geometries, Ints]) -> None:
    parents = around(wuhan[0])
    built = build_blocks(parents, *wuhan)
    assert_sound(built, parents)
    assert built.report.lines == len(wuhan[0]) == 92_667
    assert 5_000 <= len(built) <= 6_500
    assert built.report.carriageways > 10_000  # most large roads are drawn as two lines
    assert_fit_to_plan_with(built, 0.06)


def test_wuhan_communities_and_the_order_of_lines(realdata: Path, wuhan: tuple[Geometries, Ints]) -> None:
    communities = gpd.read_file(realdata / "cn_wuhan_xujiapeng.gpkg", layer="community")
    parents = snap(np.array(communities.geometry, dtype=object))
    built = build_blocks(parents, *wuhan)
    assert_sound(built, parents)
    assert set(built.parent.tolist()) == set(range(16))
    assert 120 <= len(built) <= 180
    shuffled = np.random.default_rng(1).permutation(len(wuhan[0]))
    again = build_blocks(parents, shapely.reverse(wuhan[0][shuffled]), wuhan[1][shuffled])
    assert again.key.tolist() == built.key.tolist()
    assert shapely.to_wkb(again.geometries).tolist() == shapely.to_wkb(built.geometries).tolist()
    assert shapely.to_wkb(again.edges).tolist() == shapely.to_wkb(built.edges).tolist()
    assert again.edge_class.tolist() == built.edge_class.tolist()


def test_keys_of_wuhan_outlive_an_edit_elsewhere(realdata: Path, wuhan: tuple[Geometries, Ints]) -> None:
    communities = gpd.read_file(realdata / "cn_wuhan_xujiapeng.gpkg", layer="community")
    parents = snap(np.array(communities.geometry, dtype=object))
    before = build_blocks(parents, *wuhan)
    largest = before.geometries[int(np.argmax(shapely.area(before.geometries)))]
    west, south, east, north = largest.bounds
    cut = shapely.LineString([((west + east) / 2.0, south - 1e-4), ((west + east) / 2.0, north + 1e-4)])
    street = shapely.intersection(cut, largest)
    after = build_blocks(parents, np.append(wuhan[0], street), np.append(wuhan[1], EdgeClass.LOCAL))
    gone = set(before.key.tolist()) - set(after.key.tolist())
    assert len(gone) == 1
    assert len(after) >= len(before) + 1


def test_liechtenstein_in_its_municipalities(realdata: Path) -> None:
    admin = gpd.read_file(realdata / "li_liechtenstein_osm.gpkg", layer="admin")
    named = admin[(admin.admin_level == "8") & admin.name.notna()]
    parents = snap(np.array(named.geometry, dtype=object))
    lines = streets_of(gpd.read_file(realdata / "li_liechtenstein_osm.gpkg", layer="street"))
    built = build_blocks(parents, *lines)
    assert_sound(built, parents)
    assert set(built.parent.tolist()) == set(range(11))
    assert 400 <= len(built) <= 500
    assert built.report.dangle_m > 80_000.0  # mountain roads end
    assert_fit_to_plan_with(built, 0.02)


def test_the_centre_of_helsinki(realdata: Path) -> None:
    lines = streets_of(gpd.read_file(realdata / "fi_helsinki_centre_osm.gpkg", layer="street"))
    parents = around(lines[0])
    built = build_blocks(parents, *lines)
    assert_sound(built, parents)
    assert 45 <= len(built) <= 70
    assert_fit_to_plan_with(built, 0.06)


def test_porto_alegre(realdata: Path) -> None:
    lines = streets_of(gpd.read_file(realdata / "br_porto_alegre.gpkg", layer="street"))
    parents = around(lines[0])
    built = build_blocks(parents, *lines)
    assert_sound(built, parents)
    assert 3_000 <= len(built) <= 3_600
    assert_fit_to_plan_with(built, 0.02)


def test_porto_alegre_in_hexagons(realdata: Path) -> None:
    """Three thousand lines cross their borders; one does so a step of the grid beside a corner."""
    path = realdata / "br_porto_alegre.gpkg"
    parents = snap(np.array(gpd.read_file(path, layer="hex_population").geometry, dtype=object)[:300])
    built = build_blocks(parents, *streets_of(gpd.read_file(path, layer="street")))
    assert_sound(built, parents)
    assert set(built.parent.tolist()) == set(range(300))
