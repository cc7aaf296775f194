"""Working time by the calendar: counted by hand, and against a walk minute by minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisgov.governance.limits import Amount, TimeUnit, due_at, parse_calendar, working_spans

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = {
    day: ["09:00-12:00", "14:00-18:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
}
OFFICE = replace(
    parse_calendar({"name": "office", "timezone": "Asia/Shanghai", "source": "A test.", "hours": HOURS}),
    # the first of May is free, and so are three days after it; Saturday the 9th is worked
    days={date(2026, 5, day): day == 9 for day in (1, 4, 5, 9)},
)
SPANS = working_spans(OFFICE, date(2026, 4, 1), date(2026, 6, 30))


def due(text: str, number: float, unit: TimeUnit) -> str:
    started = datetime.fromisoformat(text).replace(tzinfo=ZONE)
    found = due_at(started, Amount(number, unit), SPANS, OFFICE)
    assert found is not None
    return found.astimezone(ZONE).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("started", "number", "unit", "over"),
    [
        pytest.param("2026-04-30T10:00", 10, TimeUnit.MINUTES, "04-30 10:10", id="by the clock"),
        pytest.param("2026-04-30T10:00", 1, TimeUnit.DAYS, "05-01 10:00", id="days by the clock"),
        pytest.param("2026-04-30T10:00", 2, TimeUnit.WORKING_HOURS, "04-30 12:00", id="to the end of a span"),
        pytest.param("2026-04-30T11:00", 2, TimeUnit.WORKING_HOURS, "04-30 15:00", id="over lunch"),
        pytest.param("2026-04-30T12:30", 1, TimeUnit.WORKING_HOURS, "04-30 15:00", id="begun at lunch"),
        pytest.param("2026-04-30T17:00", 3, TimeUnit.WORKING_HOURS, "05-06 11:00", id="over a holiday"),
        pytest.param("2026-05-08T17:00", 2, TimeUnit.WORKING_HOURS, "05-09 10:00", id="a swapped day"),
        pytest.param("2026-05-02T10:00", 0, TimeUnit.WORKING_HOURS, "05-02 10:00", id="no time at all"),
        pytest.param("2026-04-30T10:00", 1, TimeUnit.WORKING_DAYS, "05-06 18:00", id="not the start's day"),
        pytest.param("2026-05-02T10:00", 1, TimeUnit.WORKING_DAYS, "05-06 18:00", id="begun on a free day"),
        pytest.param("2026-05-07T10:00", 3, TimeUnit.WORKING_DAYS, "05-11 18:00", id="with a swapped day"),
        pytest.param("2026-04-30T10:00", 0, TimeUnit.WORKING_DAYS, "04-30 18:00", id="by the end of today"),
    ],
)  # fmt: skip
def test_limits_counted_by_hand(started: str, number: float, unit: TimeUnit, over: str) -> None:
    assert due(started, number, unit) == over


@given(
    minute=st.integers(min_value=0, max_value=60 * 24 * 40),
    hours=st.integers(min_value=1, max_value=60),
)
def test_working_hours_are_so_many_worked_minutes(minute: int, hours: int) -> None:
    started = datetime(2026, 4, 1, tzinfo=ZONE) + timedelta(minutes=minute)
    over = due_at(started, Amount(hours, TimeUnit.WORKING_HOURS), SPANS, OFFICE)
    assert over is not None
    worked = sum(max(0.0, (min(one.ends, over) - max(one.begins, started)).total_seconds()) for one in SPANS)
    assert worked == hours * 3600
    assert any(one.begins < over <= one.ends for one in SPANS)


def test_beyond_the_calendar_nobody_knows() -> None:
    late = datetime(2026, 6, 30, 17, tzinfo=ZONE)
    assert due_at(late, Amount(2, TimeUnit.WORKING_HOURS), SPANS, OFFICE) is None
    assert due_at(late, Amount(1, TimeUnit.WORKING_DAYS), SPANS, OFFICE) is None
    assert due_at(late, Amount(1, TimeUnit.WORKING_DAYS), (), OFFICE) is None


def test_before_the_calendar_time_begins_with_it() -> None:
    early = datetime(2026, 3, 1, 9, tzinfo=ZONE)
    over = due_at(early, Amount(1, TimeUnit.WORKING_HOURS), SPANS, OFFICE)
    assert over == datetime(2026, 4, 1, 10, tzinfo=ZONE)
    assert due_at(early, Amount(0, TimeUnit.WORKING_HOURS), SPANS, OFFICE) == early
    assert due_at(early, Amount(1, TimeUnit.WORKING_DAYS), SPANS, OFFICE) == datetime(
        2026, 4, 1, 18, tzinfo=ZONE
    )


@pytest.mark.parametrize(
    ("zone", "hours", "first", "told"),
    [
        pytest.param(
            "Asia/Shanghai", {"monday": ["22:00-06:00"], "tuesday": ["05:00-08:00"]}, date(2026, 3, 2),
            ["03-02 22:00 480 1", "03-03 06:00 120 2"], id="a night, and a day that begins before it is over",
        ),
        pytest.param(
            "Asia/Shanghai", {"monday": ["22:00-06:00"], "tuesday": ["01:00-06:00"]}, date(2026, 3, 2),
            ["03-02 22:00 480 1"], id="a day that is over before the night is",
        ),
        pytest.param(
            "America/New_York", {"sunday": ["01:00-02:30", "02:30-04:00"]}, date(2026, 3, 8),
            ["03-08 01:00 60 1", "03-08 03:00 60 1"], id="put forward from two to three",
        ),
        pytest.param(
            "America/New_York", {"sunday": ["02:00-03:00"]}, date(2026, 3, 8), [], id="an hour that is not",
        ),
        pytest.param(
            "America/New_York", {"sunday": ["00:00-24:00"]}, date(2026, 11, 1),
            ["11-01 00:00 1500 1"], id="a day of 25 hours",
        ),
    ],
)  # fmt: skip
def test_spans_of_nights_and_of_clocks_that_are_moved(
    zone: str, hours: dict[str, list[str]], first: date, told: list[str]
) -> None:
    calendar = parse_calendar({"name": "n", "timezone": zone, "source": "A test.", "hours": hours})
    spans = working_spans(calendar, first, first + timedelta(days=1))
    found = [
        f"{one.begins.astimezone(ZoneInfo(zone)):%m-%d %H:%M} "
        f"{(one.ends - one.begins) / timedelta(minutes=1):g} {one.day_number}"
        for one in spans
    ]
    assert found == told
