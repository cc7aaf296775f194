"""``gisgov import staff``, and what `gisgov import` offers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely


@pytest.fixture
def staff(plant: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    plant("grid", {"a": shapely.box(120, 30, 120.01, 30.01)})
    (tmp_path / "a.csv").write_text("网格编码,岗位,姓名\na,网格长,王\nz,网格长,李\n", encoding="utf-8")
    return tmp_path / "a.csv"


def test_posts(cli: Callable[..., Any], staff: Path) -> None:
    ran = cli("import", "staff", staff, "--layer", "grid")
    assert ran.status == 1
    assert ran.stdout.splitlines() == [
        "a.csv to layer grid: 2 rows, 1 inserted, 0 updated, 0 unchanged, 1 rejected.",
        "Columns read: 网格编码, 岗位, 姓名.",
        "",
        "Rejected: 1 unknown-area",
        "  row 2 (z): names z, which is no area of layer grid",
        "  Mend them in a.staff.rejects.csv and import that file in the same way.",
    ]
    answer = cli("import", "staff", staff, "--layer", "grid", "--json").json()
    assert (answer["inserted"], answer["unchanged"]) == (0, 1)
    assert cli("import", "staff", staff, "--layer", "grid", "--strict").status == 2


def test_the_group_names_what_can_be_imported(cli_without_database: Callable[..., Any]) -> None:
    ran = cli_without_database("import", "--help")
    assert ran.status == 0
    listed = [line.split()[0] for line in ran.stdout.partition("Commands:")[2].splitlines() if line.strip()]
    assert listed == [
        "areas", "assignments", "buildings", "calendar", "care", "categories", "departments", "devices",
        "events", "exceptions", "hazards", "service-points", "staff",
    ]  # fmt: skip
