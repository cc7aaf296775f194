"""``gisgov risk``: rules read and adopted, buildings rated, areas counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

WEST, EAST = shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)

RULES = """
version: "7"
title_zh: 试行
title_en: Trial
source: A test.
thresholds: {general: 10, warning: 20}
facts:
  - {name: built_year, kind: year, title_zh: 建成, title_en: Built, meaning: Year.}
factors:
  - name: age
    title_zh: 楼龄
    title_en: Age
    fact: built_year
    bands: [{at_most: 1959, points: 20}, {at_most: 1979, points: 10}]
"""


@pytest.fixture
def town(cli: Callable[..., Any], plant: Callable[..., None], tmp_path: Path) -> Callable[..., Any]:
    plant("grid", {"A": WEST, "B": EAST}, names={"A": "和平网格"})
    file = tmp_path / "buildings.csv"
    rows = [
        "1,114.005,22.505,1950",
        "2,114.006,22.505,1970",
        "3,114.015,22.505,2020",
        "4,115.0,22.5,1950",
        "5,,,",
    ]
    file.write_text("\n".join(["external_id,lon,lat,built_year", *rows]), encoding="utf-8")
    assert cli("import", "buildings", file, "--crs", "wgs84", "--source", "test").status == 0
    return cli


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.yaml"
    file.write_text(RULES, encoding="utf-8")
    return file


def test_rules_are_checked_before_they_are_adopted(cli: Callable[..., Any], rules: Path) -> None:
    assert "No risk rules were adopted yet." in cli("risk", "rules").stdout
    checked = cli("risk", "rules", rules, "--json")
    assert checked.json() == {"adopted": [], "read": "7", "is_new": False}
    assert "rules 7: adopted" in cli("risk", "rules", rules, "--adopt").stdout
    assert "adopted already" in cli("risk", "rules", rules, "--adopt").stdout
    assert cli("risk", "rules", "--example").stdout.startswith("rules example-2: sound")
    assert cli("risk", "rules", "--example", "--adopt", "--json").json()["is_new"] is True
    listed = cli("risk", "rules").stdout
    assert listed.index("example-2") < listed.index("7  ")
    assert "试行" in listed


def test_buildings_are_rated_by_the_latest_rules(town: Callable[..., Any], rules: Path) -> None:
    town("risk", "rules", rules, "--adopt")
    report = town("risk", "rate", "--json").json()
    assert report["counts"] == {"safe": 1, "general": 1, "warning": 2, "unclassified": 1}
    assert (report["buildings"], report["written"], report["version"]) == (5, 5, "7")
    again = town("risk", "rate").stdout
    assert "5 buildings rated by rules 7, 0 written" in again
    assert "from" not in again
    rules.write_text(RULES.replace('"7"', '"8"').replace("points: 10", "points: 30"), encoding="utf-8")
    town("risk", "rules", rules, "--adopt")
    assert "general  warning          1" in town("risk", "rate").stdout
    town("risk", "rules", "--example", "--adopt")
    assert "an example that nobody has decided on" in town("risk", "rate").stdout
    assert town("risk", "rate", "--version", "9").status == 2


def test_values_that_cannot_be_used_are_said(town: Callable[..., Any], rules: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("external_id,lon,lat,shape\n9,114.005,22.505,round\n", encoding="utf-8")
    assert town("import", "buildings", file, "--crs", "wgs84", "--source", "test").status == 0
    fact = "facts:\n  - {name: shape, kind: number, title_zh: 形, title_en: Shape, meaning: Ratio.}"
    factor = (
        "factors:\n  - {name: s, title_zh: 形, title_en: S, fact: shape, bands: [{at_least: 1, points: 1}]}"
    )
    rules.write_text(RULES.replace("facts:", fact).replace("factors:", factor), encoding="utf-8")
    town("risk", "rules", rules, "--adopt")
    assert "(1 buildings; the first is test 9)" in town("risk", "rate").stdout


def test_areas_are_ranked_by_warnings(town: Callable[..., Any], rules: Path) -> None:
    before = town("risk", "summary", "--at", "2026-03-01")
    assert "5 buildings were never rated: gisgov risk rate" in before.stdout
    town("risk", "rules", rules, "--adopt")
    town("risk", "rate")
    summary = town("risk", "summary", "--at", "2026-03-01", "--json").json()
    assert summary["total"]["counts"] == {"safe": 1, "general": 1, "warning": 2, "unclassified": 1}
    assert [(area["code"], area["warning_share"]) for area in summary["areas"]] == [
        ("A", 0.5),
        ("B", 0),
        (None, 0.5),
    ]
    shown = town("risk", "summary", "--at", "2026-03-01", "--layer", "grid").stdout
    assert "和平网格" in shown
    assert "(no area)" in shown
    assert "never rated" not in shown


def test_a_long_summary_is_cut(cli: Callable[..., Any], plant: Callable[..., None]) -> None:
    plant("grid", {f"G{i:02}": shapely.box(114 + i / 100, 22, 114.01 + i / 100, 22.01) for i in range(20)})
    assert "… and 5 more: --all" in cli("risk", "summary", "--at", "2026-03-01").stdout
    assert "more: --all" not in cli("risk", "summary", "--at", "2026-03-01", "--all").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rules", "--adopt"), "There are no rules to adopt. Name a FILE, or give --example."),
        (("rules", "x.yaml", "--example"), "two sets of rules"),
        (("rules", "x.yaml"), "x.yaml: no such file or directory."),
        (("rate",), "No risk rules were adopted yet."),
        (("summary",), "No plan of any partition layer is in force"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...], said: str, cli: Callable[..., Any]) -> None:
    ran = cli("risk", *arguments)
    assert ran.status == 2
    assert said in ran.stderr
