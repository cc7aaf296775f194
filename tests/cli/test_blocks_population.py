"""``gisgov blocks population``: what it says and stores."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
from street_files import CRS, box, ground

from gisgov.services.blocks import store_blocks


@pytest.fixture
def scope(database: Any) -> str:
    """Scope 7 with the blocks A and B, each a square kilometre."""
    shapes = ground("AB")
    frame = geopandas.GeoDataFrame(
        {"code": list(shapes), "land_use": ["homes", "homes"]}, geometry=list(shapes.values()), crs=4326
    )
    store_blocks(database, frame, scope_code="7")
    return "7"


def save(path: Path, columns: dict[str, list[Any]], shapes: list[Any]) -> Path:
    geopandas.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(path)
    return path


def test_census_areas_are_told_one_by_one(cli: Callable[..., Any], scope: str, tmp_path: Path) -> None:
    shapes = [box(0, 0, 2000, 1000), box(1500, 0, 2500, 1000), box(8000, 0, 8100, 100), box(0, 0, 100, 100)]
    path = save(tmp_path / "t.gpkg", {"id": ["a", "b", "c", "d"], "pop": [100.0, 11.0, 70.0, 2.5]}, shapes)
    arguments = ["--scope", scope, "--census", path, "--population-field", "pop", "--code-field", "id"]
    ran = cli("blocks", "population", *arguments, "--dry-run")
    assert (ran.status, ran.stderr) == (1, "")
    lines = ran.stdout.splitlines()
    assert lines[:2] == [
        "2 blocks of scope 7, from census t.gpkg:t by area.",
        (
            "t.gpkg in EPSG:4547: 4 rows, 2 used, 1 with 70 people lie on no block, 1 refused, with 0 "
            "people as far as they can be read."
        ),
    ]
    assert "people      111        106            5                     0" in lines
    assert "Households of blocks stay as they are." in lines
    assert "1 of 2 census areas have people left over:" in lines
    assert "b         11          6            5                     0" in lines
    assert "  row 4 (d): has '2.5' in 'pop', which is no whole number at " in ran.stdout
    assert lines[-1] == "Nothing was stored (--dry-run)."
    report = cli("blocks", "population", *arguments, "--json").json()
    assert (report["changed"], report["weights"], report["sources"][1]["population"]) == (
        2,
        "area",
        {"total": 11, "placed": 6, "outside": 5, "unweighted": 0},
    )
    shown = cli("blocks", "show", scope).stdout.splitlines()
    assert shown[1].startswith("106 people in 0 households")
    rounded = cli("blocks", "population", *arguments, "--round", "--dry-run")
    assert rounded.status == 0
    assert "3 used, 1 with 70 people lie on no block, 1 numbers of people rounded" in rounded.stdout
    by_use = cli("blocks", "population", *arguments, "--weights", "land-use", "--dry-run")
    assert "Land uses not in table cn-2020-averages: homes 2" in by_use.stdout


def test_many_areas_are_summed_up(cli: Callable[..., Any], scope: str, tmp_path: Path) -> None:
    shapes = [box(80 * i, 500, 80 * i + 80, 1500) for i in range(25)]
    path = save(tmp_path / "t.gpkg", {"pop": [100] * 22 + [0] * 3}, shapes)
    house = save(tmp_path / "h.gpkg", {"residents": [500]}, [box(10, 900, 20, 910)])
    asked = ["--scope", scope, "--census", path, "--population-field", "pop"]
    ran = cli("blocks", "population", *asked)
    assert "… and 2 more (--json lists all)" in ran.stdout
    ran = cli(
        "blocks", "population", *asked, "--buildings", house, "--building-field", "population=residents"
    )
    assert "In 1 areas more residents are known than counted: row 1. Their count" in ran.stdout
    assert "1 with known residents: 500 people" in ran.stdout
    assert ran.status == 0


def test_buildings_of_a_file_and_stored_ones(cli: Callable[..., Any], scope: str, tmp_path: Path) -> None:
    house = save(
        tmp_path / "h.gpkg",
        {"kind": ["residential", "loft"], "levels": [4, 1]},
        [box(0, 0, 20, 20.88), box(100, 0, 150, 50)],
    )
    fields = ["--building-field", "use=kind", "--building-field", "floors = levels"]
    ran = cli("blocks", "population", "--scope", scope, "--buildings", house, *fields)
    assert ran.status == 0
    lines = ran.stdout.splitlines()
    assert lines[1:5] == [
        "Buildings (h.gpkg) in EPSG:4547: 2.",
        "  1 with residents expected, 0 of them by their height and 0 without a known number of floors",
        "  1 without people",
        "  uses that are not in the table: loft 1",
    ]
    assert "people           40         40            0                     0" in lines
    assert "households       15         15            0                     0" in lines
    assert lines[-1] == "Stored: 2 blocks changed, 0 unchanged."
    refused = cli("blocks", "population", "--scope", scope, "--buildings", house, "--building-field", "use")
    assert (refused.status, "'use' is not WHAT=NAME" in refused.stderr) == (2, True)
    for stored in (["--buildings"], ["--buildings", "stored"]):
        none = cli("blocks", "population", "--scope", scope, *stored)
        assert (none.status, "No stored building stands in a block." in none.stderr) == (2, True)


def test_given_counts(cli: Callable[..., Any], scope: str, tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("code,people\nA,12\n", encoding="utf-8")
    ran = cli("blocks", "population", "--scope", scope, "--given", path, "--population-field", "people")
    assert (ran.status, ran.stderr) == (0, "")
    assert "counts.csv: 1 rows, 1 used." in ran.stdout
    assert "1 blocks are not named in the file and stay as they are." in ran.stdout
    assert "1 blocks are empty, the fullest has 12 people (A)." in ran.stdout
