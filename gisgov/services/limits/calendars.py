"""Use cases: bring in a working calendar, list those that are there, show one.

A calendar is a document with the hours of the week, and a table of the days that differ. A table with a wrong
row is refused whole: a calendar that lacks a holiday would be wrong, not merely incomplete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from fixtures.shipped import LIMITS, read_document
from gisgov.errors import ConflictError, NotFoundError, RowsRefused
from gisgov.files.columns import find_field, texts_of
from gisgov.files.tables import read_plain_table
from gisgov.governance.limits import WorkingCalendar, parse_calendar, working_spans
from gisgov.services.access import require_everywhere
from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.store import limits
from gisgov.store.acting import as_owner
from gisgov.store.database import Database

_NAMES: Final = {
    "day": ("day", "date", "日期"),
    "is_working": ("is_working", "working", "是否工作日", "是否上班", "上班"),
    "title": ("title", "name", "名称", "节日", "说明"),
}
_WORDS: Final = {
    **dict.fromkeys(("yes", "true", "1", "是", "上班", "工作日", "班"), True),
    **dict.fromkeys(("no", "false", "0", "否", "休息", "休", "放假", "节假日"), False),
}
_YEARS_BACK, _YEARS_AHEAD = 10, 20


@dataclass(frozen=True, slots=True)
class CalendarInfo:
    """A working calendar.

    Attributes
    ----------
    name, timezone, source : str
        What it is called, whose hours it has, and where it comes from.
    is_example : bool
        Whether it is an example that nobody has decided on.
    hours : dict
        Spans of each weekday, ``HH:MM-HH:MM``.
    days : int
        How many days differ from their weekday.
    first_day, last_day : datetime.date or None
        The first and last of them; after the last the weekdays alone count.
    """

    name: str
    timezone: str
    source: str
    is_example: bool
    hours: dict[str, list[str]]
    days: int
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that differs from its weekday.

    Attributes
    ----------
    day : datetime.date
        Which.
    is_working : bool
        Whether it is worked.
    title : str or None
        What it is called.
    """

    day: date
    is_working: bool
    title: str | None


@dataclass(frozen=True, slots=True)
class CalendarDetail:
    """A working calendar with its days.

    Attributes
    ----------
    calendar : CalendarInfo
        The calendar.
    days : tuple of CalendarDay
        The days that differ from their weekday, in their order.
    """

    calendar: CalendarInfo
    days: tuple[CalendarDay, ...]


def import_calendar(
    database: Database, hours: Path, days: Path | None = None, *, dry_run: bool = False
) -> CalendarDetail:
    """Bring in a calendar; limits that run keep the moments that they were given.

    Parameters
    ----------
    database : Database
        Where to.
    hours : pathlib.Path
        YAML or TOML: name, time zone, source and hours of the week.
    days : pathlib.Path, optional
        Table (CSV, Excel, Parquet) of days that differ: ``day``, ``is_working`` and perhaps ``title``.
    dry_run : bool
        Say what the calendar would be, and change nothing.

    Raises
    ------
    FileError
        A file cannot be read.
    ProfileError
        The document does not hold together.
    InputError
        The table lacks a column.
    RowsRefused
        A row of the table cannot be used; nothing is brought in.
    NotAllowed
        Whoever asks may not set up calendars.
    """
    calendar = parse_calendar(read_document(hours), hours.name)
    told, titles = ({}, {}) if days is None else _read_days(days)
    calendar = replace(calendar, days=told)
    with database.begin() as connection:
        require_everywhere(connection, "registers.approve")
        with as_owner(connection):
            _put(connection, calendar, titles)
        told_back = _detail(connection, calendar.name)
        if dry_run:
            connection.rollback()
    return told_back


def show_calendar(database: Database, name: str) -> CalendarDetail:
    """Return a calendar with the days that differ from their weekday.

    Raises
    ------
    NotFoundError
        There is no calendar of that name.
    """
    with database.begin() as connection:
        if not limits.has_calendar(connection, name):
            raise NotFoundError(
                f"There is no calendar {name!r}.", hint="`gisgov import calendar` brings one in."
            )
        return _detail(connection, name)


