"""Limits in the database against working time counted by the minute: nights, clocks put forward, pauses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from minutes_worked import MINUTE, MinutesWorked

from gisgov.governance.limits import Amount, TimeUnit, parse_calendar, working_spans
from gisgov.services.limits import on_steps
from gisgov.store import limits
from gisgov.store.database import Database
from gisgov.store.limits import LimitStart
from tests.services.limits.test_limits_running import MONDAY, an_event, moved

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
OFFICE = {day: ["09:00-12:00", "14:00-18:00"] for day in WEEK}
NIGHTS = {day: ["10:00-11:30", "22:00-06:00"] for day in ("monday", "tuesday", "thursday", "saturday")}
WHOLE = {day: ["00:00-24:00"] for day in ("monday", "wednesday", "sunday")}
SMALL = {day: ["00:00-00:20", "02:00-03:00", "23:00-24:00"] for day in ("tuesday", "friday", "sunday")}
CALENDARS: dict[str, tuple[dict[str, list[str]], str, date, date, dict[date, bool]]] = {
    "office": (
        {**OFFICE, "swapped": ["09:00-12:00"]}, "Asia/Shanghai", date(2026, 4, 20), date(2026, 7, 31),
        {date(2026, 5, 1): False, date(2026, 5, 4): False, date(2026, 5, 9): True},
    ),
    "nights": (NIGHTS, "Asia/Shanghai", date(2026, 3, 1), date(2026, 6, 30), {}),
    # the clock is put forward over the hour from two to three, and back in autumn
    "spring": (SMALL, "America/New_York", date(2026, 3, 1), date(2026, 6, 30), {}),
    "autumn": (NIGHTS, "Europe/Berlin", date(2026, 10, 15), date(2027, 2, 10), {}),
    # at midnight it is put forward to one
    "midnight": (WHOLE, "Africa/Cairo", date(2026, 4, 15), date(2026, 8, 20), {}),
}  # fmt: skip
NAMES = sorted(CALENDARS)
_slow: dict[str, MinutesWorked] = {}


def slow(name: str) -> MinutesWorked:
    if name not in _slow:
        hours, zone, first, last, days = CALENDARS[name]
        _slow[name] = MinutesWorked(hours, ZoneInfo(zone), first, last, days)
    return _slow[name]


@pytest.fixture(scope="module")
def counting(module_database_url: str) -> Iterator[Database]:
    opened = Database(module_database_url)
    for name, (hours, zone, first, last, days) in CALENDARS.items():
        told = {"name": name, "timezone": zone, "source": "A test.", "hours": hours}
        calendar = parse_calendar(told)
        object.__setattr__(calendar, "days", days)
        with opened.begin() as connection:
            limits.put_calendar(connection, calendar, {}, working_spans(calendar, first, last))
    yield opened
    opened.dispose()


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a limit, and when it stands still: from days before the calendar begins on."""
    name = draw(st.sampled_from(NAMES))
    begins = datetime.combine(CALENDARS[name][2], datetime.min.time(), tzinfo=UTC)
    started = begins + MINUTE * draw(st.integers(-3 * 1440, 30 * 1440))
    unit = draw(st.sampled_from([TimeUnit.WORKING_DAYS] * 2 + [TimeUnit.WORKING_HOURS, TimeUnit.HOURS]))
    paused = started + MINUTE * draw(st.integers(0, 4 * 1440))
    return {
        "name": name,
        "started": started,
        "amount": Amount(draw(st.integers(1, 5)), unit),
        "share": draw(st.sampled_from([0.0, 0.2, 0.25, 0.5])),
        "paused": paused,
        "resumed": paused + MINUTE * draw(st.sampled_from([0, 1, 90, 700, 1440, 4000, 10000])),
        "added": draw(st.integers(1, 3)),
    }


def limit_of(connection: sa.Connection, event_id: int) -> tuple[datetime, datetime]:
    row = connection.execute(
        sa.text("SELECT warn_at, due_at FROM event_limit WHERE event_id = :id"), {"id": event_id}
    ).one()
    return row.warn_at.astimezone(UTC), row.due_at.astimezone(UTC)


@given(cases())
@settings(
    max_examples=80,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_limits_warn_and_end_as_counted_by_the_minute(counting: Database, case: dict[str, Any]) -> None:
    counted, share, amount = slow(case["name"]), case["share"], case["amount"]
    started, paused, resumed = case["started"], case["paused"], case["resumed"]
    in_days, by_clock = amount.unit is TimeUnit.WORKING_DAYS, amount.unit is TimeUnit.HOURS

    def length(first: datetime, last: datetime) -> float:
        return (last - first) / MINUTE if by_clock else counted.worked(first, last)

    def over(at: datetime, number: float) -> datetime:
        if by_clock:
            return at + timedelta(hours=number)
        if in_days:
            return counted.end_of(counted.days_to(at) + int(number))
        return counted.after_minutes(at, int(number * 60))

    def warned(due: datetime, minutes: float) -> datetime:
        return due - minutes * MINUTE if by_clock else counted.before(started, due, minutes)

    with counting.engine.connect() as connection, connection.begin() as whole:
        event = an_event(connection)
        start = [LimitStart(event, "handling", started, amount)]
        limits.start_limits(connection, start, calendar=case["name"], warn_share=share)
        due = over(started, amount.number)
        left = share * length(started, due)
        assert limit_of(connection, event) == (warned(due, left), due)

        limits.change_limits(connection, "pause", [(event, None, paused)])
        limits.change_limits(connection, "resume", [(event, None, resumed)])
        if due > paused and by_clock:
            due += resumed - paused
        elif due > paused and in_days:
            due = counted.resumed(due, paused, resumed)
        elif due > paused:
            due = counted.after_minutes(resumed, counted.worked(paused, due))
        assert limit_of(connection, event) == (warned(due, left), due)

        limits.extend_limit(connection, event, "handling", case["added"])
        former = due
        due = counted.end_of(counted.number_of(due) + case["added"]) if in_days else over(due, case["added"])
        left += share * length(former, due)
        assert limit_of(connection, event) == (warned(due, left), due)
        whole.rollback()


def test_a_limit_of_one_working_day_is_due_soon_on_its_last_hours(database: Database) -> None:
    """Of level 1, from nine on Monday: the example warns when a fifth of its working time is left."""
    with database.begin() as connection:
        event = an_event(connection)
        on_steps(connection, [moved(event, "dispatch", MONDAY, level="1")])
        warns = sa.text("SELECT warn_at, due_at FROM event_limit WHERE event_id = :id AND stage = 'handling'")
        row = connection.execute(warns, {"id": event}).one()
        # 14 working hours until Tuesday at 18:00, of which 2.8 are left at 15:12
        assert row.due_at.astimezone(UTC) == MONDAY + timedelta(days=1, hours=9)
        assert row.warn_at.astimezone(UTC) == MONDAY + timedelta(days=1, hours=6, minutes=12)
