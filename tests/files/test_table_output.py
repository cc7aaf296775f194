"""Tables out."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisgov.errors import FileError
from gisgov.files.table_output import write_table


def test_spreadsheets_can_read_it(tmp_path: Path) -> None:
    write_table(tmp_path / "new" / "a.csv", ("编号", "x"), [("一,二", None), (3, 0.5)])
    assert (tmp_path / "new" / "a.csv").read_bytes() == '\ufeff编号,x\r\n"一,二",\r\n3,0.5\r\n'.encode()


def test_only_csv_is_written(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"a\.txt would be a CSV file"):
        write_table(tmp_path / "a.txt", ("a",), [])


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(FileError, match=r"a\.csv cannot be written: Is a directory"):
        write_table(tmp_path / "a.csv", ("a",), [])
