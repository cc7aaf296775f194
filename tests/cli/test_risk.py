"""``gisgov risk``: rules read and adopted, buildings rated, areas counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

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


def in_force(cli: Callable[..., Any], rules: Path | None, version: str = "7") -> Any:
    """Propose rules and put them in force."""
    proposed = cli("risk", "propose", *(["--example"] if rules is None else [rules]))
    assert proposed.status == 0, proposed.stderr
    return cli("risk", "put-in-force", version, "--reason", "局务会议")


def test_rules_are_proposed_listed_shown_and_compared(
    cli: Callable[..., Any], rules: Path, tmp_path: Path
) -> None:
    assert "No risk rules are on record." in cli("risk", "rules").stdout
    assert "what they would change: gisgov risk preview 7" in cli("risk", "propose", rules).stdout
    assert "on record already: proposed" in cli("risk", "propose", rules).stdout
    assert cli("risk", "propose", "--example", "--json").json()["is_new"] is True
    cli("risk", "put-in-force", "7", "--reason", "局务会议")
    listed = cli("risk", "rules").stdout
    assert listed.index("7 ") < listed.index("example-2")
    assert "试行" in listed
    assert "局务会议" in listed
    on_record = cli("risk", "rules", "--json").json()["rules"]
    told = [(one["version"], one["state"]) for one in on_record]
    assert told == [("7", "in-force"), ("example-2", "proposed")]
    since = datetime.fromisoformat(on_record[0]["adopted_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{since:%Y-%m-%d %H:%M}" in listed
    assert "general: 10" in cli("risk", "show").stdout
    workbook = tmp_path / "out" / "rules.xlsx"
    assert f"{workbook} written." in cli("risk", "show", "example-2", "--out", workbook).stdout
    assert "on record already" in cli("risk", "propose", workbook).stdout
    assert cli("risk", "show", "--example", "--out", tmp_path / "e.yaml").stdout.endswith("e.yaml written.\n")
    rules.write_text(RULES.replace('"7"', '"8"').replace("points: 10", "points: 30"), encoding="utf-8")
    cli("risk", "propose", rules)
    assert "age: built_year<=1979" in cli("risk", "diff", "7", "8").stdout
    assert cli("risk", "diff", "7", "7").stdout == "rules 7 and 7 say the same\n"


def test_rules_are_previewed_before_they_are_in_force(town: Callable[..., Any], rules: Path) -> None:
    first = town("risk", "preview", rules, "--layer", "grid").stdout
    assert "rules 7 against no rules in force; nothing was written" in first
    assert "never rated" in first
    in_force(town, rules)
    rules.write_text(RULES.replace('"7"', '"8"').replace("points: 10", "points: 30"), encoding="utf-8")
    told = town("risk", "preview", rules).stdout
    assert "the class of 1 of 5 buildings would change" in told
    assert "test 2 in A\n  now   general, 10 points" in told
    assert "what they say otherwise" in told
    answer = town("risk", "preview", rules, "--json", "--shown", "0").json()
    assert (answer["changed"], answer["first"], answer["areas"][0]["more"]) == (1, [], 1)
    assert [one["version"] for one in town("risk", "rules", "--json").json()["rules"]] == ["7"]
    town("risk", "propose", rules)
    assert "the class of 1 of 5 buildings" in town("risk", "preview", "8").stdout
    assert town("risk", "preview", "--example").status == 0


def test_a_building_says_why_and_what_it_was(town: Callable[..., Any], rules: Path) -> None:
    in_force(town, rules)
    told = town("risk", "why", "2").stdout
    assert "一般 (general), 10 points" in told
    assert "建成：1979 年及以前，+10 分" in told
    assert "not rated yet on 2020-01-01" in town("risk", "why", "2", "--at", "2020-01-01").stdout
    rules.write_text(RULES.replace('"7"', '"8"').replace("points: 10", "points: 30"), encoding="utf-8")
    in_force(town, rules, "8")
    assert "警示 (warning), 30 points" in town("risk", "why", "2", "--source", "test").stdout
    history = town("risk", "history", "2").stdout
    assert history.startswith("test 2: 2 ratings, the latest first")
    assert len(town("risk", "history", "2", "--most", "1", "--json").json()["ratings"]) == 1
    assert "No building is called '99'." in town("risk", "why", "99").stderr
    assert "unknown" in town("risk", "why", "5").stdout


def test_buildings_are_rated_by_the_rules_in_force(town: Callable[..., Any], rules: Path) -> None:
    report = in_force(town, rules).stdout
    assert "rules 7 are in force\n5 buildings rated by rules 7, 5 written" in report
    assert town("risk", "rate", "--json").json()["counts"] == {
        "safe": 1,
        "general": 1,
        "warning": 2,
        "unclassified": 1,
    }
    again = town("risk", "rate").stdout
    assert "5 buildings rated by rules 7, 0 written" in again
    assert "from" not in again
    rules.write_text(RULES.replace('"7"', '"8"').replace("points: 10", "points: 30"), encoding="utf-8")
    changed = in_force(town, rules, "8").stdout
    assert "rules 8 are in force, in the place of 7" in changed
    assert "general  warning          1" in changed
    assert "an example that nobody has decided on" in in_force(town, None, "example-2").stdout


def test_values_that_cannot_be_used_are_said(town: Callable[..., Any], rules: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("external_id,lon,lat,shape\n9,114.005,22.505,round\n", encoding="utf-8")
    assert town("import", "buildings", file, "--crs", "wgs84", "--source", "test").status == 0
    fact = "facts:\n  - {name: shape, kind: number, title_zh: 形, title_en: Shape, meaning: Ratio.}"
    factor = (
        "factors:\n  - {name: s, title_zh: 形, title_en: S, fact: shape, bands: [{at_least: 1, points: 1}]}"
    )
    rules.write_text(RULES.replace("facts:", fact).replace("factors:", factor), encoding="utf-8")
    in_force(town, rules)
    assert "(1 buildings; the first is test 9)" in town("risk", "rate").stdout


def test_areas_are_ranked_by_warnings(town: Callable[..., Any], rules: Path) -> None:
    before = town("risk", "summary", "--at", "2026-03-01")
    assert "5 buildings were never rated until then: gisgov risk rate" in before.stdout
    in_force(town, rules)
    past = town("risk", "summary", "--at", "2026-03-01", "--json").json()
    assert (past["never_rated"], past["total"]["counts"]["unclassified"]) == (5, 5)
    summary = town("risk", "summary", "--json").json()
    assert summary["total"]["counts"] == {"safe": 1, "general": 1, "warning": 2, "unclassified": 1}
    assert [(area["code"], area["warning_share"]) for area in summary["areas"]] == [
        ("A", 0.5),
        ("B", 0),
        (None, 0.5),
    ]
    shown = town("risk", "summary", "--layer", "grid").stdout
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
        (("propose",), "One set of rules is proposed. Name a FILE, or give --example."),
        (("propose", "x.yaml", "--example"), "One set of rules is proposed."),
        (("propose", "x.yaml"), "x.yaml: no such file or directory."),
        (("preview",), "One set of rules is previewed."),
        (("preview", "9"), "No risk rules of version '9' are on record. There are none."),
        (("put-in-force", "9", "--reason", "x"), "No risk rules of version '9' are on record."),
        (("show", "--example"), "The example is not on record."),
        (("show", "--example", "--out", "x.txt"), "x.txt would be neither YAML nor a workbook."),
        (("rate",), "No risk rules are in force."),
        (("summary",), "No plan of any partition layer is in force"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...], said: str, cli: Callable[..., Any]) -> None:
    ran = cli("risk", *arguments)
    assert ran.status == 2
    assert said in ran.stderr
