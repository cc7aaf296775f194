"""Excel sheets in."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from gisgov.errors import FileError, InputError
from gisgov.files.sheets import read_sheet


def written(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_cells_become_text(tmp_path: Path) -> None:
    at = datetime.datetime(2026, 3, 1, 8, 30)  # noqa: DTZ001 - cells have no zone
    path = written(
        tmp_path / "a.xlsx",
        事件=[[None], ["编号", "时间", "经度", "完成"], [7, at, 120.5, True], [], ["八", None, 1.0, False]],
        empty=[],
    )
    table = read_sheet(path)
    assert table.columns.to_pylist() == [
        {"编号": "7", "时间": "2026-03-01T08:30:00", "经度": "120.5", "完成": "True"},
        {"编号": "八", "时间": "", "经度": "1", "完成": "False"},
    ]
    assert table.rows.tolist() == [1, 3]
    assert table.ragged == {}


def test_cells_beyond_the_header_are_ragged(tmp_path: Path) -> None:
    table = read_sheet(written(tmp_path / "a.xlsx", s=[["a", None, "b"], [1, 2, 3, 4], [1]]))
    assert table.columns.column_names == ["a", "column_2", "b"]
    assert table.ragged == {1: "has cells beyond the 3 columns of the header"}


def test_sheets_are_chosen(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", one=[["a"], [1]], two=[["b"], [2]])
    with pytest.raises(InputError, match=r"a\.xlsx has 2 sheets\. Choose one with --file-layer: one, two"):
        read_sheet(path)
    with pytest.raises(InputError, match="has no sheet 'three'"):
        read_sheet(path, sheet="three")
    assert read_sheet(path, sheet="two").columns.to_pylist() == [{"b": "2"}]


def test_a_code_that_lost_its_digits_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", s=[["code"], [33010601200300212345.0]])
    with pytest.raises(FileError, match=r"a\.xlsx holds 330106012003002\d+ as a number too large"):
        read_sheet(path)


def test_what_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="has no sheet with anything in it"):
        read_sheet(written(tmp_path / "empty.xlsx", s=[]))
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(FileError, match=r"a\.xlsx cannot be read as a workbook"):
        read_sheet(tmp_path / "a.xlsx")
