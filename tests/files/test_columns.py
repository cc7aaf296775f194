"""Attribute columns as text and as JSON values."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from gisgov.errors import FileError, InputError
from gisgov.files.columns import attributes_of, find_field, texts_of, values_of


def test_a_field_is_found_by_name_then_by_case() -> None:
    assert find_field(("code", "CODE"), "CODE", file_name="a") == "CODE"
    assert find_field(("XZQHBM",), " xzqhbm ", file_name="a") == "XZQHBM"
    with pytest.raises(InputError, match=r"a has no field 'Code'\. Its fields: code, CODE\."):
        find_field(("code", "CODE", "gisgov_row"), "Code", file_name="a")
    with pytest.raises(InputError, match="Its fields: none"):
        find_field((), "code", file_name="a")


def test_numbers_become_text_without_a_tail() -> None:
    assert texts_of(pa.array([305.0, None, 1.5, float("nan")]), field="x").tolist() == [
        "305",
        None,
        "1.5",
        None,
    ]
    assert texts_of(pa.array([330106012003002]), field="x").tolist() == ["330106012003002"]
    assert texts_of(pa.array(["  a ", "", "  "]), field="x").tolist() == ["a", None, None]


def test_a_code_that_lost_its_digits_is_refused() -> None:
    with pytest.raises(FileError, match=r"'code' holds 33010601200300212\d+ as a number too large"):
        texts_of(pa.array([3.30106012003002123e19]), field="code")


def test_columns_of_mixed_type_are_parsed() -> None:
    mixed = pa.ExtensionArray.from_storage(pa.json_(), pa.array(["1", '"q"', None, '{"a": [1]}']))
    assert values_of(mixed, field="x") == [1, "q", None, {"a": [1]}]
    assert texts_of(mixed, field="x").tolist() == ["1", "q", None, '{"a": [1]}']


def test_text_that_is_not_utf8_is_refused() -> None:
    raw = pa.array([b"\xce\xf7"], type=pa.binary())
    labelled = pa.Array.from_buffers(pa.string(), 1, raw.buffers())
    with pytest.raises(FileError, match="field 'name' is not UTF-8"):
        values_of(labelled, field="name")


def test_attributes_are_json_without_empty_values() -> None:
    table = pa.table(
        {
            "day": [datetime.date(2026, 1, 2), None],
            "at": [datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC), None],
            "exact": [Decimal("1.5"), None],
            "raw": [b"\x01\xff", None],
            "took": [datetime.timedelta(minutes=1), None],
            "ratio": [float("inf"), 0.5],
            "text": ["a\x00b", ""],
            "yes": [True, False],
        }
    )
    assert attributes_of(table, table.column_names) == [
        {
            "day": "2026-01-02",
            "at": "2026-01-02T03:04:00+00:00",
            "exact": 1.5,
            "raw": "01ff",
            "took": 60.0,
            "text": "ab",
            "yes": True,
        },
        {"ratio": 0.5, "yes": False},
    ]
