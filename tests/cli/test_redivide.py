"""``gisgov redivide``: what is asked, told, written and stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import jsonschema
import pandas as pd
import pytest
from lattices import EAST, SCOPE, WEST, lattice, settle
from pydantic import TypeAdapter

from gisgov.services.redividing import RedivisionReport
from gisgov.store.database import Database

FRESH = ("redivide", "--layer", "subgrid", "--scope", SCOPE, "--at", "2026-03-01")


@pytest.fixture
def cells(database: Database, plant: Callable[..., None]) -> geopandas.GeoDataFrame:
    """Two communities of 10 × 10 blocks of 500 people each: 19 targets of work."""
    frame = lattice(20, 10)
    settle(database, plant, frame)
    return frame


@pytest.mark.usefixtures("cells")
def test_a_new_draft_is_told_in_tables(cli: Callable[..., Any]) -> None:
    ran = cli(*FRESH, "--plan", "p", "--total", "10")
    assert ran.status == 0, ran.stderr
    lines = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert lines[0].startswith("子网格 subgrid: 200 blocks, 100,000 people and 9.1")
    assert lines[0].endswith("km² make 10 areas (as many in all as asked for)")
    assert lines[1].startswith("load: 0.5·population/5,000 + 0.5·area_km2/0.5 = 19.1")
    assert any(line.startswith(f"{WEST} 西社区 100 9.") and line.endswith(" 5 9 - 1") for line in lines), (
        lines
    )
    assert any(re.match(r"1 p \d+\.\d% 100\.0% ", line) for line in lines), lines
    listed = cli("plan", "show", "p", "--json").json()
    assert (listed["plan"]["areas"], listed["blocks"]) == (10, 200)


@pytest.mark.usefixtures("cells")
def test_the_document_is_that_of_its_schema(cli: Callable[..., Any]) -> None:
    told = cli(*FRESH, "--plan", "p", "--weight", "households=0.5", "--json").json()
    jsonschema.validate(told, TypeAdapter(RedivisionReport).json_schema(mode="serialization"))
    assert [term["target"] for term in told["rule"]] == [5000.0, 0.5, 1800.0]
    schema = cli("schema", "redivide").json()
    assert "alternatives" in schema["properties"]


@pytest.mark.usefixtures("cells")
def test_a_plan_is_started_from_and_changed_in_place(cli: Callable[..., Any]) -> None:
    cli(*FRESH, "--plan", "p", "--total", "10")
    told = cli("redivide", "--from", "p", "--plan", "q", "--one-more", WEST, "--json").json()
    assert (told["counted_by"], told["areas"], told["areas_untouched"]) == ("one-more", 6, 5)
    cli("draft", "snapshot", "p", "s")
    ran = cli("redivide", "--from", "p", "--plan", "p", "--how-many", "rule", "--max-moved-share", "80%")
    assert ran.status == 0, ran.stderr
    assert cli("plan", "show", "p", "--json").json()["plan"]["areas"] == 19
    assert "written" in cli("draft", "log", "p").stdout
    for words in (("branch", "p", "b", "--snapshot", "s"), ("restore", "p", "s")):
        ran = cli("draft", *words)
        assert ran.status == 0, ran.stderr
    assert [cli("plan", "show", one, "--json").json()["plan"]["areas"] for one in "bp"] == [10, 10]
    ran = cli("redivide", "--from", "q", "--plan", "r", "--parents", EAST, "--locked", f"{EAST}001")
    assert "in other parents: 6 areas, which stay as they are" in ran.stdout
    assert "At least 0 people move" in ran.stdout


@pytest.mark.usefixtures("cells")
def test_alternatives_are_compared_and_chosen(cli: Callable[..., Any]) -> None:
    ran = cli(*FRESH, "--plan", "p", "--alternatives", "2", "--keep", "none")
    assert ran.stdout.count("not stored") == 2
    cli(*FRESH, "--plan", "p", "--alternatives", "2", "--keep", "2")
    cli(*FRESH, "--plan", "p", "--alternatives", "2", "--keep", "all")
    names = {one["name"] for one in cli("plan", "list", "--layer", "subgrid", "--json").json()}
    assert names == {"p", "p-1", "p-2"}


def test_files_say_what_is_kept(
    cli: Callable[..., Any], cells: geopandas.GeoDataFrame, tmp_path: Path
) -> None:
    group = cells[cells["code"].isin(["0004", "0005"])].dissolve()
    group.to_file(tmp_path / "compounds.gpkg")
    (tmp_path / "apart.csv").write_text("a,b\n0100,0101\n", encoding="utf-8")
    pd.DataFrame({"lon": [114.001, 114.005], "lat": [22.501] * 2}).to_csv(tmp_path / "s.csv", index=False)
    ran = cli(
        *FRESH, "--plan", "p", "--count", f"{WEST}=20", "--count", f"{EAST}=3", "--seed", "2",
        "--together", tmp_path / "compounds.gpkg", "--apart", tmp_path / "apart.csv",
        "--seats", tmp_path / "s.csv", "--seats-crs", "wgs84", "--out", tmp_path / "areas.gpkg",
        "--out", tmp_path / "areas.csv",
    )  # fmt: skip
    assert ran.status == 0, ran.stderr
    assert f"{tmp_path / 'areas.gpkg'} written" in ran.stderr
    assert "Obstacles:" in ran.stdout
    areas = geopandas.read_file(tmp_path / "areas.gpkg", layer="areas")
    assert len(areas) == 23

    def owner(code: str) -> str:
        place = cells.geometry[cells["code"] == code].iloc[0].representative_point()
        return str(areas["code"][areas.contains(place)].iloc[0])

    assert owner("0004") == owner("0005")
    assert owner("0100") != owner("0101")


@pytest.mark.usefixtures("cells")
def test_a_field_of_blocks_says_what_is_together(cli: Callable[..., Any]) -> None:
    ran = cli(*FRESH, "--plan", "p", "--together", "compound")
    assert (ran.status, ran.stderr) == (2, "gisgov: No block has 'compound'.\n")
    ran = cli(*FRESH, "--plan", "p", "--apart", "compound")
    assert (ran.status, ran.stderr) == (2, "gisgov: No block has 'compound'.\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--band", "x"), "'x' is no share; write 5% or 0.05."),
        (("--band", "120%"), "'120%' is no share from 0 to 1"),
        (("--keep", "some"), "--keep some: say all, none or the number of an alternative."),
        (("--count", "A"), "--count A: write it as NAME=VALUE."),
        (("--count", "A=many"), "--count A=many names no number of areas."),
        (("--out", "areas.tiff"), "does not write .tiff"),
        (("--policy", "none.yaml"), "none.yaml: no such file"),
    ],
)
def test_words_that_cannot_be_read_are_refused_before_the_work(
    cli: Callable[..., Any], words: tuple[str, ...], message: str
) -> None:
    ran = cli(*FRESH, "--plan", "p", *words)
    assert ran.status == 2
    assert message in ran.stderr


@pytest.mark.usefixtures("cells")
def test_what_cannot_be_had_at_once_is_said(cli: Callable[..., Any]) -> None:
    ran = cli(*FRESH, "--plan", "p", "--band", "1%", "--limit", "2%", "--keep", "none")
    assert "Both targets at once, people and ground, cannot be kept to in " in ran.stdout


@pytest.mark.usefixtures("cells")
def test_ctrl_c_leaves_nothing_behind(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(items: Iterable[Any], *, label: str, total: int | None = None) -> Iterator[Any]:
        for number, item in enumerate(items):
            if label == "storing the drafts" and number == 1:
                raise KeyboardInterrupt
            yield item

    monkeypatch.setattr("gisgov.cli.redivide.progress", lambda: interrupted)
    ran = cli(*FRESH, "--plan", "p", "--alternatives", "2")
    assert (ran.status, ran.stderr.strip()) == (130, "Interrupted.")
    assert cli("plan", "list", "--layer", "subgrid", "--json").json() == []


@pytest.mark.usefixtures("cells")
def test_many_parents_and_obstacles_are_cut_short(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gisgov.cli.redivide_texts._MOST_LINES", 1)
    ran = cli(*FRESH, "--plan", "p", "--count", f"{WEST}=37", "--alternatives", "2", "--keep", "none")
    assert "… and 1 more (--json lists all)" in ran.stdout
    assert "Obstacles of 1:" in ran.stdout
    assert ran.stdout.count("(--json lists all)") == 3
