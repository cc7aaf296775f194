"""Blocks of a plan: built, stored, built again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
import sqlalchemy as sa
from street_files import CROSSING, box, ground, line, save

from gisgov.errors import ConflictError, FileError, InputError, NotFoundError
from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.blocks import BlockTolerances
from gisgov.geometry.coverage import certify
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.services.block_building.building import BlockBuild, build_plan_blocks
from gisgov.services.block_building.line_files import LineFile
from gisgov.services.block_building.reports import BlocksBuilt
from gisgov.services.block_building.showing import show_blocks
from gisgov.services.block_building.sizes import chosen_tolerances
from gisgov.store.block_edges import block_edges_of_scope, named_block_edges
from gisgov.store.blocks import blocks_of_scope, put_assignments
from gisgov.store.database import Database
from gisgov.store.plans import find_plan
from gisgov.store.tables import block


@pytest.fixture
def build(database: Database, plant: Callable[..., None], tmp_path: Path) -> Callable[..., BlocksBuilt]:
    """Build blocks in a draft of the areas A and B, of scope 4401."""
    plant("community", ground("AB"), plan="p", scope="4401", valid_from=None)

    def built(rows: Any = CROSSING, **options: Any) -> BlocksBuilt:
        streets = LineFile(save(tmp_path / "streets.gpkg", rows))
        return build_plan_blocks(database, BlockBuild("p", streets, **options))

    return built


def test_borders_are_called_as_what_they_run_along(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("community", ground("AB"), plan="p", scope="4401", valid_from=None)
    named = ["文三路" if kind == "primary" else None for kind, _ in CROSSING]
    file = LineFile(save(tmp_path / "s.gpkg", CROSSING, 路=named), name_field="路")
    build_plan_blocks(database, BlockBuild("p", file))
    with database.begin() as connection:
        edges, classes = block_edges_of_scope(connection, "4401")
        lines, names = named_block_edges(connection, (113.0, 22.0, 115.0, 23.0))
    assert set(names) == {"文三路"}
    arterial = edges[classes == EdgeClass.ARTERIAL]
    assert sorted(shapely.to_wkt(lines)) == sorted(shapely.to_wkt(arterial))


def test_the_ground_is_cut_along_streets(database: Database, build: Callable[..., BlocksBuilt]) -> None:
    report = build()
    assert (report.parents, report.blocks, report.scope_code) == (2, 6, "4401")
    assert (report.inserted, report.updated, report.unchanged, report.deleted) == (6, 0, 0, 0)
    assert report.area_m2 == pytest.approx(2e6, rel=1e-5)
    assert abs(report.missing_m2) < 10.0  # a border that is cut moves by half a step of the storage grid
    assert report.done.dangle_m == pytest.approx(300, rel=0.01)
    km = {border.edge_class: round(border.length_m / 1000, 3) for border in report.borders}
    assert km == {
        "unclassified": 0.0, "local": 1.0, "collector": 0.0, "arterial": 2.0, "water": 0.0, "rail": 0.0,
        "administrative": 7.0,
    }  # fmt: skip
    with database.begin() as connection:
        blocks = blocks_of_scope(connection, "4401")
        edges, classes = block_edges_of_scope(connection, "4401")
    assert sorted(code[0] for code in blocks.codes) == ["A"] * 4 + ["B"] * 2
    assert {one["parent_code"] for one in blocks.attributes} == {"A", "B"}
    union = shapely.coverage_union_all(blocks.geometries)
    assert certify(blocks.geometries, union).holds
    # outlines have corners of blocks in them, each less than a step of the storage grid off
    assert shapely.symmetric_difference(union, shapely.union_all(list(ground("AB").values()))).area < 1e-9
    borders = shared_borders(
        blocks.geometries, working=parse_crs("EPSG:4547"), edges=edges, edge_class=classes
    )
    along = borders.class_length_m.sum(axis=0)
    assert along[EdgeClass.ARTERIAL] == pytest.approx(2000, rel=1e-4)
    assert along[EdgeClass.LOCAL] == pytest.approx(1000, rel=1e-4)
    assert along[EdgeClass.ADMINISTRATIVE] == pytest.approx(1000, rel=1e-4)
    assert along[EdgeClass.UNCLASSIFIED] == 0.0


def test_building_again_changes_nothing_and_keeps_what_is_known(
    database: Database, build: Callable[..., BlocksBuilt]
) -> None:
    build()
    with database.begin() as connection:
        connection.execute(
            sa.update(block).values(population=7, households=3, land_use="school", attributes={"note": "x"})
        )
    again = build()
    assert (again.inserted, again.updated, again.deleted) == (0, 6, 0)  # the code of the parent was put back
    assert build().unchanged == 6
    with database.begin() as connection:
        blocks = blocks_of_scope(connection, "4401")
    assert blocks.population.tolist() == [7] * 6
    assert set(blocks.land_use) == {"school"}
    assert blocks.attributes[0] == {"note": "x", "parent_code": "A"}


def test_other_streets_replace_the_blocks_that_no_plan_is_made_of(
    database: Database, build: Callable[..., BlocksBuilt]
) -> None:
    build()
    with database.begin() as connection:
        connection.execute(sa.update(block).values(population=7))
    fewer = build(CROSSING[:1])
    # B keeps its two blocks; the four of A became two
    assert (fewer.blocks, fewer.inserted, fewer.unchanged, fewer.deleted) == (4, 2, 2, 4)
    shown = show_blocks(database, "4401")
    assert (shown.blocks, shown.population, shown.empty, shown.largest_population) == (4, 14, 2, 7)
    assert shown.borders[EdgeClass.LOCAL].lines == 0
    assert shown.borders[EdgeClass.ARTERIAL].length_m == pytest.approx(2000, rel=1e-4)


def assign(database: Database) -> None:
    with database.begin() as connection:
        ids = blocks_of_scope(connection, "4401").ids
        put_assignments(connection, find_plan(connection, "p").id, ids.tolist(), ["A"] * 4 + ["B"] * 2)


def test_blocks_that_a_plan_is_made_of_stay(database: Database, build: Callable[..., BlocksBuilt]) -> None:
    build()
    assign(database)
    assert build().unchanged == 6
    with pytest.raises(
        ConflictError, match=r"4 blocks of which plan p \(draft\) is made would go or move"
    ) as refused:
        build(CROSSING[:1])
    assert "Delete the draft first" in str(refused.value)
    assert show_blocks(database, "4401").blocks == 6


def test_blocks_of_another_scope_are_beside_them(
    database: Database, build: Callable[..., BlocksBuilt]
) -> None:
    build()
    assign(database)
    other = build(CROSSING[:1], scope_code="2027")
    assert (other.scope_code, other.inserted, other.deleted) == ("2027", 4, 0)
    assert other.largest_code.startswith(("2027-A-", "2027-B-"))
    assert show_blocks(database, "4401").blocks == 6
    assert show_blocks(database).blocks == 10


def test_another_plan_of_the_same_areas_does_not_take_its_blocks(
    build: Callable[..., BlocksBuilt], database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    build()
    plant("community", ground("AB"), plan="q", scope="9", valid_from=None)
    with pytest.raises(ConflictError, match="is there already, in scope '4401'"):
        build_plan_blocks(database, BlockBuild("q", LineFile(tmp_path / "streets.gpkg")))


def test_a_dry_run_stores_nothing_and_a_file_has_all(
    database: Database, build: Callable[..., BlocksBuilt], tmp_path: Path
) -> None:
    out = tmp_path / "made" / "blocks.gpkg"
    report = build(dry_run=True, out=out)
    assert report.dry_run
    assert (report.blocks, report.inserted, report.out) == (6, 0, str(out))
    with pytest.raises(NotFoundError, match="no blocks of scope '4401'"):
        show_blocks(database, "4401")
    with pytest.raises(NotFoundError, match=r"no blocks\."):
        show_blocks(database)
    blocks, edges = geopandas.read_file(out, layer="blocks"), geopandas.read_file(out, layer="block_edges")
    assert len(blocks) == 6
    assert set(blocks.columns) == {"code", "parent_code", "area_m2", "land_use", "geometry"}
    assert set(edges["edge_class"]) == {"local", "arterial", "administrative"}
    build(dry_run=True, out=tmp_path / "blocks.parquet")
    assert len(geopandas.read_parquet(tmp_path / "blocks.parquet")) == 6


def test_water_rails_and_compounds_join_in(
    database: Database, build: Callable[..., BlocksBuilt], tmp_path: Path
) -> None:
    water = save(tmp_path / "water.gpkg", [("lake", box(1100, 600, 1400, 900))])
    rail = save(tmp_path / "rail.gpkg", [("rail", line((1800, -100), (1800, 1100)))])
    compounds = save(tmp_path / "compounds.gpkg", [("x", box(300, 0, 700, 500))])
    report = build(
        CROSSING[:3],
        water=LineFile(water, field="highway"),
        rail=LineFile(rail, field="highway"),
        compounds=LineFile(compounds),
    )
    assert [one.what for one in report.files] == ["streets", "water", "rail", "compounds"]
    assert report.done.water == 1
    lengths = {border.edge_class: border.length_m for border in report.borders}
    assert lengths["rail"] == pytest.approx(1000, rel=1e-4)
    assert lengths["water"] == pytest.approx(1200, rel=1e-4)
    assert report.done.compound_m == pytest.approx(500, rel=0.01)
    with database.begin() as connection:
        blocks = blocks_of_scope(connection, "4401")
    assert [use for use in blocks.land_use if use] == ["water"]
    # A: two above the arterial, three below: the compound, undivided, and what lies on either side of it;
    # B: two by two, and the lake
    assert sorted(code[0] for code in blocks.codes) == ["A"] * 5 + ["B"] * 5


def test_tolerances_that_were_not_chosen_are_the_usual_ones() -> None:
    assert chosen_tolerances(sliver_area_m2=9.0) == BlockTolerances(sliver_area_m2=9.0)
    with pytest.raises(InputError, match="snap_m"):
        chosen_tolerances(snap_m=float("nan"))


def test_nothing_is_begun_that_cannot_end(
    build: Callable[..., BlocksBuilt], database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    with pytest.raises(FileError, match=r"does not write \.txt"):
        build(out=tmp_path / "blocks.txt")
    plant("district", {}, plan="bare", valid_from=None)
    streets = LineFile(tmp_path / "streets.gpkg")
    with pytest.raises(InputError, match="Plan 'bare' has no areas"):
        build_plan_blocks(database, BlockBuild("bare", streets))
    with pytest.raises(NotFoundError, match="No plan is called 'none'"):
        build_plan_blocks(database, BlockBuild("none", streets))
