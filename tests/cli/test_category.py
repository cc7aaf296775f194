"""``gisgov import categories``, ``gisgov import departments`` and ``gisgov category``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gisgov.store.database import Database


def test_the_example_from_proposal_to_force(
    cli: Callable[..., Any], database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "`gisgov import categories FILE` proposes items" in cli("category", "list").stdout
    assert "no departments yet" in cli("category", "departments").stdout
    assert cli("import", "departments", "--example").stdout.startswith(
        "example-departments.csv: 32 rows, 32 new"
    )
    ran = cli("import", "categories", "--example", "--reason", "trial")
    assert ran.stderr == ""
    assert ran.stdout.splitlines()[0] == (
        "example-categories.csv: 217 rows, 217 new, 0 changed, 0 unchanged, 0 rejected."
    )
    assert "There is no layer" in ran.stdout
    assert cli("category", "permit", "approve", "--all").stdout == "approve: 217 items.\n"
    given = cli("category", "permit", "enforce", "--all", "--from", "2026-01-01").stdout
    assert given == "enforce: 217 items from 2026-01-01.\n"
    listed = cli("category", "list", "--at", "2026-02-01", "--function", "法制宣传").stdout
    assert listed.splitlines()[-1] == "17 of 17 are examples that nobody has decided on."
    assert len(cli("category", "list", "--permit", "in-force", "--json").json()) == 217
    (tmp_path / "a.csv").write_text(
        "code,title,function,level,department\nD033,内涝积水,隐患排查,3,water\nX,x,x,9,\n", encoding="utf-8"
    )
    ran = cli("import", "categories", "a.csv", "--absent", "retire", "--code-field", "code")
    assert ran.status == 1
    assert "216 items in force are proposed to retire." in ran.stdout
    assert "row 2 (X): has '9' as its level" in ran.stdout
    again = cli("import", "categories", "--example", "--dry-run").stdout
    assert "1 changed, 216 unchanged" in again
    assert "1 versions that were still proposed give way" in again
    cli("category", "permit", "approve", "D033", "--version", "2")
    given = cli("category", "permit", "enforce", "D033", "--reason", "flood").stdout
    assert "1 former versions end that day." in given
    shown = cli("category", "show", "D033").stdout.splitlines()
    assert shown[0].startswith("D033 version 1: 内涝积水, retired, from 2026-01-01 to ")
    assert shown[2].startswith("  limits: acceptance 30 minutes; ")
    assert any(line.endswith(": flood") and "in-force by " in line for line in shown)
    assert "水务局" in cli("category", "departments").stdout
    assert cli("category", "classify").stdout == "0 events classified, 0 left without an item.\n"
    assert cli("import", "categories").status == 2
    assert cli("import", "categories", "a.csv", "--example").status == 2
