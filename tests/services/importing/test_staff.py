"""Who serves the areas of a layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from gisgov.errors import FileError, InputError, NotFoundError, RowsRefused
from gisgov.services.importing.staff import StaffImport, import_staff
from gisgov.store.database import Database
from gisgov.store.tables import staff_post


@pytest.fixture
def grids(database: Database, plant: Callable[..., None]) -> Database:
    plant("grid", {"a": shapely.box(120, 30, 121, 31), "b": shapely.box(121, 30, 122, 31)})
    return database


def asked(path: Path, text: str, **options: Any) -> StaffImport:
    path.write_text(text, encoding="utf-8")
    return StaffImport(**{"path": path, "layer": "grid", **options})


def posts(database: Database) -> list[tuple[str, str, str]]:
    query = sa.select(staff_post.c.area_code, staff_post.c.role, staff_post.c.holder)
    with database.begin() as connection:
        return sorted((row.area_code, row.role, row.holder) for row in connection.execute(query))


GOOD = "网格编码,岗位,姓名\na,网格长,王\na,专职网格员,李\nb,网格长,王\na,网格长,王\n"


def test_posts_are_added_once(grids: Database, tmp_path: Path) -> None:
    request = asked(tmp_path / "a.csv", GOOD)
    report = import_staff(grids, request)
    assert (report.area_field, report.role_field, report.holder_field) == ("网格编码", "岗位", "姓名")
    assert (report.rows_read, report.inserted, report.unchanged, report.rejected) == (4, 3, 1, 0)
    assert posts(grids) == [("a", "专职网格员", "李"), ("a", "网格长", "王"), ("b", "网格长", "王")]
    again = import_staff(grids, request)
    assert (again.inserted, again.unchanged) == (0, 4)


@pytest.mark.parametrize("name", ["area", "AreaCode", "area_code", "网格编码", "区域编码", "编码"])
def test_usual_names_of_the_area(grids: Database, tmp_path: Path, name: str) -> None:
    report = import_staff(grids, asked(tmp_path / "a.csv", f"{name},role,name\na,网格长,王\n"))
    assert (report.area_field, report.inserted) == (name, 1)


def test_rows_with_problems_are_rejected_and_mended(grids: Database, tmp_path: Path) -> None:
    text = "code,role,name\na,网格长,王\nz,网格长,王\n,网格长,王\na,,\na,网格长,\nb\n"
    report = import_staff(grids, asked(tmp_path / "a.csv", text))
    assert [(one.row, one.kind, one.message) for one in report.problems] == [
        (2, "unknown-area", "names z, which is no area of layer grid"),
        (3, "missing-code", "names no area"),
        (4, "bad-value", "names no role"),
        (5, "bad-value", "names no holder"),
        (6, "ragged-row", "has 1 cells where the header has 3"),
        (6, "bad-value", "names no role"),
    ]
    assert (report.inserted, report.rejected, report.rejects_path) == (1, 5, "a.staff.rejects.csv")
    mended = pd.read_csv("a.staff.rejects.csv", dtype=str).assign(code="b", role="兼职网格员", name="赵")
    mended.to_csv("a.staff.rejects.csv", index=False)
    assert import_staff(grids, StaffImport(Path("a.staff.rejects.csv"), "grid")).inserted == 1


def test_strict_and_dry_run(grids: Database, tmp_path: Path) -> None:
    text = f"{GOOD}z,网格长,王\n"
    with pytest.raises(
        RowsRefused, match=r"1 of the 5 rows of a\.csv cannot be imported, so nothing was; row 5"
    ):
        import_staff(grids, asked(tmp_path / "a.csv", text, strict=True))
    report = import_staff(grids, asked(tmp_path / "a.csv", text, dry_run=True))
    assert (report.inserted, report.rejects_path) == (3, None)
    assert posts(grids) == []
    with pytest.raises(RowsRefused, match="1 of the 1 rows"):
        import_staff(grids, asked(tmp_path / "a.csv", "code,role,name\nz,网格长,王\n", dry_run=True))


def test_columns_and_layers_must_exist(grids: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(
        InputError, match=r"called like the role of a post\. Say --role-field; its columns: code, who"
    ):
        import_staff(grids, asked(path, "code,who\na,b\n"))
    chosen = {"area_field": "code", "role_field": "what", "holder_field": "WHO"}
    assert import_staff(grids, asked(path, "code,what,who\na,b,c\n", **chosen)).inserted == 1
    with pytest.raises(InputError, match="has no field 'nope'"):
        import_staff(grids, asked(path, "code,what,who\na,b,c\n", area_field="nope"))
    with pytest.raises(NotFoundError, match="No layer is called 'moon'"):
        import_staff(grids, asked(path, GOOD, layer="moon"))
    with pytest.raises(FileError, match=r"a\.csv holds no rows"):
        import_staff(grids, asked(path, "code,role,name\n"))
