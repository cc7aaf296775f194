"""Rows of a file as staff posts: their columns found, their values read and judged one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date
from typing import Final

import numpy as np

from gisgov.errors import InputError
from gisgov.files.columns import texts_of
from gisgov.files.text_tables import RawTable
from gisgov.files.times import parse_times
from gisgov.services.importing.plain_tables import choose_columns, ragged_rows
from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.services.importing.staff_report import StaffImport
from gisgov.services.staffing.appointing import check_dates, checked_name, checked_phone
from gisgov.types import Texts

_NAMES: Final = {
    "area": (
        "area_code", "areacode", "grid_code", "gridcode", "code", "area", "grid",
        "网格编码", "网格编号", "网格代码", "区域编码", "区域编号", "区域代码", "编码", "代码",
    ),
    "role": ("role", "post", "岗位", "角色", "职务"),
    "holder": ("holder", "name", "姓名", "人员", "人员姓名"),
    "from": (
        "valid_from", "from", "since", "start", "start_date", "任职日期", "任职时间",
        "起始日期", "开始日期", "上岗日期",
    ),
    "to": (
        "valid_to", "to", "until", "end", "end_date", "离任日期", "离任时间", "截止日期",
        "结束日期", "离岗日期",
    ),
    "phone": ("phone", "telephone", "mobile", "电话", "联系电话", "手机", "手机号", "联系方式"),
    "deputy": ("deputy_for", "deputises_for", "代理对象", "代理何人", "被代理人"),
}  # fmt: skip
_NEEDED: Final = ("area", "role", "holder")


@dataclass(frozen=True, slots=True)
class StaffColumns:
    """Names of the columns by what they hold; None for what the file does not have."""

    area: str
    role: str
    holder: str
    from_: str | None
    to: str | None
    phone: str | None
    deputy: str | None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A row that may be stored; ``deputy_for`` is the name of the holder it stands in for."""

    row: int
    area_code: str
    role: str
    holder: str
    valid_from: date | None
    valid_to: date | None
    phone: str | None
    deputy_for: str | None


def find_columns(request: StaffImport, table: RawTable) -> StaffColumns:
    """Find the columns that were named, and others by their usual names.

    Raises
    ------
    InputError
        A column is not there.
    """
    chosen = choose_columns(
        table,
        _NAMES,
        needed=_NEEDED,
        asked={holds: getattr(request, f"{holds}_field") for holds in _NAMES},
        subject="post",
        file_name=request.path.name,
    )
    return StaffColumns(*(chosen[one.name.strip("_")] for one in fields(StaffColumns)))  # type: ignore[arg-type]


def read_rows(
    table: RawTable, columns: StaffColumns, known: Mapping[str, bool], layer: str
) -> tuple[list[StaffRow], list[RowProblem]]:
    """Read and judge every row.

    Parameters
    ----------
    table : RawTable
        The rows.
    columns : StaffColumns
        What holds what.
    known : mapping of str to bool
        The codes that the layer's areas ever had, and whether whoever acts may fill posts there.
    layer : str
        Its name, for messages.

    Returns
    -------
    tuple
        The rows without problems, and the problems of the others.
    """
    cells = _Cells(table, columns)
    found = ragged_rows(table)
    sound = []
    for i, row in enumerate(table.rows.tolist()):
        problems = [
            RowProblem(row, cells.area[i], str(kind), told)
            for kind, told in (*_of_place(cells, i, known, layer), *_of_person(cells, i))
        ]
        found += problems
        if not problems and row not in table.ragged:
            sound.append(cells.row(i, row))
    return sound, found


class _Cells:
    """The columns as text and days."""

    def __init__(self, table: RawTable, columns: StaffColumns) -> None:
        nothing: Texts = np.full(len(table.rows), None, dtype=object)

        def text(name: str | None) -> Texts:
            return nothing if name is None else texts_of(table.columns.column(name), field=name)

        self.area, self.role, self.holder = text(columns.area), text(columns.role), text(columns.holder)
        self.phone, self.deputy = text(columns.phone), text(columns.deputy)
        self.dates = {
            name: (text(name), days_of(text(name), name)) for name in (columns.from_, columns.to) if name
        }
        days = [self.dates[name][1] if name else nothing for name in (columns.from_, columns.to)]
        self.since, self.until = days

    def row(self, i: int, row: int) -> StaffRow:
        return StaffRow(
            row,
            str(self.area[i]),
            str(self.role[i]),
            checked_name(str(self.holder[i])),
            self.since[i],
            self.until[i],
            checked_phone(self.phone[i]),
            self.deputy[i],
        )


def days_of(texts: Texts, name: str) -> Texts:
    """Read a column of days; None where there is none, or what stands there is no day.

    Raises
    ------
    InputError
        The column cannot be read as days at all; ``name`` is what it is called.
    """
    try:
        moments = parse_times(texts, UTC, field=name).moments
    except InputError as error:
        raise InputError(str(error.message), hint="Write days as 2026-03-01.", field=name) from error
    days: Sequence[date | None] = [None if one is None else one.date() for one in moments]
    found = np.full(len(days), None, dtype=object)
    found[:] = days
    return found


def _of_place(
    cells: _Cells, i: int, known: Mapping[str, bool], layer: str
) -> Iterator[tuple[ProblemKind, str]]:
    code = cells.area[i]
    if code is None:
        yield ProblemKind.MISSING_CODE, "names no area"
    elif code not in known:
        yield ProblemKind.UNKNOWN_AREA, f"names {code}, which is no area of layer {layer}"
    elif not known[code]:
        yield ProblemKind.BEYOND_RIGHTS, f"names {code}, where your rights do not reach"


def _of_person(cells: _Cells, i: int) -> Iterator[tuple[ProblemKind, str]]:
    words = (cells.role[i], cells.holder[i])
    if None in words:
        yield ProblemKind.BAD_VALUE, f"names no {'role' if words[0] is None else 'holder'}"
    for name, (texts, days) in cells.dates.items():
        if texts[i] is not None and days[i] is None:
            yield ProblemKind.BAD_DATE, f"has {texts[i]!r} in {name!r}, which is no day"
    for kind, checked in (
        (ProblemKind.BAD_VALUE, lambda: words[1] is None or checked_name(words[1])),
        (ProblemKind.BAD_VALUE, lambda: checked_phone(cells.phone[i])),
        (ProblemKind.BAD_DATE, lambda: check_dates(cells.since[i], cells.until[i])),
    ):
        try:
            checked()
        except InputError as error:
            yield kind, f"cannot be: {error.message.rstrip('.')}"