def list_calendars(database: Database) -> tuple[CalendarInfo, ...]:
    """Return all calendars, by name."""
    with database.begin() as connection:
        return tuple(_info(connection, name) for name in limits.calendar_names(connection))


def ensure_calendar(connection: sa.Connection, name: str) -> None:
    """Bring in the shipped example where it is asked for and nobody did.

    Raises
    ------
    ConflictError
        There is no calendar of that name.
    """
    if limits.has_calendar(connection, name):
        return
    shipped = parse_calendar(read_document(LIMITS / "calendar.yaml"), "calendar.yaml")
    if shipped.name != name:
        raise ConflictError(
            f"The policy of time limits counts in the calendar {name!r}, which is not there.",
            hint="`gisgov import calendar` brings it in.",
        )
    days, titles = _read_days(LIMITS / "calendar_days.csv")
    with as_owner(connection):
        _put(connection, replace(shipped, days=days), titles)


def _put(connection: sa.Connection, calendar: WorkingCalendar, titles: Mapping[date, str]) -> None:
    year = datetime.now(UTC).year
    first = min([date(year - _YEARS_BACK, 1, 1), *calendar.days])
    last = max([date(year + _YEARS_AHEAD, 12, 31), *calendar.days])
    limits.put_calendar(connection, calendar, titles, working_spans(calendar, first, last))


def _info(connection: sa.Connection, name: str) -> CalendarInfo:
    stored = limits.find_calendar(connection, name)
    days = sorted(stored.days)
    return CalendarInfo(
        name=stored.name,
        timezone=stored.timezone,
        source=stored.source,
        is_example=stored.is_example,
        hours=stored.hours,
        days=len(days),
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
    )


def _detail(connection: sa.Connection, name: str) -> CalendarDetail:
    days = limits.calendar_days(connection, name)
    return CalendarDetail(
        _info(connection, name), tuple(CalendarDay(one.day, one.is_working, one.title) for one in days)
    )


def _read_days(path: Path) -> tuple[dict[date, bool], dict[date, str]]:
    table = read_plain_table(path)
    names = table.columns.column_names
    usual = {name.strip().casefold(): name for name in reversed(names)}
    found = {
        holds: next((usual[name] for name in known if name in usual), None) for holds, known in _NAMES.items()
    }
    columns = []
    for holds in ("day", "is_working"):
        field = found[holds] or find_field(names, holds, file_name=path.name)
        columns.append(texts_of(table.columns.column(field), field=field))
    title = found["title"]
    titles = [None] * len(table.rows) if title is None else texts_of(table.columns.column(title), field=title)
    days: dict[date, bool] = {}
    called: dict[date, str] = {}
    problems: list[RowProblem] = []
    for row, day, worked, words in zip(table.rows.tolist(), *columns, titles, strict=True):
        read = _read_day(row, day, worked, days)
        if isinstance(read, RowProblem):
            problems.append(read)
            continue
        days[read[0]] = read[1]
        if words is not None:
            called[read[0]] = words
    if problems:
        raise RowsRefused(
            f"{len(problems)} of the {len(table.rows)} rows of {path.name} cannot be used, so nothing was "
            f"brought in; {problems[0]}.",
            hint=" ".join(str(one) + "." for one in problems[1:10]) or None,
        )
    return days, called


def _read_day(
    row: int, day: str | None, worked: str | None, known: Mapping[date, bool]
) -> tuple[date, bool] | RowProblem:
    try:
        read = date.fromisoformat((day or "").replace("/", "-")[:10])
    except ValueError:
        return RowProblem(row, day, ProblemKind.BAD_DATE, f"the day {day!r} is no date like 2026-10-01")
    if read in known:
        return RowProblem(row, day, ProblemKind.DUPLICATE_ID, f"the day {read} stands in an earlier row")
    is_worked = _WORDS.get((worked or "").casefold())
    if is_worked is None:
        return RowProblem(
            row, day, ProblemKind.BAD_VALUE, f"{worked!r} does not say whether the day is worked (yes or no)"
        )
    return read, is_worked
