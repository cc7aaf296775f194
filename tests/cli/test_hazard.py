"""``gisgov hazard`` and ``gisgov import hazards``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hazard_ground
import pytest

from gisgov.store.database import Database

Cli = Callable[..., Any]
RECORD = ("hazard", "record", "h1", "--source", "inspection", "--kind", "fire", "--found", "2026-05-01")


@pytest.fixture
def ground(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("GISGOV_DATABASE_URL", database_url)
    hazard_ground.settle(database)
    return database


def test_a_hazard_goes_its_way(cli: Cli, ground: Database, tmp_path: Path) -> None:
    recorded = cli(*RECORD, "--building", "a1", "--due", "2026-05-09", "--description", "楼道堆物")
    assert recorded.status == 0, recorded.stderr
    lines = recorded.stdout.splitlines()
    assert lines[0] == "1 new, 0 carried on, 0 known, 0 refused; 1 buildings rated otherwise."
    assert lines[1].endswith(", created")
    key = json.loads(cli("hazard", "list", "--json").stdout)["hazards"][0]["id"]

    assert "overdue" in cli("hazard", "list", "--overdue").stdout
    stepped = cli("hazard", "step", str(key), "extend", "--reason", "waits", "--due", "2099-01-01")
    assert "due 2099-01-01." in stepped.stdout
    assert cli("hazard", "list", "--overdue").stdout == "No such hazard.\n"
    assert cli("hazard", "step", str(key), "check").status == 2
    shown = cli("hazard", "show", str(key)).stdout.splitlines()
    assert shown[1:3] == ["楼道堆物", shown[2]]
    assert shown[3].endswith("due 2099-01-01: waits")
    assert shown[-1] == "Next: rectify or extend."

    table = tmp_path / "h.xlsx"
    asked = ("--layer", "grid", "--at", "2026-05-10", "--since", "2026-05-01", "--out", str(table))
    counted = cli("hazard", "statistics", *asked)
    assert counted.status == 0, counted.stderr
    rows = [line.split() for line in counted.stdout.splitlines()]
    assert ["A", "grid", "A", "1", "1", "0", "0", "0", "0.0"] in [row[:9] for row in rows]
    assert table.read_bytes()[:2] == b"PK"


def test_what_is_refused_is_told_and_found(cli: Cli, ground: Database) -> None:
    refused = cli(*RECORD, "--building", "none")
    assert refused.status == 1
    assert "h1: There is no building none where you may see buildings." in refused.stdout


def test_lists_come_in_pages(cli: Cli, ground: Database) -> None:
    for number in range(2):
        cli("hazard", "record", f"h{number}", *RECORD[3:], "--building", "a1", "--checked", "2026-05-03",
            "--rectified", "2026-05-02")  # fmt: skip
    page = cli("hazard", "list", "--limit", "1", "--layer", "grid", "--area", "A", "--state", "checked")
    assert page.stdout.splitlines()[-1].startswith("More: --after ")


def test_files_are_imported(
    cli: Cli, ground: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "h.csv"
    path.write_text("id,house,kind,found_on\n1,a1,fire,2026-05-01\n2,zz,fire,2026-05-01\n", encoding="utf-8")
    done = cli("import", "hazards", str(path), "--building-field", "house", "--source", "x")
    assert done.status == 1
    assert done.stdout.startswith("h.csv: 2 rows, 1 new, 0 changed, 0 unchanged, 1 rejected.")
    wrong = cli("import", "hazards", str(path))
    assert (wrong.status, "Say --building-field" in wrong.stderr) == (2, True)
