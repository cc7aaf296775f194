"""CSV and TSV in."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisgov.errors import FileError
from gisgov.files.text_tables import read_text_table


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_encodings(tmp_path: Path, encoding: str, found: str) -> None:
    (tmp_path / "a.csv").write_bytes("编号,内容\n1,垃圾满溢\n".encode(encoding))
    table = read_text_table(tmp_path / "a.csv")
    assert table.encoding == found
    assert table.columns.to_pylist() == [{"编号": "1", "内容": "垃圾满溢"}]


def test_neither_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a\n\xff\xff\x80\x20\n")
    with pytest.raises(FileError, match="neither UTF-8 nor GB18030"):
        read_text_table(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("name", "text"), [("a.csv", "a,b\n"), ("a.csv", "a;b\n"), ("a.csv", "a|b\n"), ("a.tsv", "a\tb\n")]
)
def test_separators(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text + text.replace("a", "1").replace("b", "2"))
    assert read_text_table(tmp_path / name).columns.to_pylist() == [{"a": "1", "b": "2"}]


def test_rows_are_counted_as_records(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('\n\nid,text\n1,"two\nlines"\n\n2,b\n')
    table = read_text_table(tmp_path / "a.csv")
    # the blank line between is a record of its own
    assert table.rows.tolist() == [1, 3]
    assert table.columns.column("text").to_pylist() == ["two\nlines", "b"]


def test_ragged_rows_are_kept_and_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1\n1,2,3\n1,2\n")
    table = read_text_table(tmp_path / "a.csv")
    assert table.ragged == {
        1: "has 1 cells where the header has 2",
        2: "has 3 cells where the header has 2",
    }
    assert table.columns.to_pylist() == [{"a": "1", "b": ""}, {"a": "1", "b": "2"}, {"a": "1", "b": "2"}]


def test_a_column_without_a_name_gets_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,,b\n1,2,3\n")
    assert read_text_table(tmp_path / "a.csv").columns.column_names == ["a", "column_2", "b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,a\n1,2\n", r"a\.csv has two columns called 'a'"),
        (",,\n,,\n", r"a\.csv has no header row"),
        ('a,b\n1,"never closed\n', r"a\.csv is no sound CSV: unexpected end of data"),
    ],
)
def test_what_is_no_table(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(FileError, match=message):
        read_text_table(tmp_path / "a.csv")
