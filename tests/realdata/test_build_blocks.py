"""Blocks from the streets of real places: every piece of ground once, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas
import pytest
import shapely

from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.coverage import certify
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.snap import snap
from gisgov.services.block_building.building import BlockBuild, build_plan_blocks
from gisgov.services.block_building.line_files import LineFile
from gisgov.services.block_building.reports import BlocksBuilt
from gisgov.store.block_edges import block_edges_of_scope
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database

pytestmark = pytest.mark.realdata


@pytest.fixture
def check(database: Database) -> Callable[..., BlocksBuilt]:
    """Build, build again, and look at what is stored."""

    def checked(streets: LineFile) -> BlocksBuilt:
        asked = BlockBuild("p", streets)
        report, again = build_plan_blocks(database, asked), build_plan_blocks(database, asked)
        assert report.inserted == report.blocks == again.unchanged
        with database.begin() as connection:
            blocks = blocks_of_scope(connection, "1")
            edges, classes = block_edges_of_scope(connection, "1")
        assert len(set(blocks.codes)) == report.blocks
        assert shapely.is_valid(blocks.geometries).all()
        assert certify(blocks.geometries, shapely.coverage_union_all(blocks.geometries)).holds
        working = parse_crs(report.working_crs)
        borders = shared_borders(blocks.geometries, working=working, edges=edges, edge_class=classes)
        assert abs(report.missing_m2) < 1e-4 * report.area_m2  # of borders cut on the storage grid
        assert borders.class_length_m[:, EdgeClass.UNCLASSIFIED].sum() == 0.0
        assert borders.class_length_m[:, EdgeClass.ARTERIAL].sum() > 0.0
        return report

    return checked


def test_liechtenstein(plant: Callable[..., None], realdata: Path, check: Callable[..., BlocksBuilt]) -> None:
    path = realdata / "li_liechtenstein_osm.gpkg"
    admin = geopandas.read_file(path, layer="admin")
    towns = admin[(admin["admin_level"] == "8") & admin["name"].notna()]
    shapes = snap(towns.geometry.to_numpy())
    plant("town", dict(zip(towns["name"], shapes, strict=True)), plan="p", scope="1", valid_from=None)
    report = check(LineFile(path, layer="street"))
    assert (report.parents, report.files[0].rows) == (11, 4660)
    assert 700 < report.blocks < 1000


def test_wuhan(plant: Callable[..., None], realdata: Path, check: Callable[..., BlocksBuilt]) -> None:
    communities = geopandas.read_file(realdata / "cn_wuhan_xujiapeng.gpkg", layer="community")
    shapes = snap(communities.geometry.to_numpy())
    plant(
        "community",
        dict(zip(communities["name_1"], shapes, strict=True)),
        plan="p",
        scope="1",
        valid_from=None,
    )
    report = check(LineFile(realdata / "cn_wuhan_streets.parquet"))
    assert (report.parents, report.files[0].rows, report.files[0].unlisted) == (16, 92_667, {})
    assert 100 < report.blocks < 250


def test_helsinki(plant: Callable[..., None], realdata: Path, check: Callable[..., BlocksBuilt]) -> None:
    path = realdata / "fi_helsinki_centre_osm.gpkg"
    streets = geopandas.read_file(path, layer="street")
    outline = snap(shapely.convex_hull([shapely.union_all(streets.geometry.to_numpy())]))
    plant("city", {"A": outline[0]}, plan="p", scope="1", valid_from=None)
    report = check(LineFile(path, layer="street"))
    assert 50 < report.blocks < 120
