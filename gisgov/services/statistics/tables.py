"""Use case: a table of figures of the areas of one plan, put onto the areas of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from gisgov.errors import InputError
from gisgov.files.columns import find_field, texts_of
from gisgov.files.tables import read_plain_table
from gisgov.files.text_tables import RawTable
from gisgov.governance.comparison import Overlaps
from gisgov.governance.transfer import Transferred, put_onto
from gisgov.services.comparing import overlaps_of
from gisgov.services.statistics.figure_tables import FigureTable
from gisgov.store.cells import names_of_areas
from gisgov.store.database import Database
from gisgov.store.plans import find_plan

CODE_NAMES: Final = ("code", "area_code", "编码", "网格编码", "区域编码")
_NO_AREA: Final = ""


@dataclass(frozen=True, slots=True)
class TransferReport:
    """Figures put onto the areas of another plan.

    Attributes
    ----------
    from_plan, onto_plan : str
        The plans.
    columns : tuple of str
        Names of the figures.
    left_out : tuple of str
        Columns of the table that are no numbers.
    without_figures : tuple of str
        Codes of areas of the first plan that the table has no row of; they count as zero.
    rows : tuple of tuple
        Code and name of an area of the second plan, and its figures, by code. The last one without a code is
        what is on ground that the second plan does not have, if there is any.
    remainder : tuple of float
        What each figure lost: zero.
    """

    from_plan: str
    onto_plan: str
    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    without_figures: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[float, ...]], ...]
    remainder: tuple[float, ...]


def transfer_table(
    database: Database,
    path: Path,
    *,
    from_plan: str,
    onto_plan: str,
    code_field: str | None = None,
    columns: Sequence[str] = (),
    whole: bool = False,
    sheet: str | None = None,
) -> TransferReport:
    """Put a table of figures of the areas of one plan onto the areas of another.

    Parameters
    ----------
    database : Database
        Where the plans are.
    path : pathlib.Path
        CSV, Excel, OpenDocument or Parquet; a row for each area.
    from_plan, onto_plan : str
        The plan whose areas the table is about, and the other one.
    code_field : str, optional
        Column of the codes; by default one that is called so.
    columns : sequence of str, optional
        Columns of figures; by default all whose first value is a number.
    whole : bool
        Whether whole numbers stay whole.
    sheet : str, optional
        Of a workbook with several.

    Raises
    ------
    NotFoundError
        There is no such plan.
    FileError
        The file cannot be read.
    InputError
        A column is missing, a code comes twice or is of no area of the plan, or a value is no number; the row
        and the field are named.
    """
    raw = read_plain_table(path, layer=sheet)
    with database.begin() as connection:
        former, plan = find_plan(connection, from_plan), find_plan(connection, onto_plan)
        overlaps = overlaps_of(connection, former, plan)
        names = names_of_areas(connection, [plan.id])
    field = _code_field(raw, path, code_field)
    places = _places(raw, field, overlaps, from_plan)
    chosen, left_out = _figure_columns(raw, path, field, columns)
    found = [_put(raw, name, places, overlaps, whole=whole) for name in chosen]
    known = set(places)
    return TransferReport(
        from_plan=from_plan,
        onto_plan=onto_plan,
        columns=tuple(chosen),
        left_out=tuple(left_out),
        without_figures=tuple(code for code in map(str, overlaps.former_codes) if code not in known),
        rows=tuple(_rows(overlaps, names, found)),
        remainder=tuple(float(one.remainder) for one in found),
    )


def write_transferred(report: TransferReport, path: Path) -> None:
    """Write the table: ``code``, ``name`` and the figures, as CSV or a workbook.

    Raises
    ------
    FileError
        The suffix is another, or the file cannot be written.
    """
    header = ["code", "name", *report.columns]
    records = [[code or None, name, *figures] for code, name, figures in report.rows]
    FigureTable(report.onto_plan[:31], header, records).write(path)


def _code_field(raw: RawTable, path: Path, asked: str | None) -> str:
    names = raw.columns.column_names
    if asked is not None:
        return find_field(names, asked, file_name=path.name)
    known = {name.strip().casefold(): name for name in reversed(names)}
    found = next((known[name] for name in CODE_NAMES if name in known), None)
    if found is None:
        raise InputError(
            f"No column of {path.name} is called like a code.",
            hint=f"Say --code-field; its columns: {', '.join(names)}.",
            field="code_field",
        )
    return str(found)


def _places(raw: RawTable, field: str, overlaps: Overlaps, plan: str) -> dict[str, int]:
    """Return the place in the table of each code."""
    known = set(overlaps.former_codes.tolist())
    places: dict[str, int] = {}
    for i, code in enumerate(texts_of(raw.columns.column(field), field=field)):
        row = int(raw.rows[i])
        if code is None or code not in known:
            what = "has no code" if code is None else f"has {code!r}, which is no area of plan {plan!r}"
            raise InputError(f"Row {row} {what}, in {field!r}.", field=field)
        if code in places:
            raise InputError(
                f"Row {row} has {code!r} in {field!r}, as row {int(raw.rows[places[code]])} has.", field=field
            )
        places[code] = i
    return places


def _figure_columns(
    raw: RawTable, path: Path, code_field: str, asked: Sequence[str]
) -> tuple[list[str], list[str]]:
    names = [name for name in raw.columns.column_names if name != code_field]
    if asked:
        return [find_field(names, name, file_name=path.name) for name in asked], []
    chosen = [name for name in names if _begins_with_number(raw, name)]
    if not chosen:
        raise InputError(f"No column of {path.name} holds numbers.", field="column")
    return chosen, [name for name in names if name not in chosen]


def _begins_with_number(raw: RawTable, name: str) -> bool:
    first = next((text for text in texts_of(raw.columns.column(name), field=name) if text), None)
    return first is not None and _number(first) is not None


def _put(raw: RawTable, name: str, places: dict[str, int], overlaps: Overlaps, *, whole: bool) -> Transferred:
    texts = texts_of(raw.columns.column(name), field=name)
    values = {code: _value(texts[i], int(raw.rows[i]), name) for code, i in places.items()}
    try:
        return put_onto(
            [values.get(code, Decimal(0)) for code in map(str, overlaps.former_codes)], overlaps, whole=whole
        )
    except InputError as error:
        raise InputError(f"Column {name!r}: {error.message}", hint=error.hint, field=name) from error


def _value(text: str | None, row: int, name: str) -> Decimal:
    if text is None or not text.strip():
        return Decimal(0)
    number = _number(text)
    if number is None:
        raise InputError(f"Row {row} has {text!r} in {name!r}, which is no number.", field=name)
    return number


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _rows(
    overlaps: Overlaps, names: dict[str, str], found: Sequence[Transferred]
) -> Iterator[tuple[str, str, tuple[float, ...]]]:
    for i, code in enumerate(map(str, overlaps.codes)):
        yield code, names[code], tuple(_shown(one.placed[i]) for one in found)
    if any(one.in_no_area for one in found):
        yield _NO_AREA, "", tuple(_shown(one.in_no_area) for one in found)


def _shown(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)
