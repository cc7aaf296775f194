"""``gisgov import events`` and ``gisgov import buildings``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def grid(plant: Callable[..., None]) -> None:
    plant("grid", {"a": shapely.box(120, 30, 120.01, 30.01)})


def csv(path: Path, *rows: str, header: str = "编号,时间,经度,纬度") -> Path:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


@pytest.mark.usefixtures("grid")
def test_events_as_text(cli: Callable[..., Any], tmp_path: Path) -> None:
    rows = ["1,2026-02-01 08:30,120.005,30.005", "2,2026-02-01 08:30,120.02,30.005", "3,2026-02-01,,"]
    ran = cli("import", "events", csv(tmp_path / "a.csv", *rows), "--crs", "wgs84")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "a.csv in EPSG:4326: 3 rows, 3 inserted, 0 updated, 0 unchanged, 0 rejected.",
        (
            "Columns read: lon: 经度 (by its name), lat: 纬度 (by its name), id: 编号 (by its name), "
            "time: 时间 (by its name)."
        ),
        "Times are read as ISO 8601.",
        "",
        "layer  joined  on border  in none  no plan then",
        "grid        1          0        2             0",
        "",
        "In no area: 1 no-coordinate, 1 outside (grid)",
        "  row 2 (2): lies in no area of layer grid; a is 964.8 m away",
        "  row 3 (3): has no value in '经度'",
    ]


@pytest.mark.usefixtures("grid")
def test_many_orphans_go_to_a_file(cli: Callable[..., Any], tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", *[f"{i},2026-02-01,," for i in range(12)], "x,2026-02-01,120.005,30.005")
    place = tmp_path / "orphans.csv"
    ran = cli("import", "events", path, "--crs", "wgs84", "--orphans", place)
    assert ran.stdout.splitlines()[-1] == f"  … and 2 more (--orphans wrote all to {place})"
    assert len(place.read_text("utf-8-sig").splitlines()) == 13
    assert "--orphans PATH writes all" in cli("import", "events", path, "--crs", "wgs84").stdout


@pytest.mark.usefixtures("grid")
def test_rejected_rows_give_status_1(cli: Callable[..., Any], tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", "1,2026-02-01,120.005,30.005", ",2026-02-01,120.005,30.005")
    ran = cli("import", "events", path, "--crs", "wgs84", "--id-field", "编号", "--json")
    assert ran.status == 1
    answer = ran.json()
    assert [one["kind"] for one in answer["problems"]] == ["missing-id"]
    assert answer["rejects_path"] == "a.events.rejects.csv"
    assert answer["joined"] == [{"layer": "grid", "joined": 1, "on_border": 0, "orphans": 0, "no_plan": 0}]


@pytest.mark.usefixtures("grid")
def test_columns_can_be_named(cli: Callable[..., Any], tmp_path: Path) -> None:
    header = "k,t,x1,y1,c,l,s,d,src"
    path = csv(
        tmp_path / "a.csv", "1,1/2/2026 5:00,120.005,30.005,树,一级,已办结,倒伏,12345 热线", header=header
    )
    named = {
        "id": "k", "time": "t", "lon": "x1", "lat": "y1", "category": "c", "level": "l", "state": "s",
        "description": "d", "source": "src",
    }  # fmt: skip
    options = [word for name, column in named.items() for word in (f"--{name}-field", column)]
    answer = cli(
        "import", "events", path, "--crs", "wgs84", *options, "--time-format", "%d/%m/%Y %H:%M", "--json"
    ).json()
    assert {one["holds"]: one["column"] for one in answer["fields"]} == named
    assert answer["time_format"] == "%d/%m/%Y %H:%M"
    assert answer["inserted"] == 1


@pytest.mark.usefixtures("grid")
def test_buildings(cli: Callable[..., Any], tmp_path: Path) -> None:
    header = "楼,lon,lat,n,f,h,p,u,y"
    path = csv(tmp_path / "a.csv", "1,120.005,30.005,一栋,7,20,60,住宅,1998", header=header)
    named = {
        "id": "楼",
        "name": "n",
        "floors": "f",
        "households": "h",
        "population": "p",
        "use": "u",
        "built-year": "y",
    }
    options = [word for name, column in named.items() for word in (f"--{name}-field", column)]
    answer = cli("import", "buildings", path, "--crs", "wgs84", "--source", "普查", *options, "--json").json()
    assert answer["kind"] == "buildings"
    assert {one["holds"] for one in answer["fields"]} >= {"built_year", "floors"}
    assert answer["joined"][0]["joined"] == 1
    again = cli("import", "buildings", path, "--crs", "wgs84", "--source", "普查", *options)
    assert "1 unchanged" in again.stdout
    assert "Times are read" not in again.stdout


@pytest.mark.usefixtures("grid")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "a.csv does not state its coordinate system."),
        (("--crs", "EPSG:4549"), "cannot be right"),
        (
            ("--crs", "wgs84", "--lon-field", "纬度", "--lat-field", "经度"),
            "Swap --lon-field and --lat-field.",
        ),
        (("--crs", "wgs84", "--lon-field", "经度"), "Name both --lon-field and --lat-field"),
        (("--crs", "wgs84", "--time-field", "when"), "a.csv has no field 'when'."),
        (
            ("--crs", "wgs84", "--rejects", "a.docx", "--level-field", "编号", "--strict"),
            "a.docx would be a CSV file",
        ),
    ],
)
def test_mistakes_are_one_line_and_status_2(
    cli: Callable[..., Any], tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    path = csv(tmp_path / "a.csv", "x,2026-02-01,120.005,30.005")
    ran = cli("import", "events", path, *options)
    assert ran.status == 2
    assert ran.stderr.count("\n") == 1
    assert message in ran.stderr
