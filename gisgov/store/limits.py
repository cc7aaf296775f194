"""Limits of time in the database: calendars laid out, and the limits of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gisgov.errors import ConflictError
from gisgov.governance.limits import Amount, WorkingCalendar, WorkingSpan
from gisgov.governance.limits.calendars import format_hours
from gisgov.store.array_literals import array_literal
from gisgov.store.copying import copy_rows
from gisgov.store.directly import rows_of
from gisgov.store.statements import statement
from gisgov.store.tables import calendar_day, calendar_span, working_calendar
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """A working calendar as it is kept; ``days`` are those that differ from their weekday."""

    name: str
    timezone: str
    hours: Json
    source: str
    is_example: bool
    days: Mapping[date, bool]


@dataclass(frozen=True, slots=True)
class LimitStart:
    """A limit that begins: of which stage of which event, when, and how long it is."""

    event_id: int
    stage: str
    at: datetime
    amount: Amount


_CALENDAR = sa.text("SELECT name FROM working_calendar WHERE name = :name")


def has_calendar(connection: sa.Connection, name: str) -> bool:
    """Whether there is a calendar of that name."""
    return bool(rows_of(connection, _CALENDAR, {"name": name}))


def find_calendar(connection: sa.Connection, name: str) -> StoredCalendar:
    """Return a calendar that is there."""
    row = connection.execute(sa.select(working_calendar).where(working_calendar.c.name == name)).one()
    days = sa.select(calendar_day.c.day, calendar_day.c.is_working).where(calendar_day.c.calendar == name)
    known = {one.day: one.is_working for one in connection.execute(days.order_by(calendar_day.c.day))}
    return StoredCalendar(row.name, row.timezone, row.hours, row.source, row.is_example, known)


def calendar_days(connection: sa.Connection, name: str) -> Sequence[sa.Row[Any, Any, Any]]:
    """Return the days of a calendar that differ from their weekday: day, is_working, title."""
    days = sa.select(calendar_day.c.day, calendar_day.c.is_working, calendar_day.c.title)
    return connection.execute(days.where(calendar_day.c.calendar == name).order_by(calendar_day.c.day)).all()


def calendar_names(connection: sa.Connection) -> tuple[str, ...]:
    """Return the names of all calendars."""
    return tuple(connection.scalars(sa.select(working_calendar.c.name).order_by(working_calendar.c.name)))


def put_calendar(
    connection: sa.Connection,
    calendar: WorkingCalendar,
    titles: Mapping[date, str],
    spans: Sequence[WorkingSpan],
) -> None:
    """Write a calendar, its days and its working time laid out; limits that run keep their moments.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`.
    calendar : WorkingCalendar
        The calendar.
    titles : mapping of date to str
        What days are called.
    spans : sequence of WorkingSpan
        Its working time.
    """
    values = {
        "name": calendar.name,
        "timezone": calendar.timezone.key,
        "hours": format_hours(calendar),
        "source": calendar.source,
        "is_example": calendar.is_example,
    }
    known = insert(working_calendar).values(**values)
    changed = {name: known.excluded[name] for name in values if name != "name"}
    connection.execute(known.on_conflict_do_update(index_elements=["name"], set_=changed))
    for table in (calendar_day, calendar_span):
        connection.execute(sa.delete(table).where(table.c.calendar == calendar.name))
    days = ((calendar.name, day, worked, titles.get(day)) for day, worked in sorted(calendar.days.items()))
    copy_rows(connection, "calendar_day (calendar, day, is_working, title)", days)
    copy_rows(
        connection,
        "calendar_span (calendar, begins, ends, seconds_before, day, day_number)",
        ((calendar.name, one.begins, one.ends, one.seconds_before, one.day, one.day_number) for one in spans),
    )


_OWN_LIMITS = sa.text("SELECT id, limits FROM category WHERE id = ANY (CAST(:ids AS INTEGER[]))")


def own_limits(connection: sa.Connection, category_ids: Sequence[int]) -> dict[int, Json]:
    """Return the limits that categories have of their own, by id."""
    rows = rows_of(connection, _OWN_LIMITS, {"ids": array_literal(category_ids)})
    return {row.id: row.limits for row in rows}


def start_limits(
    connection: sa.Connection, starts: Sequence[LimitStart], *, calendar: str | None, warn_share: float
) -> None:
    """Begin limits. One that runs already runs on.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`.
    starts : sequence of LimitStart
        What begins.
    calendar : str or None
        In which working time is counted.
    warn_share : float
        Share of a limit that is left when it is due soon.

    Raises
    ------
    ConflictError
        The calendar ends before a limit does.
    """
    given: dict[str, Any] = {
        "events": array_literal(one.event_id for one in starts),
        "stages": array_literal(one.stage for one in starts),
        "moments": array_literal(one.at.isoformat() for one in starts),
        "amounts": array_literal(one.amount.number for one in starts),
        "units": array_literal(one.amount.unit.value for one in starts),
        "calendar": calendar,
        "warn_share": warn_share,
    }
    try:
        rows_of(connection, statement("start_limits"), given)
    except psycopg.errors.NotNullViolation as error:
        raise ends_too_soon(calendar) from error


def ends_too_soon(calendar: str | None) -> ConflictError:
    """Return the error for a limit that is over after the end of its calendar."""
    return ConflictError(
        f"The calendar {calendar!r} does not reach to the end of a limit.",
        hint="Import it again: `gisgov import calendar` lays it out for twenty years from today.",
    )


def change_limits(
    connection: sa.Connection, change: str, told: Sequence[tuple[int, str | None, datetime]]
) -> None:
    """End, void, pause or resume limits that run.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`.
    change : str
        ``end``, ``void``, ``pause`` or ``resume``.
    told : sequence of (int, str or None, datetime)
        Event, stage (None for all of them), and when.
    """
    ids, stages, moments = zip(*told, strict=True)
    given = {"events": [*ids], "stages": [*stages], "moments": [*moments]}
    connection.execute(statement(f"{change}_limits"), given)


def extend_limit(connection: sa.Connection, event_id: int, stage: str, amount: float) -> datetime | None:
    """Extend the limit of a stage that runs, by so many of its own units; return when it is due now.

    Returns
    -------
    datetime.datetime or None
        None where no limit of the stage runs.
    """
    given = {"event_id": event_id, "stage": stage, "amount": amount}
    due: datetime | None = connection.scalar(statement("extend_limit"), given)
    return due
