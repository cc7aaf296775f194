"""``gisgov map risk``, ``risk-change``, ``risk-hotspots``: what they are asked, and what their files say."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
import sqlalchemy as sa
from PIL import Image

from gisgov.store.database import Database

GRIDS = {
    code: shapely.box(round(114 + k / 100, 7), 22.5, round(114 + (k + 1) / 100, 7), 22.51)
    for k, code in enumerate("ABCD")
}
BUILDINGS = """external_id,lon,lat,name
1,114.005,22.505,一栋
2,114.006,22.505,二栋
3,114.015,22.505,三栋
4,114.025,22.505,四栋
5,,,五栋
"""
# class of each building on two days; what a definition is does not matter here
RATINGS = (
    *(("1", "2026-03-01", "safe"), ("2", "2026-03-01", "warning"), ("3", "2026-03-01", "general")),
    *(("1", "2026-09-01", "warning"), ("3", "2026-09-01", "safe"), ("4", "2026-09-01", "warning")),
)
RULES = {
    "version": "7",
    "title_zh": "试行",
    "title_en": "Trial",
    "source": "A test.",
    "example": True,
    "thresholds": {"general": 10, "warning": 20},
    "facts": [
        {"name": "built_year", "kind": "year", "title_zh": "建成", "title_en": "Built", "meaning": "Year."}
    ],
    "factors": [
        {
            "name": "age",
            "title_zh": "楼龄",
            "title_en": "Age",
            "fact": "built_year",
            "bands": [{"at_most": 1959, "points": 20}],
        }
    ],
}


@pytest.fixture
def town(
    cli: Callable[..., Any], plant: Callable[..., None], database: Database, tmp_path: Path
) -> Callable[..., Any]:
    """Four grids, five buildings rated on two days; returns ``cli``."""
    plant("grid", GRIDS, names={"A": "和平网格"}, valid_from=None)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE area SET population = 2000 WHERE code IN ('A', 'B')"))
        connection.execute(
            sa.text("UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now()")
        )
    file = tmp_path / "buildings.csv"
    file.write_text(BUILDINGS, encoding="utf-8")
    assert cli("import", "buildings", file, "--crs", "wgs84", "--source", "test").status == 0
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO risk_rules (version, definition, adopted_at) VALUES ('7', :rules, now())"
            ).bindparams(sa.bindparam("rules", RULES, type_=sa.JSON))
        )
        for external_id, day, risk_class in RATINGS:
            given = {"id": external_id, "at": f"{day} 09:00+08", "class": risk_class}
            connection.execute(
                sa.text("""
                    INSERT INTO risk_rating
                    SELECT id, CAST(:at AS TIMESTAMPTZ), :class, 30, '{}', '7', '{NULL}'
                    FROM building WHERE external_id = :id"""),
                given,
            )
            connection.execute(
                sa.text("""
                    UPDATE building
                    SET risk_class = :class, risk_points = 30, risk_reasons = '{}', risk_rules_version = '7',
                        rated_at = CAST(:at AS TIMESTAMPTZ)
                    WHERE external_id = :id"""),
                given,
            )
    return cli


def figures(town: Callable[..., Any], tmp_path: Path, kind: str, *more: str) -> dict[str, Any]:
    """Draw a map and return its figures."""
    out = tmp_path / "figures.json"
    ran = town("map", kind, "--out", out, "--language", "en", *more)
    assert (ran.status, ran.stderr) == (0, "")
    return json.loads(out.read_text(encoding="utf-8"))


def rows(legend: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["name"], row["figures"][0]) for row in legend["rows"]]


def test_areas_are_classed_as_asked_on_the_day_asked(town: Callable[..., Any], tmp_path: Path) -> None:
    told = figures(
        town, tmp_path, "risk", "--measure", "per-1000", "--classify", "manual", "--breaks", "0.5,2"
    )
    assert rows(told["legend"][1]) == [
        ("2 or more", "0"),
        ("0.5–2", "1"),
        ("under 0.5", "1"),
        ("no people on record", "2"),
    ]
    assert told["legend"][1]["note"] == "Classes: limits as given, 3"
    assert "rules 7 (example)" in told["headline"]
    assert told["headline"].endswith("last rated on 2026-09-01")
    assert "Coordinates: WGS 84 (EPSG:4326)" in told["notes"]
    areas = {row["code"]: row for row in told["tables"]["grids"]}
    assert (areas["A"]["warning"], areas["A"]["share"], areas["A"]["per_1000"]) == (2, 1.0, 1.0)
    assert areas["D"]["share"] is None
    quantiles = figures(
        town, tmp_path, "risk", "--measure", "count", "--classify", "quantile", "--classes", "3"
    )
    assert rows(quantiles["legend"][1]) == [
        ("2 or more", "1"),
        ("1–2", "1"),
        ("under 1", "1"),
        ("no building", "1"),
    ]
    told = figures(town, tmp_path, "risk", "--rated", "2026-03-31")
    assert rows(told["legend"][0]) == [
        ("Safe", "1"),
        ("General", "1"),
        ("Warning", "1"),
        ("Unclassified", "1"),
    ]
    assert "as rated by 2026-03-31" in told["headline"]
    told = figures(town, tmp_path, "risk", "--bandwidth", "120")
    assert told["legend"][2]["note"] == "Density: Gaussian kernel, bandwidth 120 m"
    page = tmp_path / "risk.html"
    assert town("map", "risk", "--out", page, "--bandwidth", "120").status == 0
    assert '"bandwidth_m":120.0' in page.read_text(encoding="utf-8")


def test_changes_are_drawn_counted_and_listed(town: Callable[..., Any], tmp_path: Path) -> None:
    days = ("--from", "2026-03-01", "--to", "2026-09-01")
    told = figures(town, tmp_path, "risk-change", *days)
    assert rows(told["legend"][0]) == [
        ("Worse", "1"),
        ("Newly rated", "1"),
        ("Better", "1"),
        ("Unchanged", "1"),
    ]
    assert [row["former"] for row in told["tables"]["became"]] == ["Safe", "No class"]
    assert told["headline"].startswith("2026-03-01 to 2026-09-01")
    book_file = tmp_path / "change.xlsx"
    assert town("map", "risk-change", "--out", book_file, *days).status == 0
    book = openpyxl.load_workbook(book_file)
    assert book.sheetnames == ["grid层", "变为警示", "图例", "说明"]
    became = list(book.worksheets[1].values)
    assert [row[became[0].index("名称")] for row in became[1:]] == ["一栋", "四栋"]
    sheet = tmp_path / "change.png"
    assert town("map", "risk-change", "--out", sheet, "--paper", "a4", "--portrait", *days).status == 0
    assert Image.open(io.BytesIO(sheet.read_bytes())).size == pytest.approx((1653, 2338), abs=2)


def test_hot_spots_say_how_they_were_found(town: Callable[..., Any], tmp_path: Path) -> None:
    told = figures(town, tmp_path, "risk-hotspots", "--permutations", "99", "--neighbours", "rook")
    assert rows(told["legend"][0])[-1] == ("Not tested", "1")
    lines = told["legend"][0]["lines"]
    assert any("sides, itself included" in line for line in lines)
    table = tmp_path / "cells.csv"
    cells = ("--over", "cells", "--cell", "300", "--measure", "count", "--permutations", "99")
    assert town("map", "risk-hotspots", "--out", table, *cells).status == 0
    found = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert sum(int(row["楼栋"]) for row in found) == 4
    assert {"方格", "Gi* z 值", "p"} <= found[0].keys()


REFUSED = (
    (("risk", "--classify", "manual"), "go with the method manual"),
    (("risk", "--classify", "manual", "--breaks", "a,b"), "'a,b' is no list of numbers"),
    (("risk", "--classes", "9"), "9 classes cannot be drawn"),
    (("risk", "--bandwidth", "9000"), "A bandwidth of 9000 m cannot"),
    (("risk", "--rated", "soon"), "'soon' is no date"),
    (("risk-change", "--from", "2026-03-01", "--to", "2026-03-01"), "no days in between"),
    (("risk-hotspots", "--alpha", "0"), "0 is no rate"),
    (("risk-hotspots", "--over", "cells", "--measure", "per-1000"), "Cells have no people"),
)


def test_what_cannot_be_drawn_is_said_in_one_line(town: Callable[..., Any], tmp_path: Path) -> None:
    for arguments, said in REFUSED:
        ran = town("map", *arguments, "--out", tmp_path / "map.html")
        assert ran.status == 2, arguments
        assert said in ran.stderr
        assert len(ran.stderr.splitlines()) == 1, arguments
        assert not (tmp_path / "map.html").exists()
