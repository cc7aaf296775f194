"""``gisgov plan compare``, ``gisgov lineage`` and ``gisgov statistics``."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
from two_plans import put_two_plans

from gisgov.store.database import Database


@pytest.fixture
def plans(database: Database) -> None:
    """The two plans ``winter`` and ``spring``."""
    put_two_plans(database)


def cells(text: str, start: str) -> list[str]:
    """Return the words of the line of a table that starts so."""
    return next(line for line in text.splitlines() if line.startswith(start)).split()


@pytest.mark.usefixtures("plans")
def test_plans_are_compared(cli: Callable[..., Any], tmp_path: Path) -> None:
    told = cli("plan", "compare", "winter", "spring", "--out", tmp_path / "changes.csv")
    assert told.status == 0, told.stderr
    assert "winter: 2 areas, 2 reshaped.\nspring: 2 areas, 2 reshaped." in told.stdout
    assert cells(told.stdout, "B 网格B  C")[4:] == ["4", "0.0114", "1", "0", "0", "0", "goes", "on", "under",
                                                    "this", "code"]  # fmt: skip
    assert cells(told.stdout, "total")[1:] == ["7", "0.0228", "2", "0", "0", "0"]
    assert "7 of 10 people (70.0%) and 0.0228 of 0.0456 km² (50.0%) change hands." in told.stdout
    with (tmp_path / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["people"] for row in csv.DictReader(file)] == ["3", "4"]
    assert cli("plan", "compare", "spring", "winter", "--out", tmp_path / "back.gpkg").status == 0
    assert geopandas.read_file(tmp_path / "back.gpkg")["people"].tolist() == [3, 4]
    assert "Nothing changes hands." in cli("plan", "compare", "spring", "spring").stdout
    refused = cli("plan", "compare", "winter", "spring", "--out", tmp_path / "changes.doc")
    assert (refused.status, "Or .csv." in refused.stderr) == (2, True)


@pytest.mark.usefixtures("plans")
def test_an_area_is_followed(cli: Callable[..., Any]) -> None:
    told = cli("lineage", "B", "--at", "2026-03-01").stdout
    assert told.startswith("B 网格B of layer grid, not in force on 2026-03-01\n")
    assert "in plan winter from 2026-01-01 to 2026-03-01" in told
    assert cells(told, "2026-03-01  B 网格B  C")[5:] == ["reshaped", "50.0%", "57.1%", "100.0%"]
    assert cells(told, "C ") == ["C", "网格C", "spring", "reshaped", "50.0%", "57.1%"]
    assert "It took over ground of:" in cli("lineage", "C", "--at", "2026-03-01").stdout
    assert len(cli("lineage", "A", "--layer", "grid", "--json").json()["before"]) == 2


@pytest.mark.usefixtures("plans")
def test_figures_are_shown_and_put_onto_other_areas(cli: Callable[..., Any], tmp_path: Path) -> None:
    told = cli("statistics", "show", "--layer", "grid", "--at", "2026-02-01", "--on", "2026-03-01", "--from",
               "2026-01-01").stdout  # fmt: skip
    assert "areas of 2026-02-01, on the areas of 2026-03-01; events 2026-01-01 to the last." in told
    assert cells(told, "A ")[3:5] == ["6", "2.29"]  # of 3 households of 7 people in B those of 3
    assert "Lost on the way: 0 (of" in told
    given = tmp_path / "given.csv"
    given.write_text("code,名称,visits\nB,x,14\n", encoding="utf-8")
    words = ("statistics", "transfer", given, "--from-plan", "winter", "--onto-plan", "spring")
    done = cli(*words, "--whole", "--out", tmp_path / "out.xlsx")
    assert "Left out, being no numbers: 名称." in done.stderr
    assert "Without figures, counted as zero: A." in done.stderr
    assert cells(done.stdout, "C") == ["C", "网格C", "8"]
    assert "Lost on the way: visits 0." in done.stdout
    assert (tmp_path / "out.xlsx").exists()
    assert cli(*words, "--out", tmp_path / "out.txt").status == 2
