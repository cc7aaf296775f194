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
from gisgov.store.tables import staff_phone, staff_post


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


DATED = (
    "网格编码,岗位,姓名,任职日期,离任日期,联系电话,代理对象\n"
    "a,网格长,王,2026-01-01,2026-03-01,000-1,\n"
    "a,网格长,李,2026-03-01,,000-2,\n"
    "a,网格长,赵,2026-02-01,,,王\n"
)


def dated(database: Database) -> dict[str, tuple[Any, ...]]:
    deputised = staff_post.alias()
    query = (
        sa.select(staff_post, staff_phone.c.phone, deputised.c.holder.label("of"))
        .outerjoin_from(staff_post, staff_phone, staff_phone.c.post_id == staff_post.c.id)
        .outerjoin(deputised, deputised.c.id == staff_post.c.deputy_for)
    )
    with database.begin() as connection:
        rows = connection.execute(query).all()
    return {row.holder: (str(row.valid_from), str(row.valid_to), row.phone, row.of) for row in rows}


def test_dates_phones_and_deputies(grids: Database, tmp_path: Path) -> None:
    report = import_staff(grids, asked(tmp_path / "a.csv", DATED))
    columns = (report.from_field, report.to_field, report.phone_field, report.deputy_field)
    assert columns == ("任职日期", "离任日期", "联系电话", "代理对象")
    assert (report.inserted, report.updated, report.unchanged) == (3, 0, 0)
    assert dated(grids) == {
        "王": ("2026-01-01", "2026-03-01", "000-1", None),
        "李": ("2026-03-01", "None", "000-2", None),
        "赵": ("2026-02-01", "None", None, "王"),
    }
    again = import_staff(grids, asked(tmp_path / "a.csv", DATED))
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 3)


def test_dates_and_phones_follow_the_file_and_a_file_without_them_changes_none(
    grids: Database, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    import_staff(grids, asked(path, "code,role,name\na,网格长,王\n"))
    dates = "code,role,name,from,to,phone\na,网格长,王,2026-01-01,2026-06-01,000-1\n"
    assert import_staff(grids, asked(path, dates)).updated == 1
    assert dated(grids) == {"王": ("2026-01-01", "2026-06-01", "000-1", None)}
    assert import_staff(grids, asked(path, "code,role,name\na,网格长,王\n")).unchanged == 1
    phone = "code,role,name,phone\na,网格长,王,000-2\n"
    assert import_staff(grids, asked(path, phone)).updated == 1
    assert dated(grids) == {"王": ("2026-01-01", "2026-06-01", "000-2", None)}


def test_what_cannot_be_is_told_row_by_row(grids: Database, tmp_path: Path) -> None:
    text = (
        "code,role,name,from,to,phone,deputy_for\n"
        "a,网格长,王,2026-01-01,2026-03-01,,\n"
        "a,网格长,王,2026-05-01,,,\n"
        "a,网格长,王,2026-02-01,2026-06-01,,\n"
        "a,网格长,李,2026-01-01,2025-01-01,,\n"
        "a,网格长,李,soon,,,\n"
        "a,网格长,李,,,call,\n"
        "a,网格长,李,,,,张\n"
        "a,网格长,王,,,,王\n"
        "b,网格长,王,2026-01-01,2026-03-01,,\n"
        "b,网格长,王,2026-01-01,2026-04-01,,\n"
    )
    report = import_staff(grids, asked(tmp_path / "a.csv", text))
    assert [(one.row, one.kind, one.message) for one in report.problems] == [
        (3, "overlapping-post", "lies in the time of several posts of its holder"),
        (4, "bad-date", "cannot be: A post from 2026-01-01 cannot end on 2025-01-01"),
        (5, "bad-date", "has 'soon' in 'from', which is no day"),
        (6, "bad-value", "cannot be: 'call' is no phone"),
        (7, "unknown-holder", "deputises for 张, who is not 网格长 there"),
        (8, "unknown-holder", "names its own holder as deputised"),
        (10, "overlapping-post", "overlaps another row of its holder with other dates"),
    ]
    assert (report.rows_read, report.inserted, report.rejected) == (10, 3, 7)


def test_a_column_without_any_day_is_refused(grids: Database, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Write days as 2026-03-01"):
        import_staff(grids, asked(tmp_path / "a.csv", "code,role,name,from\na,网格长,王,soon\n"))
