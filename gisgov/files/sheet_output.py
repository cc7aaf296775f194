"""Tables out as a workbook in which people choose from lists and codes keep all their digits."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gisgov.errors import FileError

_TEXT: Final = "@"
_WIDEST: Final = 48
_LONGEST_NAME: Final = 31
"""Characters that Excel allows for the name of a sheet."""


def write_sheet(
    path: Path,
    header: Sequence[str],
    records: Iterable[Sequence[object]],
    *,
    title: str,
    choices: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write a workbook of one sheet, replacing the file; the header stays in sight and can be filtered.

    Parameters
    ----------
    path : pathlib.Path
        Must end in ``.xlsx``.
    header : sequence of str
        Names of the columns.
    records : iterable of sequence
        Cells: text is stored as text, so that Excel rewrites no code; None is an empty cell.
    title : str
        Name of the sheet.
    choices : mapping of str to sequence of str, optional
        For some columns, what a person may choose.

    Raises
    ------
    FileError
        The suffix is another, or the file cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise FileError(f"{path.name} would be an Excel workbook.", hint="Give it the suffix .xlsx.")
    book = _book([SheetOut(title, header, records, choices or {})])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}.") from error


@dataclass(frozen=True, slots=True)
class SheetOut:
    """A sheet to be written: its name, its heading and its rows, as `write_sheet` takes them."""

    title: str
    header: Sequence[str]
    records: Iterable[Sequence[object]]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def workbook_bytes(sheets: Sequence[SheetOut]) -> bytes:
    """Return a workbook of several sheets as the bytes of its file; the same sheets give the same bytes."""
    book = _book(sheets)
    # openpyxl writes the moment into the file's properties and into its archive
    book.properties.created = book.properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _book(sheets: Sequence[SheetOut]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for one in sheets:
        sheet = book.create_sheet(one.title[:_LONGEST_NAME])
        _fill(sheet, one.header, one.records)
        for name, options in one.choices.items():
            _offer(sheet, get_column_letter(list(one.header).index(name) + 1), options)
    return book


def _fill(sheet: Worksheet, header: Sequence[str], records: Iterable[Sequence[object]]) -> None:
    widths = [len(name) for name in header]
    sheet.append(list(header))
    for row, record in enumerate(records, start=2):
        for i, value in enumerate(record):
            widths[i] = max(widths[i], len(str(value)))
            _write(sheet.cell(row, i + 1), value)
    for i, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = min(width, _WIDEST) + 2
        sheet.cell(1, i).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _write(cell: Any, value: object) -> None:
    if isinstance(value, int | float):
        cell.value = value
        return
    cell.number_format = _TEXT
    if value is not None:
        # a character that XML forbids would end the writing
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", str(value))
        cell.data_type = "s"  # text that begins with "=" is no formula


def _offer(sheet: Worksheet, column: str, options: Sequence[str]) -> None:
    offer = DataValidation("list", formula1=f'"{",".join(options)}"', allow_blank=True, showErrorMessage=True)
    sheet.add_data_validation(offer)
    offer.add(f"{column}2:{column}{max(sheet.max_row, 2)}")
