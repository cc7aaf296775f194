"""Columns of any type, as formats take them that have few types."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from gisgov.files.streams.plain_columns import cell_column, vector_column

LARGE = 2**63 + 1


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([1, None]), [1, None]),
        (pa.array(["a", None]).dictionary_encode(), ["a", None]),
        (pa.nulls(1), [None]),
        (pa.array([LARGE], pa.uint64()), [str(LARGE)]),
        (pa.array([Decimal("1.20")]), ["1.20"]),
        (pa.array(["a"], pa.string_view()), ["a"]),
        (pa.array([5], pa.duration("s")), [5]),
        (pa.array([{"街道": [1, 2]}, None]), ['{"街道": [1, 2]}', None]),
        (pa.array([{"day": date(2026, 1, 2)}]), ['{"day": "2026-01-02"}']),
        (pa.array(['{"a":1}'], pa.json_()), ['{"a":1}']),
        (pa.array([b"a"]), [b"a"]),
    ],
)
def test_gdal_gets_every_value_whole(column: pa.Array, expected: list[Any]) -> None:
    assert vector_column(column).to_pylist() == expected


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary(2)])
def test_bytes_are_digits_in_cells(kind: pa.DataType) -> None:
    assert cell_column(pa.array([b"\x01\xff", None], kind), is_ours=False).to_pylist() == ["01ff", None]


def test_texts_of_ours_are_harmless_and_given_ones_what_they_are() -> None:
    texts = pa.array(["=1+1", "A", None])
    assert cell_column(texts, is_ours=False).to_pylist() == ["=1+1", "A", None]
    assert cell_column(texts, is_ours=True).to_pylist() == ["'=1+1", "A", None]
    assert cell_column(pa.array([-1.5]), is_ours=True).to_pylist() == [-1.5]
