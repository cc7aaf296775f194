"""Excel and OpenDocument sheets in."""

from __future__ import annotations

import datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from gisgov.errors import FileError, InputError
from gisgov.files.text_tables import RawTable, table_from_rows

_EXACT_INTEGERS = 2.0**53


def read_sheet(path: Path, *, sheet: str | None = None, has_header: bool = True) -> RawTable:
    """Read one sheet of a workbook, every cell as text; the first row that is not blank is the header.

    Parameters
    ----------
    path : pathlib.Path
        An ``.xlsx``, ``.xlsm``, ``.xls`` or ``.ods`` file.
    sheet : str, optional
        The sheet's name; needed when several sheets hold something.
    has_header : bool
        Without a header the first row counts, and columns are called ``column_N``.

    Returns
    -------
    RawTable
        Whole numbers come without a ``.0``, dates in ISO 8601.

    Raises
    ------
    FileError
        The workbook is damaged or locked, or a number is too large to have kept its digits.
    InputError
        There is no such sheet, or several and none was chosen.
    """
    filled = _filled(path)
    cells = filled[_choose(path, list(filled), sheet)]
    return _table(path, cells if has_header else _headed(cells))


def read_sheets(path: Path) -> dict[str, RawTable]:
    """Read all sheets of a workbook that hold something, by their names; see `read_sheet`.

    Raises
    ------
    FileError
        The workbook is damaged or locked, or a number is too large to have kept its digits.
    """
    return {name: _table(path, cells) for name, cells in _filled(path).items()}


def _filled(path: Path) -> dict[str, list[list[object]]]:
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = {name: _cells(workbook, name) for name in workbook.sheet_names}
    except (CalamineError, OSError) as error:
        raise FileError(
            f"{path.name} cannot be read as a workbook: {error}.", hint="Save it anew."
        ) from error
    return {name: rows for name, rows in sheets.items() if any(cell != "" for row in rows for cell in row)}


def _cells(workbook: CalamineWorkbook, name: str) -> list[list[object]]:
    # an empty area at the top or left is kept, so that rows count as the person sees them
    return [list(row) for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)]


def _headed(cells: list[list[object]]) -> list[list[object]]:
    """Return rows under a header of blanks that are no blank cells, so that every column gets a name."""
    return [[" "] * max(map(len, cells)), *cells]


def _choose(path: Path, names: list[str], wanted: str | None) -> str:
    if not names:
        raise FileError(f"{path.name} has no sheet with anything in it.")
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    what = f"has no sheet {wanted!r}" if wanted is not None else f"has {len(names)} sheets"
    raise InputError(
        f"{path.name} {what}.", hint=f"Choose one with --file-layer: {', '.join(names)}.", field="file_layer"
    )


def _table(path: Path, cells: list[list[object]]) -> RawTable:
    start = next(i for i, row in enumerate(cells) if any(cell != "" for cell in row))
    width = max(i + 1 for i, cell in enumerate(cells[start]) if cell != "")
    header = [_text(cell, path) for cell in cells[start][:width]]
    records, rows, ragged = [], [], {}
    for number, row in enumerate(cells[start + 1 :], start=1):
        if all(cell == "" for cell in row):
            continue
        if any(cell != "" for cell in row[width:]):
            ragged[number] = f"has cells beyond the {width} columns of the header"
        records.append([_text(cell, path) for cell in row[:width]])
        rows.append(number)
    return table_from_rows(path, header, records, rows, ragged)


def _text(cell: object, path: Path) -> str:
    if isinstance(cell, float) and cell.is_integer():
        if abs(cell) >= _EXACT_INTEGERS:
            raise FileError(
                f"{path.name} holds {cell:.0f} as a number too large to have kept its digits.",
                hint="Store it as text.",
            )
        return str(int(cell))
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)
