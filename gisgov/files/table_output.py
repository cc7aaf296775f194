"""Tables out as CSV that spreadsheets open with their Chinese unharmed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from gisgov.errors import FileError

_COMPUTED = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> object:
    """Return a cell of a CSV file; a text that a spreadsheet would compute gets an apostrophe before it.

    Examples
    --------
    >>> harmless("=1+1"), harmless("网格 1"), harmless(-3)
    ("'=1+1", '网格 1', -3)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_COMPUTED) else cell


def write_table(path: Path, header: Sequence[str] | None, records: Iterable[Sequence[object]]) -> None:
    """Write a CSV file (UTF-8 with a byte-order mark, which Excel needs), replacing it.

    Parameters
    ----------
    path : pathlib.Path
        Must end in ``.csv``.
    header : sequence of str
        Names of the columns; None leaves the row of names out.
    records : iterable of sequence
        Cells; None is an empty one.

    Raises
    ------
    FileError
        The suffix is another, or the file cannot be written.
    """
    if path.suffix.lower() != ".csv":
        raise FileError(f"{path.name} would be a CSV file.", hint="Give it the suffix .csv.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            _write(file, header, records)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}.") from error


def table_bytes(header: Sequence[str], records: Iterable[Sequence[object]]) -> bytes:
    """Return the bytes of such a CSV file, its texts harmless to spreadsheets."""
    text = io.StringIO(newline="")
    _write(text, header, ([harmless(cell) for cell in record] for record in records))
    return text.getvalue().encode("utf-8-sig")


def _write(file: TextIO, header: Sequence[str] | None, records: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(file)
    if header is not None:
        writer.writerow(header)
    writer.writerows(records)
