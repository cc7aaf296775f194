"""``gisgov blocks``: build and show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from street_files import CROSSING, WEST, box, ground, line, save


@pytest.fixture
def streets(plant: Callable[..., None], tmp_path: Path) -> Path:
    """A file of streets across the areas A and B of the draft p, of scope 4401."""
    plant("community", ground("AB"), plan="p", scope="4401", valid_from=None)
    return save(tmp_path / "streets.gpkg", CROSSING)


def test_blocks_are_built_stored_and_shown(cli: Callable[..., Any], streets: Path, tmp_path: Path) -> None:
    out = tmp_path / "blocks.gpkg"
    ran = cli("blocks", "build", "--streets", streets, "--scope", "p", "--out", out)
    assert (ran.status, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0] == (
        "streets: streets.gpkg:streets in EPSG:4547, by highway: 4 rows, 3 used, 1 that cut no ground."
    )
    assert lines[1] == "  cut no ground: footway 1"
    assert lines[2].startswith(
        "6 blocks in 2 areas of plan p (layer community), 2.000 km² in EPSG:4547: half of"
    )
    assert "dead end" in ran.stdout
    assert {"arterial", "local", "administrative"} <= {text.split(" ")[0] for text in lines}
    assert lines[-2:] == [
        "Stored for scope 4401: 6 new, 0 changed, 0 unchanged, 0 gone.",
        f"Written to {out}.",
    ]
    assert out.is_file()
    again = cli("blocks", "build", "--streets", streets, "--scope", "p", "--json").json()
    assert (again["unchanged"], again["inserted"], again["files"][0]["passed_over"]) == (6, 0, {"footway": 1})
    shown = cli("blocks", "show", "4401").stdout.splitlines()
    assert shown[0].startswith(
        "6 blocks of scope 4401, 2.000 km²: half of them below 25.00 ha, the largest 50.0 ha."
    )
    assert shown[1] == "0 people in 0 households; 6 blocks are empty, the fullest has 0 people."
    assert cli("blocks", "show", "--json").json()["blocks"] == 6


def test_refused_rows_are_told_with_status_1(cli: Callable[..., Any], streets: Path, tmp_path: Path) -> None:
    mixed = save(
        tmp_path / "mixed.gpkg",
        [
            *CROSSING,
            ("primary", shapely.Point(WEST, 2_490_000)),
            ("new", line((0, 9), (9, 9))),
            ("new", line((0, 90_000), (9, 90_000))),
        ],
    )
    water = save(tmp_path / "water.gpkg", [("lake", box(1100, 600, 1400, 900))])
    arguments = [
        "--scope",
        "p",
        "--dry-run",
        "--water",
        water,
        "--water-field",
        "highway",
        "--scope-code",
        "x",
    ]
    ran = cli("blocks", "build", "--streets", mixed, *arguments)
    assert ran.status == 1
    assert "7 rows, 4 used, 1 away from the ground, 1 that cut no ground, 1 refused." in ran.stdout
    assert "Refused: 1 not-a-line" in ran.stdout
    assert "row 5: is a Point, not a line" in ran.stdout
    assert "not in the table of street classes: new 1" in ran.stdout
    assert "1 blocks are water" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "Nothing was stored (--dry-run)."
    assert cli("blocks", "show").status == 2


def test_tolerances_and_a_table_of_ones_own(cli: Callable[..., Any], streets: Path, tmp_path: Path) -> None:
    table = tmp_path / "ours.yaml"
    table.write_text(
        "name: ours\nsource: Ours.\n"
        "streets: {columns: [highway], unlisted: pass-over, classes: {collector: [primary]}}\n"
        "water: {columns: [water], unlisted: water, classes: {}}\n"
        "rail: {columns: [rail], unlisted: rail, classes: {}}\n"
        "levels: {layer: [], bridge: [], tunnel: []}\n",
        encoding="utf-8",
    )
    report = cli("blocks", "build", "--streets", streets, "--scope", "p", "--classes", table, "--json").json()
    assert (report["blocks"], report["street_classes"]) == (4, "ours")
    assert {one["edge_class"]: one["lines"] > 0 for one in report["borders"]}["collector"]
    wide = ["--snap", "1", "--carriageway", "0", "--sliver-width", "0", "--sliver-area", "300000"]
    report = cli("blocks", "build", "--streets", streets, "--scope", "p", *wide, "--json").json()
    assert report["done"]["slivers"] > 0
    refused = cli("blocks", "build", "--streets", streets, "--scope", "p", "--snap", "-1")
    assert (refused.status, "snap_m is -1.0" in refused.stderr) == (2, True)


def test_blocks_that_were_not_built_from_streets_say_so(
    cli: Callable[..., Any], streets: Path, database: Any
) -> None:
    import geopandas

    from gisgov.services.blocks import store_blocks

    shapes = ground("AB")
    frame = geopandas.GeoDataFrame({"code": list(shapes)}, geometry=list(shapes.values()), crs=4326)
    store_blocks(database, frame, scope_code="7")
    assert "they were not built from streets" in cli("blocks", "show", "7").stdout
