"""``gisgov device`` and the maps of devices and of vacancies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
import sqlalchemy as sa

from gisgov.store.database import Database
from gisgov.store.tables import layer

DEVICES = (
    "id,kind,title,state,state_at,lon,lat\n"
    "c1,camera,路口,online,2026-03-01 08:00,114.005,22.505\n"
    "c2,camera,,offline,2026-03-01 08:00,114.015,22.505\n"
    "s1,smoke-detector,,online,2026-03-01 08:00,114.015,22.505\n"
    "c3,camera,,online,2026-03-01 08:00,114.2,22.505\n"
)


@pytest.fixture
def town(cli: Callable[..., Any], plant: Callable[..., None], tmp_path: Path) -> Callable[..., Any]:
    cells = {"A": shapely.box(114.0, 22.5, 114.01, 22.51), "B": shapely.box(114.01, 22.5, 114.02, 22.51)}
    plant("grid", cells)
    (tmp_path / "devices.csv").write_text(DEVICES, encoding="utf-8")
    assert cli("import", "devices", tmp_path / "devices.csv", "--crs", "wgs84").status == 0
    return cli


def test_devices_are_listed_counted_and_told_of(town: Callable[..., Any], tmp_path: Path) -> None:
    at = ("--layer", "grid", "--at", "2026-03-01")
    assert town("device", "list", *at, "--limit", "2").stdout.splitlines() == [
        "id  kind    title  state    heard of          area",
        "c1  camera  路口   online   2026-03-01 08:00  A",
        "c2  camera  -      offline  2026-03-01 08:00  B",
        "",
        "There are more: go on with --after c2",
    ]
    assert town("device", "list", "--state", "retired").stdout == "No such device.\n"
    out = tmp_path / "devices.xlsx"
    counted = town("device", "statistics", *at, "--out", out)
    assert counted.stdout.splitlines()[2:] == [
        "code  name        devices  online  offline  retired  online %  camera %  smoke detector %",
        "A     grid A            1       1        0        0     100.0     100.0                 -",
        "B     grid B            2       1        1        0      50.0       0.0             100.0",
        "      in no area        1       1        0        0     100.0     100.0                 -",
        "      all               4       3        1        0      75.0      66.7             100.0",
    ]
    assert out.stat().st_size > 1000
    assert town("device", "statistics", *at, "--out", tmp_path / "x.txt").status == 2
    assert town("device", "report", "c1", "offline").stdout == "c1: is now so\n"
    assert town("device", "report", "c1", "offline").stdout == "c1: was so before\n"
    refused = town("device", "report", "nobody", "online")
    assert (refused.status, refused.stdout) == (
        1,
        "nobody: No device that you may report of is called 'nobody'.\n",
    )


def test_maps_of_devices_and_of_vacancies(
    town: Callable[..., Any], database: Database, tmp_path: Path
) -> None:
    with database.begin() as connection:
        connection.execute(sa.update(layer).values(staffing="1 网格长 + 2 网格员"))
    assert town("staff", "appoint", "grid", "A", "网格长", "王").status == 0
    drawn = {}
    for kind in ("devices", "vacancies"):
        out = tmp_path / f"{kind}.html"
        ran = town("map", kind, "--out", out, "--at", "2026-03-01", "--json")
        assert (ran.status, ran.stderr) == (0, "")
        drawn[kind] = ran.json()
        assert "2026-03-01 现行" in out.read_text(encoding="utf-8")
    assert drawn["devices"]["views"] == ["online", "states", "kind-0", "kind-1"]
    assert drawn["devices"]["drawn"]["devices"] == 4
    assert drawn["vacancies"]["views"] == ["missing", "filled", "role-0", "role-1"]
    told = (tmp_path / "devices.html").read_text(encoding="utf-8")
    assert "以外设备 1 台" in told
    for kind, sheets in (("devices", ["grid层", "设备"]), ("vacancies", ["grid层"])):
        out = tmp_path / f"{kind}.xlsx"
        assert town("map", kind, "--out", out, "--at", "2026-03-01").status == 0
        book = openpyxl.load_workbook(out)
        assert book.sheetnames[: len(sheets)] == sheets
    header, *rows = book.worksheets[0].values
    area = next(told for row in rows if (told := dict(zip(header, row, strict=True)))["编码"] == "A")
    assert (area["应配岗位"], area["空缺"], area["空缺：网格员"]) == (3, 2, 2)
    assert float(area["到岗率"]) == pytest.approx(1 / 3, abs=1e-4)
