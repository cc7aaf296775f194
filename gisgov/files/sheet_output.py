"""Tables out as a workbook in which people choose from lists and codes keep all their digits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):  # pragma: no cover - a new workbook has one sheet
        raise TypeError("a new workbook has no sheet")
    sheet.title = title
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
    for name, options in (choices or {}).items():
        _offer(sheet, get_column_letter(list(header).index(name) + 1), options)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}.") from error


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
