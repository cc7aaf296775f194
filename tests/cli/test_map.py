"""``gisgov map``: files of the right kind, drawn from what the database holds."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from PIL import Image

WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)
KINDS = ("grids", "risk", "events", "defects")


@pytest.fixture
def town(cli: Callable[..., Any], plant: Callable[..., None], tmp_path: Path) -> Callable[..., Any]:
    """Two grids, three buildings and three events; returns ``cli``."""
    plant("grid", {"A": WEST, "B": EAST}, names={"A": "和平网格", "B": "<b>Bad</b> & 坏"})
    buildings = tmp_path / "buildings.csv"
    buildings.write_text(
        "external_id,lon,lat,name,built_year,fire_findings\n"
        "1,114.005,22.505,一栋,1950,9\n2,114.015,22.505,二栋,2020,0\n3,114.016,22.506,三栋,,\n",
        encoding="utf-8",
    )
    events = tmp_path / "events.csv"
    events.write_text(
        "external_id,lon,lat,source,occurred_at,level\n"
        "1,114.005,22.505,hotline,2026-02-01 08:00,一级\n2,114.2,22.505,camera,2026-02-15 08:00,二级\n"
        "3,,,patrol,2026-03-01 08:00,\n",
        encoding="utf-8",
    )
    for kind, file in (("buildings", buildings), ("events", events)):
        assert cli("import", kind, file, "--crs", "wgs84", "--source", "test").status == 0, kind
    return cli


def _map(town: Callable[..., Any], kind: str, out: Path, *more: str) -> Any:
    return town("map", kind, "--out", out, "--at", "2026-03-01", *more)


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_written(kind: str, town: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / f"{kind}.html"
    ran = _map(town, kind, out, "--json", "--title", "T<1>")
    assert (ran.status, ran.stderr) == (0, "")
    drawn = ran.json()
    html = out.read_text(encoding="utf-8")
    assert drawn["size_bytes"] == len(html.encode()) == out.stat().st_size
    assert (drawn["kind"], drawn["layer"], drawn["plans"], drawn["title"]) == (
        kind,
        "grid",
        ["grid-2026"],
        "T<1>",
    )
    assert drawn["drawn"]["grids"] == 2
    assert "<h1>T&lt;1&gt;</h1>" in html
    assert "2026-03-01 现行 · 方案 grid-2026" in html
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []


def test_the_figures_are_those_of_the_database(town: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "map.html"
    assert _map(town, "risk", out, "--json").json()["drawn"] == {"grids": 2, "buildings": 3}
    assert "未评定" in out.read_text(encoding="utf-8")
    assert town("risk", "propose", "--example").status == 0
    assert town("risk", "put-in-force", "example-2", "--reason", "a test").status == 0
    assert _map(town, "risk", out, "--language", "en").stdout.endswith(" MB\n")
    page = out.read_text(encoding="utf-8")
    assert "rules example-2 (example)" in page
    assert "Areas measured in " in page
    assert _map(town, "events", out, "--json").json()["drawn"] == {"grids": 2, "events": 2}
    page = out.read_text(encoding="utf-8")
    assert "未上图 1 条：无坐标 1" in page
    assert "2026-02-01 至 2026-03-01" in page
    period = _map(town, "events", out, "--json", "--from", "2026-02-01", "--to", "2026-02-01").json()
    assert period["drawn"]["events"] == 1


@pytest.mark.parametrize("kind", ["grids", "defects"])
def test_sheets_are_printed(kind: str, town: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "sheet.PNG"
    assert _map(town, kind, out, "--language", "en", "--paper", "a4").status == 0
    assert Image.open(io.BytesIO(out.read_bytes())).size == pytest.approx((2338, 1653), abs=2)
    out = tmp_path / "sheet.pdf"
    assert (
        _map(town, kind, out, "--language", "en", "--view", "areas" if kind == "grids" else kind).status == 0
    )
    assert out.read_bytes().startswith(b"%PDF-")


def test_a_draft_is_drawn_with_its_defects(
    town: Callable[..., Any], plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("grid", {"C": WEST, "D": WEST}, plan="idea", scope="x", valid_from=None)
    out = tmp_path / "idea.html"
    ran = town("map", "defects", "--plan", "idea", "--out", out, "--json")
    assert ran.status == 0
    assert ran.json()["plans"] == ["idea"]
    assert ran.json()["drawn"]["defects"] >= 1
    page = out.read_text(encoding="utf-8")
    assert "方案 idea" in page
    assert "现行" not in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("grids", "--out", "map.svg"),
            "cannot be written as 'map.svg'. End it with .html, .png or .pdf; for its figures",
        ),
        (
            ("grids", "--out", "no/such/folder/map.html"),
            "map.html cannot be written: there is no folder no/such/folder. Make it, or name another one in",
        ),
        (
            ("grids", "--out", f"{'m' * 300}.html"),
            f"gisgov: {'m' * 300}.html cannot be written: File name too long.",
        ),
        (("grids", "--out", "map.html", "--layer", "beat"), "No layer is called 'beat'"),
        (("grids", "--out", "map.html", "--at", "2020-01-01"), "in force on 2020-01-01"),
        (("grids", "--out", "map.html", "--at", "soon"), "'soon' is no date"),
        (("risk", "--out", "map.pdf", "--view", "tiles"), "no view 'tiles'"),
        (("events", "--out", "map.html", "--from", "2026-02-02", "--to", "2026-02-01"), "before it begins"),
        (("defects", "--out", "map.html", "--plan", "idea"), "No plan is called 'idea'"),
        (("grids", "--out", "map.html", "--language", "fr"), "'fr' is not one of 'zh', 'en'"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(
    arguments: tuple[str, ...],
    said: str,
    town: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = (*arguments, "--language", "en") if "--language" not in arguments else arguments
    ran = town("map", *given) if "--at" in given else town("map", *given, "--at", "2026-03-01")
    assert ran.status == 2
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert not (tmp_path / "map.html").exists()


def test_a_map_that_fails_leaves_the_former(town: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "map.html"
    out.write_text("before", encoding="utf-8")
    assert _map(town, "grids", out, "--layer", "beat").status == 2
    assert out.read_text(encoding="utf-8") == "before"
