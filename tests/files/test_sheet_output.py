"""Workbooks out."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gisgov.errors import FileError
from gisgov.files.sheet_output import write_sheet
from gisgov.files.sheets import read_sheet

HEADER = ("key", "to", "m2")


def test_codes_keep_their_digits_and_text_stays_text(tmp_path: Path) -> None:
    place = tmp_path / "new" / "a.xlsx"
    records = [("a", "33010600100100112345", 1.5), ("=1+2", None, 2), ("x\x00y", "0012", None)]
    write_sheet(place, HEADER, records, title="proposals")
    assert read_sheet(place).columns.to_pylist() == [
        {"key": "a", "to": "33010600100100112345", "m2": "1.5"},
        {"key": "=1+2", "to": "", "m2": "2"},
        {"key": "x\N{REPLACEMENT CHARACTER}y", "to": "0012", "m2": ""},
    ]
    sheet = openpyxl.load_workbook(place)["proposals"]
    assert sheet["B3"].number_format == "@"  # what is typed into an empty cell stays text too
    assert sheet.freeze_panes == "A2"


def test_a_column_offers_what_may_be_chosen(tmp_path: Path) -> None:
    place = tmp_path / "a.xlsx"
    write_sheet(place, HEADER, [("a", None, 1), ("b", None, 2)], title="t", choices={"to": ("give", "clip")})
    (offer,) = openpyxl.load_workbook(place)["t"].data_validations.dataValidation
    assert (offer.formula1, str(offer.sqref)) == ('"give,clip"', "B2:B3")


def test_what_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="would be an Excel workbook"):
        write_sheet(tmp_path / "a.xls", HEADER, [], title="t")
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        write_sheet(tmp_path / "folder.xlsx", HEADER, [], title="t")
