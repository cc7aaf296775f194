"""CSV and TSV in: encoding, separator and ragged rows found out, never guessed silently."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from gisgov.errors import FileError
from gisgov.types import Ints

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = (",", "\t", ";", "|")
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as a file has it.

    Attributes
    ----------
    columns : pyarrow.Table
        One row per record; a ragged record is padded or cut.
    rows : numpy.ndarray
        Number of each record in the file, from 1; the header does not count, blank lines do.
    ragged : dict of int to str
        What is wrong with records that have more or fewer cells than the header, by row number.
    encoding : str
        How the text was read; empty for formats that fix it.
    """

    columns: pa.Table
    rows: Ints
    ragged: dict[int, str]
    encoding: str = ""


def read_text_table(path: Path, *, has_header: bool = True) -> RawTable:
    r"""Read a CSV or TSV file, every cell as text.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8 (with or without a byte-order mark), GB18030 or UTF-16; separated by comma, tab, semicolon
        or bar.
    has_header : bool
        Without a header the first row counts, and columns are called ``column_N``.

    Raises
    ------
    FileError
        The text fits no encoding, there is no header, or a quote is never closed.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "events.csv"
    >>> _ = place.write_bytes("编号;经度\n7;120.1\n".encode("gb18030"))
    >>> table = read_text_table(place)
    >>> table.encoding, table.columns.to_pylist()
    ('gb18030', [{'编号': '7', '经度': '120.1'}])
    """
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        try:
            return _read(path, file, encoding, has_header=has_header)
        except csv.Error as error:
            raise FileError(f"{path.name} is no sound CSV: {error}.", hint="Export it anew.") from error


def table_from_rows(
    path: Path,
    header: Sequence[str],
    records: Sequence[Sequence[str]],
    rows: Sequence[int],
    ragged: dict[int, str],
) -> RawTable:
    """Put records of text together as a table; columns without a name are called ``column_N``."""
    names = unique_names(header, path)
    columns = [pa.array([record[i] for record in records], type=pa.string()) for i in range(len(names))]
    return RawTable(pa.table(columns, names=names), np.asarray(rows, dtype=np.int64), ragged)


def _read(path: Path, file: io.TextIOBase, encoding: str, *, has_header: bool) -> RawTable:
    separator = _separator(path, file.readline())
    file.seek(0)
    reader = csv.reader(file, delimiter=separator, strict=True)
    header = next(_not_blank(reader), None)
    if header is None:
        raise FileError(f"{path.name} has no header row.")
    records: list[list[str]] = []
    rows: list[int] = []
    ragged: dict[int, str] = {}
    width = len(header)
    if not has_header:
        records.append(header)
        rows.append(1)
        header = [""] * width
    for number, record in enumerate(reader, start=1 + len(rows)):
        if not any(record):
            continue
        if len(record) != width:
            ragged[number] = f"has {len(record)} cells where the header has {width}"
            record = (record + [""] * width)[:width]
        records.append(record)
        rows.append(number)
    table = table_from_rows(path, header, records, rows, ragged)
    return RawTable(table.columns, table.rows, ragged, encoding)


def _not_blank(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    return (record for record in reader if any(cell.strip() for cell in record))


def separator_of(path: Path, encoding: str) -> str:
    """Return the separator of a text table: a tab by its suffix, else the most frequent in its first line."""
    with path.open(encoding=encoding, newline="") as file:
        return _separator(path, file.readline())


def _separator(path: Path, first: str) -> str:
    return "\t" if path.suffix.lower() == ".tsv" else max(_SEPARATORS, key=first.count)


def unique_names(header: Sequence[str], path: Path) -> list[str]:
    """Return the names of the columns; ones without a name are called ``column_N``.

    Raises
    ------
    FileError
        Two columns have one name.
    """
    names = [name.strip() or f"column_{i + 1}" for i, name in enumerate(header)]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise FileError(f"{path.name} has two columns called {doubled[0]!r}.", hint="Give each its own name.")
    return names


def encoding_of(path: Path) -> str:
    """Return the encoding of a text: by its byte-order mark, else the first that all of it fits.

    Raises
    ------
    FileError
        It fits none.
    """
    with path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise FileError(f"The text of {path.name} is neither UTF-8 nor GB18030.", hint="Save it as UTF-8.")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
