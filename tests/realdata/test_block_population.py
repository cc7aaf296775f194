"""People of real places onto blocks: to the person, source by source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.geometry.snap import snap
from gisgov.services.block_building.building import BlockBuild, build_plan_blocks
from gisgov.services.block_building.line_files import LineFile
from gisgov.services.block_population.placing import place_population
from gisgov.services.block_population.reports import Balance, BlockPopulation
from gisgov.services.block_population.requests import BuildingFile, CountFile, PopulationRequest
from gisgov.services.blocks import store_blocks
from gisgov.services.redividing.covering import first_cover
from gisgov.store.blocks import BlockTable, blocks_of_scope
from gisgov.store.database import Database

pytestmark = pytest.mark.realdata
SCOPE = "1"


def add_up(balance: Balance) -> bool:
    return balance.total == balance.placed + balance.outside + balance.unweighted


@pytest.fixture
def place(database: Database) -> Callable[..., tuple[BlockPopulation, BlockTable]]:
    """Put people onto the blocks twice, and look at what is stored."""

    def placed(**asked: Any) -> tuple[BlockPopulation, BlockTable]:
        report = place_population(database, PopulationRequest(SCOPE, **asked))
        again = place_population(database, PopulationRequest(SCOPE, **asked))
        assert again.changed == 0
        with database.begin() as connection:
            blocks = blocks_of_scope(connection, SCOPE)
        assert int(blocks.population.sum()) == report.population.placed
        assert add_up(report.population)
        assert all(add_up(one.population) for one in report.sources)
        if report.sources:
            assert sum(one.population.total for one in report.sources) == report.population.total
            assert sum(one.population.placed for one in report.sources) == report.population.placed
        if report.households is not None:
            assert add_up(report.households)
            assert int(blocks.households.sum()) == report.households.placed
        return report, blocks

    return placed


@pytest.fixture
def providence(database: Database, realdata: Path) -> geopandas.GeoDataFrame:
    """The census blocks of Providence, stored without their people."""
    frame = geopandas.read_file(realdata / "us_providence.gpkg", layer="block").rename(
        columns={"GEOID10": "code"}
    )
    store_blocks(database, frame[["code", "geometry"]], scope_code=SCOPE)
    return frame


def test_census_blocks_onto_themselves(
    providence: geopandas.GeoDataFrame, realdata: Path, place: Callable[..., Any]
) -> None:
    path = realdata / "us_providence.gpkg"
    report, blocks = place(
        census=CountFile(path, layer="block", code_field="GEOID10", population_field="TOTPOP")
    )
    assert report.population == Balance(178_040, 178_040, 0, 0)
    assert report.refused == ()
    counted = dict(zip(providence["code"], providence["TOTPOP"], strict=True))
    assert {code: int(of) for code, of in zip(blocks.codes, blocks.population, strict=True)} == counted


def test_precincts_with_parts_of_people_are_named(
    providence: geopandas.GeoDataFrame, realdata: Path, place: Callable[..., Any]
) -> None:
    path = realdata / "us_providence.gpkg"
    with pytest.raises(
        InputError, match=r"can be used: row 1: has '5914\.310346\d+' in 'TOTPOP', which is no whole"
    ):
        place(census=CountFile(path, layer="precinct2016", population_field="TOTPOP"))

    report, _ = place(census=CountFile(path, layer="precinct2016", population_field="TOTPOP", rounded=True))
    decimal = geopandas.read_file(path, layer="precinct2016")["TOTPOP"].sum()
    assert report.counts is not None
    assert (report.counts.rounded, report.refused) == (59, ())
    assert report.population.total == round(decimal) == 127_809


def test_precincts_onto_blocks(
    providence: geopandas.GeoDataFrame, realdata: Path, place: Callable[..., Any], tmp_path: Path
) -> None:
    precincts = geopandas.read_file(realdata / "us_providence.gpkg", layer="precinct2016")
    of = first_cover(shapely.point_on_surface(providence.geometry.to_numpy()), precincts.geometry.to_numpy())
    inside = of >= 0
    precincts["people"] = np.bincount(
        of[inside], weights=providence["TOTPOP"][inside], minlength=len(precincts)
    ).astype(int)
    path = tmp_path / "precincts.gpkg"
    precincts[["NAME", "people", "geometry"]].to_file(path)
    report, blocks = place(census=CountFile(path, population_field="people"))
    assert report.population.total == precincts["people"].sum() > 120_000
    assert report.population.placed > 0.97 * report.population.total
    counted = dict(zip(providence["code"], providence["TOTPOP"], strict=True))
    true = np.array([counted[code] for code in blocks.codes])
    assert 0.3 < np.corrcoef(true, blocks.population)[0, 1] < 1.0  # ground is not where people live


def squares(ground: shapely.Geometry, step: float) -> geopandas.GeoDataFrame:
    """Cut a ground into squares, in degrees."""
    west, south, east, north = shapely.bounds(ground)
    x, y = (one.ravel() for one in np.meshgrid(np.arange(west, east, step), np.arange(south, north, step)))
    pieces = shapely.intersection(shapely.box(x, y, x + step, y + step), ground)
    pieces = [one for one in pieces if one.area > 1e-4 * step * step and one.geom_type.endswith("Polygon")]
    codes = [f"{number:05d}" for number in range(len(pieces))]
    return geopandas.GeoDataFrame({"code": codes}, geometry=pieces, crs=4326)


def test_cells_onto_squares(database: Database, realdata: Path, place: Callable[..., Any]) -> None:
    path = realdata / "br_porto_alegre.gpkg"
    cells = geopandas.read_file(path, layer="hex_population")
    ground = shapely.union_all(cells.geometry.to_numpy())
    store_blocks(database, squares(ground, 0.002), scope_code=SCOPE)
    report, blocks = place(
        census=CountFile(path, layer="hex_population", code_field="id", population_field="population")
    )
    assert report.population.total == cells["population"].sum() == 812_935
    # the squares cover all of it but crumbs
    assert report.population.placed > 0.999 * report.population.total
    west, south, east, north = shapely.bounds(ground)
    store_blocks(
        database,
        squares(shapely.box(west, south, (west + east) / 2, north) & ground, 0.002),
        scope_code=SCOPE,
    )
    assert len(blocks) > 2000


def streets_to_blocks(
    database: Database, plant: Callable[..., None], areas: Mapping[str, Any], streets: LineFile
) -> int:
    plant("town", dict(areas), plan="p", scope=SCOPE, valid_from=None)
    return build_plan_blocks(database, BlockBuild("p", streets)).blocks


def test_liechtenstein(
    database: Database, plant: Callable[..., None], realdata: Path, place: Callable[..., Any]
) -> None:
    path = realdata / "li_liechtenstein_osm.gpkg"
    admin = geopandas.read_file(path, layer="admin")
    towns = admin[(admin["admin_level"] == "8") & admin["name"].notna()]
    areas = dict(zip(towns["name"], snap(towns.geometry.to_numpy()), strict=True))
    streets_to_blocks(database, plant, areas, LineFile(path, layer="street"))
    report, _ = place(buildings=BuildingFile(path, layer="building", fields={"use": "building"}))
    assert report.buildings is not None
    assert (report.buildings.rows + len(report.refused), report.buildings.known) == (8995, 0)
    # 39,000 people live there; nearly no building says how many floors it has
    assert report.buildings.by_default > 0.99 * report.buildings.expected
    assert 20_000 < report.population.placed < 80_000
    assert report.population.outside < 0.02 * report.population.total
    assert report.households is not None
    assert report.population.placed / report.households.placed == pytest.approx(2.62, abs=0.01)


def test_helsinki(
    database: Database, plant: Callable[..., None], realdata: Path, place: Callable[..., Any]
) -> None:
    path = realdata / "fi_helsinki_centre_osm.gpkg"
    streets = geopandas.read_file(path, layer="street")
    outline = snap(shapely.convex_hull([shapely.union_all(streets.geometry.to_numpy())]))
    streets_to_blocks(database, plant, {"A": outline[0]}, LineFile(path, layer="street"))
    report, _ = place(buildings=BuildingFile(path, layer="building", fields={"use": "building"}))
    assert report.buildings is not None
    assert report.buildings.rows + len(report.refused) == 446
    assert report.buildings.unlisted != {}
    assert report.population.placed > 1_000


@pytest.mark.parametrize(
    ("layer", "rows", "fields"),
    [("building_shuian", 518, {"floors": "louceng"}), ("building_hubu_with_grid", 203, {"use": "building"})],
)
def test_wuhan(
    database: Database,
    plant: Callable[..., None],
    realdata: Path,
    place: Callable[..., Any],
    layer: str,
    rows: int,
    fields: dict[str, str],
) -> None:
    path = realdata / "cn_wuhan_xujiapeng.gpkg"
    communities = geopandas.read_file(path, layer="community")
    areas = dict(zip(communities["name_1"], snap(communities.geometry.to_numpy()), strict=True))
    streets_to_blocks(database, plant, areas, LineFile(realdata / "cn_wuhan_streets.parquet"))
    report, _ = place(buildings=BuildingFile(path, layer=layer, fields=fields))
    assert report.buildings is not None
    assert report.buildings.rows + len({one.row for one in report.refused}) == rows
    assert report.population.placed > 1_000
