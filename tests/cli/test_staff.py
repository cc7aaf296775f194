"""``gisgov staff``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from gisgov.store.database import Database
from gisgov.store.tables import layer


@pytest.fixture
def grids(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {"a": shapely.box(120, 30, 121, 31), "b": shapely.box(121, 30, 122, 31)})
    with database.begin() as connection:
        connection.execute(layer.update().values(staffing="1 网格长 + N 兼职"))


@pytest.mark.usefixtures("grids")
def test_a_year_of_a_grid(cli: Callable[..., Any]) -> None:
    assert cli("staff", "list", "grid").stdout == "Nobody serves there on that day.\n"
    made = cli(
        "staff", "appoint", "grid", "a", "网格长", "王", "--from", "2026-01-01", "--phone", "000-1", "--json"
    )
    post = str(made.json()["id"])
    told = cli("staff", "appoint", "grid", "a", "网格长", "李", "--deputy-for", post)
    assert told.stdout.endswith(f"李, 网格长 of grid a, deputy for post {post}, open.\n")
    assert cli("staff", "appoint", "grid", "b", "顾问", "赵").status == 2
    listed = cli("staff", "list", "grid", "--at", "2026-03-01", "--area", "a")
    assert "王" in listed.stdout
    assert "from 2026-01-01" in listed.stdout
    assert "000-1" in listed.stdout
    ended = cli("staff", "end", post, "--on", "2026-06-01")
    assert ended.stdout == f"Post {post}: 王, 网格长 of grid a, from 2026-01-01 until 2026-06-01.\n"


@pytest.mark.usefixtures("grids")
def test_vacancies_are_an_answer(cli: Callable[..., Any], tmp_path: Path) -> None:
    cli("staff", "appoint", "grid", "a", "网格长", "王", "--to", "2026-06-01")
    cli("staff", "appoint", "grid", "b", "网格长", "李")
    cli("staff", "appoint", "grid", "b", "网格长", "赵")
    ran = cli("staff", "vacancies", "grid", "--at", "2026-06-01")
    assert ran.status == 0
    assert ran.stdout.splitlines() == [
        "grid on 2026-06-01: 1 网格长 + N≥0 兼职",
        "2 areas, 1 with a vacancy; 1 of 2 posts vacant (50.0% filled), 1 beyond the formula.",
        "",
        "role    needed  filled  vacant  beyond",
        "网格长       2       2       1       1",
        "兼职         0       0       0       0",
        "",
        "area  name    on the day  vacant",
        "a     grid a  网格长 -1   网格长 from 2026-06-01",
        "b     grid b  网格长 +1   -",
    ]
    answer = cli("staff", "vacancies", "grid", "--at", "2026-06-01", "--json").json()
    assert answer["found"][0]["gaps"] == [{"role": "网格长", "valid_from": "2026-06-01", "valid_to": None}]
    out = tmp_path / "posts.csv"
    assert cli("staff", "vacancies", "grid", "--at", "2026-06-01", "--out", out, "--english").status == 0
    assert out.read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "a,grid a,1,0,1,0,0.0,1,0,0,1,0,0,0,0,0,0",
        "b,grid b,1,1,0,1,100.0,1,2,0,0,1,0,0,0,0,0",
        ",all,2,1,1,1,50.0,2,2,0,1,1,0,0,0,0,0",
    ]
    assert cli("staff", "vacancies", "grid", "--out", tmp_path / "posts.txt").status == 2
