"""Plans and assignments as files, and the printed annex."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from gisgov.services.blocks import store_blocks
from gisgov.store.database import Database

CELLS = [shapely.box(120 + i / 1000, 30, 120 + (i + 1) / 1000, 30.001) for i in range(3)]


@pytest.fixture
def draft(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", dict(zip(("01", "2", "3"), CELLS, strict=True)), plan="d", valid_from=None)
    frame = geopandas.GeoDataFrame({"code": ["a", "b", "c"]}, geometry=CELLS, crs=4326)
    store_blocks(database, frame, scope_code="")


@pytest.mark.usefixtures("draft")
def test_a_plan_goes_out_and_comes_back(cli: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "d.shp"
    done = cli("plan", "export", "d", out, "--encoding", "gbk")
    assert (done.status, done.stdout) == (0, "d.shp: 3 areas of plan d (draft).\n")
    back = cli("import", "areas", out, "--layer", "grid", "--plan", "e", "--json").json()
    assert (back["imported"], back["rejected"], back["areas"]) == (3, 0, 3)
    assert cli("plan", "export", "d", tmp_path / "d.gpkg", "--no-header").status == 2

    table = tmp_path / "a.csv"
    table.write_text("block,area\na,01\nb,01\nx,2\n")
    given = cli("import", "assignments", table, "--plan", "d", "--rejects", tmp_path)
    assert given.status == 1
    assert given.stdout.startswith(
        "a.csv to draft d: 3 rows, 2 blocks, 1 moved, 1 rejected; 1 blocks are not named.\n"
        "The draft is at revision 1.\n\nRejected: 1 unknown-block\n"
    )
    kept = cli("plan", "export", "d", tmp_path / "out.csv", "--no-header")
    assert kept.stdout == "out.csv: 3 blocks of plan d.\n"
    assert (tmp_path / "out.csv").read_text("utf-8-sig") == "a,01\nb,01\nc,3\n"
    told = cli("plan", "export", "d", tmp_path / "d.kml")
    assert "  assignments of 2 areas (01, 3): Only a GeoPackage holds" in told.stdout


@pytest.mark.usefixtures("draft")
def test_an_annex_is_printed(cli: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "d.pdf"
    told = cli("plan", "annex", "d", out, "--language", "en", "--json").json()
    assert {key: told[key] for key in ("plan", "pages", "sheets", "areas")} == {
        "plan": "d", "pages": 2, "sheets": 1, "areas": 3,
    }  # fmt: skip
    assert len(re.findall(rb"/Type /Page\b", out.read_bytes())) == 2
    assert cli("plan", "annex", "d", tmp_path / "d.docx").status == 2
    assert "cannot be written" in cli("plan", "annex", "d", tmp_path / "no" / "d.pdf").stderr


@pytest.mark.usefixtures("draft")
def test_two_plans_are_drawn_over_each_other(
    cli: Callable[..., Any], plant: Callable[..., None], tmp_path: Path
) -> None:
    joined = {"01": shapely.union_all(CELLS[:2]), "3": CELLS[2]}
    plant("grid", joined, plan="joined", valid_from=None)
    out = tmp_path / "c.html"
    told = cli("map", "comparison", "d", "joined", out, "--json").json()
    assert (told["kind"], told["plans"], told["drawn"]["changes"]) == ("comparison", ["d", "joined"], 1)
    assert "d → joined" in out.read_text("utf-8")
