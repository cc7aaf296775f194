"""Departments from files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gisgov.services.registers.department_import import DepartmentsImport, import_departments
from gisgov.services.registers.listing import list_departments
from gisgov.store.database import Database

MAY = date(2026, 5, 1)
DEPARTMENTS = "部门编码,部门名称\nwater,水务局\nparks,公园中心\n"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_departments_are_brought_in_once(database: Database, tmp_path: Path) -> None:
    first = written(tmp_path / "first.csv", DEPARTMENTS)
    import_departments(database, DepartmentsImport(first))
    text = "code,title,title_en\nwater,水务局,Water\nroads,道路中心,\nx,,\n,y,\nd,1,\nd,2,\n"
    path = written(tmp_path / "more.csv", text)
    done = import_departments(database, DepartmentsImport(path, rejects_path=tmp_path / "r.csv"))
    assert (done.inserted, done.updated, done.unchanged, done.rejected) == (1, 1, 0, 4)
    assert [problem.message for problem in done.problems] == [
        "names no title", "has no code", *["shares its code with 1 other rows"] * 2,
    ]  # fmt: skip
    dry = import_departments(database, DepartmentsImport(first, dry_run=True))
    assert (dry.inserted, dry.updated, dry.unchanged) == (0, 0, 2)  # which says nothing of English
    told = {one.code: (one.title, one.title_en) for one in list_departments(database, at=MAY)}
    assert told == {"parks": ("公园中心", None), "roads": ("道路中心", None), "water": ("水务局", "Water")}
