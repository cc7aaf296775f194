"""Columns of any type as formats take them that have few types."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc

from gisgov.files.table_output import harmless


def vector_column(column: pa.Array) -> pa.Array:
    """Return a column as GDAL takes it: as text where it has no type that holds all of it.

    Examples
    --------
    >>> vector_column(pa.array([{"a": 1}, None])).to_pylist()
    ['{"a": 1}', None]
    """
    plain = column.storage if isinstance(column, pa.ExtensionArray) else column
    if pa.types.is_dictionary(plain.type):
        plain = plain.dictionary_decode()
    kind = plain.type
    if pa.types.is_nested(kind):
        return pa.array([_as_json(value) for value in plain.to_pylist()], type=pa.string())
    if pa.types.is_duration(kind):
        return plain.cast(pa.int64())
    # of whole numbers GDAL has those of 64 bits with a sign; beyond it would round them
    if pa.types.is_null(kind) or pa.types.is_decimal(kind) or pa.types.is_uint64(kind):
        return plain.cast(pa.string())
    return plain.cast(pa.string()) if pa.types.is_string_view(kind) else plain


def cell_column(column: pa.Array, *, is_ours: bool) -> pa.Array:
    """Return a column as CSV takes it.

    Parameters
    ----------
    column : pyarrow.Array
        Bytes become hexadecimal digits, what has parts JSON.
    is_ours : bool
        Whether the texts were made here, and not given: no spreadsheet is to compute them
        (`gisgov.files.table_output.harmless`). Given ones stay what they are.
    """
    plain = vector_column(column)
    kind = plain.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        plain = pa.array([None if one is None else one.hex() for one in plain.to_pylist()], type=pa.string())
    if not is_ours or not pa.types.is_string(kind):
        return plain
    words = pc.dictionary_encode(plain)
    made = pa.array([harmless(word) for word in words.dictionary.to_pylist()], type=pa.string())
    return pa.DictionaryArray.from_arrays(words.indices, made).dictionary_decode()


def _as_json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)
