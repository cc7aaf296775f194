"""Attribute columns of a file as text and as JSON values, whatever type the file gave them."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa

from gisgov.errors import FileError, InputError
from gisgov.types import Json, Texts

_EXACT_INTEGERS = 2.0**53
REJECT_ROW = "gisgov_row"
REJECT_PROBLEM = "gisgov_problem"
# a Shapefile keeps ten letters of a field's name
REJECT_FIELDS = (REJECT_ROW, REJECT_PROBLEM, REJECT_PROBLEM[:10])


def find_field(fields: Sequence[str], wanted: str, *, file_name: str) -> str:
    """Return the field called ``wanted``: as written, else the only one that differs in case alone.

    Raises
    ------
    InputError
        There is no such field, or several differ only in case.

    Examples
    --------
    >>> find_field(("XZQHBM", "name"), "xzqhbm", file_name="grids.gpkg")
    'XZQHBM'
    """
    if wanted in fields:
        return wanted
    alike = [field for field in fields if field.strip().casefold() == wanted.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    own = [field for field in fields if field not in REJECT_FIELDS]
    raise InputError(
        f"{file_name} has no field {wanted!r}.", hint=f"Its fields: {', '.join(own) or 'none'}.", field=wanted
    )


def texts_of(column: pa.Array | pa.ChunkedArray, *, field: str) -> Texts:
    """Return a column as stripped text; None where there is no value or only blanks.

    Parameters
    ----------
    column : pyarrow.Array or pyarrow.ChunkedArray
        A column of any type; whole numbers lose a ``.0``.
    field : str
        The field's name, for messages.

    Returns
    -------
    numpy.ndarray
        ``str`` or None per row.

    Raises
    ------
    FileError
        A number is too large to have kept all its digits (a 20-digit code stored as a number), or the text is
        not UTF-8.

    Examples
    --------
    >>> texts_of(pa.array([305.0, None, 1.5]), field="BoroCD").tolist()
    ['305', None, '1.5']
    """
    values = np.empty(len(column), dtype=object)
    for i, value in enumerate(values_of(column, field=field)):
        values[i] = _text(value, field)
    return values


def values_of(column: pa.Array | pa.ChunkedArray, *, field: str) -> list[object]:
    """Return a column as Python values; columns of mixed type (JSON) are parsed.

    Raises
    ------
    FileError
        The text is not UTF-8.
    """
    try:
        values: list[object] = column.to_pylist()
    except UnicodeDecodeError as error:
        raise FileError(
            f"The text of field {field!r} is not UTF-8.", hint="Save the file as UTF-8 and try again."
        ) from error
    if isinstance(column.type, pa.JsonType):
        return [json.loads(value) if isinstance(value, str) else value for value in values]
    return values


def attributes_of(batch: pa.RecordBatch | pa.Table, fields: Sequence[str]) -> list[Json]:
    """Return one JSON-able dict per row, without the empty values.

    Examples
    --------
    >>> attributes_of(pa.table({"a": [1, None], "day": [datetime.date(2026, 1, 2), None]}), ["a", "day"])
    [{'a': 1, 'day': '2026-01-02'}, {}]
    """
    rows: list[Json] = [{} for _ in range(batch.num_rows)]
    for field in fields:
        for row, value in zip(rows, values_of(batch.column(field), field=field), strict=True):
            plain = _plain(value)
            if plain is not None and plain != "":
                row[field] = plain
    return rows


def _text(value: object, field: str) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        if abs(value) >= _EXACT_INTEGERS:
            raise FileError(
                f"Field {field!r} holds {value:.0f} as a number too large to have kept its digits.",
                hint="Store it as text.",
            )
        value = int(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    text = str(value).strip()
    return text or None


def _plain(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    # PostgreSQL's JSONB has no NUL
    return value.replace("\x00", "") if isinstance(value, str) else value
