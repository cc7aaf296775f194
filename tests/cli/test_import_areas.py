"""``gisgov import areas``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
import sqlalchemy as sa

from gisgov.files.vectors import write_vectors
from gisgov.geometry.crs import WGS84
from gisgov.store.database import Database
from gisgov.store.tables import layer, plan

COLUMNS = ("--layer", "grid", "--code-field", "code", "--name-field", "name")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def grid(database: Database) -> None:
    with database.begin() as connection:
        row = {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition", "position": 1}
        connection.execute(layer.insert().values(**row))


def written(path: Path, *, overlap: float = 0.0, bad: int = 0) -> Path:
    shapes = [shapely.box(120, 30, 120.01, 30.01), shapely.box(120.01 - overlap, 30, 120.02, 30.01)]
    frame = geopandas.GeoDataFrame(
        {"code": ["1", "2", *[f"b{i}" for i in range(bad)]], "name": ["东", "西", *["?? "] * bad]},
        geometry=[*shapes, *[shapes[0]] * bad],
    )
    write_vectors(frame, path, crs=WGS84)
    return path


@pytest.mark.usefixtures("grid")
def test_a_sound_file(cli: Callable[..., Any], tmp_path: Path) -> None:
    ran = cli("import", "areas", written(tmp_path / "a.gpkg"), *COLUMNS)
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "a.gpkg:a in EPSG:4326: 2 rows, 2 imported, 0 unchanged, 0 rejected.",
        "Plan grid-a of layer grid (draft): 2 of its areas are these, 2.139 km² in EPSG:4549.",
    ]
    again = cli("import", "areas", tmp_path / "a.gpkg", *COLUMNS, "--json").json()
    assert (again["imported"], again["unchanged"], again["status"], again["publication"]) == (
        0,
        2,
        "draft",
        None,
    )


@pytest.mark.usefixtures("grid")
def test_rejected_rows_are_listed_and_the_status_is_1(cli: Callable[..., Any], tmp_path: Path) -> None:
    ran = cli("import", "areas", written(tmp_path / "a.gpkg", bad=25), *COLUMNS)
    assert ran.status == 1
    lines = ran.stdout.splitlines()
    assert lines[3] == "Rejected: 25 garbled-name"
    assert lines[4].startswith("  row 3 (b0): name '??' has a run of '?' at 120.0050000, 30.0050000")
    assert lines[-2:] == [
        "  … and 5 more (--json lists all)",
        "  Mend them in a.grid.rejects.gpkg and import that file in the same way.",
    ]
    answer = cli("import", "areas", tmp_path / "a.gpkg", *COLUMNS, "--json", "--rejects", tmp_path / "r.gpkg")
    assert answer.status == 1
    assert len(answer.json()["problems"]) == 25
    assert answer.json()["rejects_path"] == str(tmp_path / "r.gpkg")


@pytest.mark.usefixtures("grid")
def test_merged_numbered_and_odd_are_said(
    cli: Callable[..., Any], plant: Callable[..., None], tmp_path: Path
) -> None:
    shapes = [shapely.box(120, 30, 120.01, 30.01), shapely.box(120.02, 30, 120.03, 30.01)]
    frame = geopandas.GeoDataFrame(
        {"code": ["1", "1"], "name": ["东", "东"], "who": ["西湖??", None]}, geometry=shapes
    )
    write_vectors(frame, tmp_path / "a.gpkg", crs=WGS84)
    lines = cli("import", "areas", tmp_path / "a.gpkg", *COLUMNS, "--merge-parts").stdout.splitlines()
    assert "1 joined to another row" in lines[0]
    assert lines[3] == "Imported, but odd: 1 garbled-attribute, 1 joined-parts"


@pytest.mark.usefixtures("grid")
def test_a_plan_can_be_published_at_once(cli: Callable[..., Any], tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg")
    published = ("--publish", "--valid-from", "2026-03-01")
    ran = cli("import", "areas", path, *COLUMNS, *published)
    assert ran.status == 0
    assert ran.stdout.splitlines()[1].startswith("Plan grid-a of layer grid (published)")
    assert ran.stdout.splitlines()[-1] == "The plan is in force from 2026-03-01."
    again = cli("import", "areas", path, *COLUMNS, *published)
    assert (again.status, again.stderr) == (0, "Plan grid-a is published already.\n")


@pytest.mark.usefixtures("grid")
def test_defects_keep_it_a_draft_unless_accepted(cli: Callable[..., Any], tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", overlap=0.001)
    published = ("--publish", "--valid-from", "2026-03-01")
    ran = cli("import", "areas", path, *COLUMNS, *published)
    assert ran.status == 1
    assert "gisgov: Plan 'grid-a' has 1 overlap" in ran.stderr
    assert "(draft)" in ran.stdout
    answer = cli("import", "areas", path, *COLUMNS, *published, "--accept-defects", "继承", "--json")
    assert answer.status == 0
    assert answer.json()["publication"]["accepted_because"] == "继承"


@pytest.mark.usefixtures("grid")
def test_rejected_rows_keep_it_a_draft_too(cli: Callable[..., Any], tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", bad=1)
    published = ("--publish", "--valid-from", "2026-03-01")
    ran = cli("import", "areas", path, *COLUMNS, *published)
    assert ran.status == 1
    assert "The plan is not published, since rows were rejected" in ran.stderr
    assert "(draft)" in ran.stdout
    ran = cli("import", "areas", path, *COLUMNS, *published, "--accept-defects", "以后补")
    assert (ran.status, ran.stderr) == (1, "")
    assert "(published)" in ran.stdout


@pytest.mark.usefixtures("grid")
def test_options_reach_the_plan(cli: Callable[..., Any], database: Database, tmp_path: Path) -> None:
    options = (
        "--plan",
        "方案一",
        "--author",
        "规划科",
        "--scope-code",
        "330106",
        "--crs",
        "gcj02",
        "--code-field",
        "name",
    )
    ran = cli("import", "areas", written(tmp_path / "a.gpkg"), *COLUMNS, *options, "--json")
    assert ran.json()["crs"] == "GCJ-02"
    with database.begin() as connection:
        row = connection.execute(sa.select(plan.c.name, plan.c.author, plan.c.scope_code)).one()
    assert tuple(row) == ("方案一", "规划科", "330106")


@pytest.mark.usefixtures("grid")
def test_a_dry_run(cli: Callable[..., Any], database: Database, tmp_path: Path) -> None:
    ran = cli("import", "areas", written(tmp_path / "a.gpkg"), *COLUMNS, "--dry-run")
    assert "(not stored)" in ran.stdout
    with database.begin() as connection:
        assert connection.execute(sa.select(plan)).all() == []


@pytest.mark.usefixtures("grid")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--publish",), "--publish and --valid-from go together."),
        (("--valid-from", "2026-03-01"), "--publish and --valid-from go together."),
        (
            ("--publish", "--valid-from", "2026-03-01", "--dry-run"),
            "--publish cannot be tried with --dry-run.",
        ),
        (("--accept-defects", "so"), "--accept-defects goes with --publish."),
        (("--publish", "--valid-from", "soon"), "'soon' does not match the format"),
        (("--crs", "moon"), "'moon' is not known"),
        (("--crs", "EPSG:4549"), "a.gpkg states EPSG:4326, but EPSG:4549 was declared."),
        (("--layer", "moon"), "No layer is called 'moon'."),
        (("--file-layer", "x'; DROP TABLE area"), 'has no layer "x\'; DROP TABLE area"'),
        (("--parent-by", "luck"), "'luck' is not one of"),
        (("--strict",), "1 of the 3 rows of a.gpkg have problems, so nothing was imported"),
    ],
)
def test_mistakes_are_one_line_and_status_2(
    cli: Callable[..., Any], tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    ran = cli("import", "areas", written(tmp_path / "a.gpkg", bad=1), *COLUMNS, *options)
    assert ran.status == 2
    assert ran.stdout == ""
    assert ran.stderr.count("\n") == 1
    assert message in ran.stderr


@pytest.mark.usefixtures("grid")
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("no.gpkg", None, "There is no file"),
        ("empty.geojson", b"", "empty.geojson is empty"),
        ("cut.gpkg", b"SQLite format 3\x00" + bytes(60), "cut.gpkg is not a GeoPackage"),
        (
            "not.zip",
            b"PK\x05\x06" + bytes(18),
            "not.zip is not a zipped Shapefile: it holds a zip without a .shp",
        ),
        ("areas.shp", b'{"type": "FeatureCollection"}', "areas.shp is not a Shapefile: it holds GeoJSON"),
    ],
)
def test_files_that_are_no_use(
    cli: Callable[..., Any], tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = cli("import", "areas", tmp_path / name, *COLUMNS)
    assert ran.status == 2
    assert ran.stderr.count("\n") == 1
    assert message in ran.stderr
