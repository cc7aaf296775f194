"""Calendars and limits as documents: read, written back, refused in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fixtures.shipped import LIMITS, read_document, time_limits
from gisgov.errors import ProfileError
from gisgov.governance.limits import Amount, TimeUnit, format_limits, parse_calendar, parse_limits
from gisgov.governance.limits.calendars import format_hours
from gisgov.governance.loop import loop_machine

CALENDAR: dict[str, Any] = {
    "name": "office", "timezone": "Asia/Shanghai", "source": "A test.", "hours": {"monday": ["09:00-12:00"]},
}  # fmt: skip
LIMIT: dict[str, Any] = {"stage": "handling", "amount": 2, "unit": "working-days"}
POLICY: dict[str, Any] = {
    "version": "1", "title_zh": "时限", "title_en": "Limits", "source": "A test.", "calendar": "office",
    "warn_share": 0.2, "whistle": {"amount": 2, "unit": "hours"}, "limits": [LIMIT],
}  # fmt: skip


def test_the_shipped_documents_hold_together() -> None:
    policy = time_limits()
    assert parse_limits(format_limits(policy)) == policy
    assert {rule.stage for rule in policy.rules} == set(loop_machine().stages)
    calendar = parse_calendar(read_document(LIMITS / "calendar.yaml"))
    assert calendar.name == policy.calendar
    assert calendar.is_example
    assert policy.is_example
    assert parse_calendar({**CALENDAR, "hours": format_hours(calendar)}).hours == calendar.hours


def test_public_requests_are_noticed_within_ten_minutes_and_called_within_thirty() -> None:
    policy = time_limits()
    asked = {stage: policy.limit(stage, level="2", source="hotline") for stage in ("notice", "appointment")}
    assert asked == {"notice": Amount(10, TimeUnit.MINUTES), "appointment": Amount(30, TimeUnit.MINUTES)}
    assert policy.limit("notice", level="2", source="patrol") is None


def test_the_first_rule_that_fits_counts_and_a_category_goes_before() -> None:
    policy = parse_limits({**POLICY, "limits": [{**LIMIT, "levels": ["3"], "amount": 9}, LIMIT]})
    assert policy.limit("handling", level="3", source="patrol") == Amount(9, TimeUnit.WORKING_DAYS)
    assert policy.limit("handling", level=None, source="patrol") == Amount(2, TimeUnit.WORKING_DAYS)
    own = {"handling": Amount(1, TimeUnit.HOURS)}
    assert policy.limit("handling", level="3", source="patrol", own=own) == Amount(1, TimeUnit.HOURS)
    assert policy.limit("review", level="3", source="patrol", own=own) is None
    assert [TimeUnit(unit).seconds for unit in ("minutes", "hours", "days", "working-days")] == [
        60,
        3600,
        86400,
        0,
    ]


def test_a_free_day_that_is_worked_has_hours_and_a_worked_one_may_be_free() -> None:
    calendar = parse_calendar({**CALENDAR, "hours": {"monday": ["09:00-12:00"], "swapped": ["10:00-11:00"]}})
    object.__setattr__(
        calendar, "days", {date(2026, 3, 1): True, date(2026, 3, 2): False, date(2026, 3, 9): True}
    )
    lengths = [calendar.spans_of(date(2026, 3, day))[:1] for day in (1, 2, 9, 10)]
    assert [str(one[0][0]) if one else None for one in lengths] == ["10:00:00", None, "09:00:00", None]


def test_hours_go_on_over_midnight_and_to_the_end_of_the_day() -> None:
    calendar = parse_calendar(
        {**CALENDAR, "hours": {"monday": ["09:00-12:00", "22:00-06:00"], "sunday": ["00:00-24:00"]}}
    )
    assert format_hours(calendar)["monday"] == ["09:00-12:00", "22:00-06:00"]
    assert format_hours(calendar)["sunday"] == ["00:00-24:00"]
    assert parse_calendar({**CALENDAR, "hours": format_hours(calendar)}).hours == calendar.hours


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"timezone": "Mars/Base"}, "is no time zone|which is no time zone", id="zone"),
        pytest.param({"hours": {}}, "names no weekday", id="no weekday"),
        pytest.param({"hours": {"monday": ["9 to 5"]}}, "is no span of a day", id="no span"),
        pytest.param({"hours": {"monday": ["09:00+08:00-12:00"]}}, "is no span of a day", id="offset"),
        pytest.param({"hours": {"monday": ["09:00-12:00:30"]}}, "is no span of a day", id="seconds"),
        pytest.param({"hours": {"monday": ["12:00-09:00"]}}, "ends before it begins", id="backwards"),
        pytest.param({"hours": {"monday": ["09:00-09:00"]}}, "ends as it begins", id="nothing"),
        pytest.param({"hours": {"monday": ["22:00-06:00", "23:00-24:00"]}}, "before the span", id="at night"),
        pytest.param({"hours": {"monday": ["09:00-12:00", "11:00-12:30"]}}, "before the span", id="overlap"),
        pytest.param({"hours": {"someday": ["09:00-12:00"], "monday": []}}, "someday", id="unknown day"),
    ],
)  # fmt: skip
def test_a_calendar_is_refused_in_words(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ProfileError, match=words):
        parse_calendar({**CALENDAR, **change})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"warn_share": 1}, "warn_share", id="share"),
        pytest.param({"limits": []}, "limits", id="none"),
        pytest.param({"limits": [{**LIMIT, "amount": 1.5}]}, "counted whole", id="half a working day"),
        pytest.param({"limits": [{**LIMIT, "levels": ["4"]}]}, "'4'; known are 1, 2, 3", id="level"),
        pytest.param({"limits": [{**LIMIT, "unit": "weeks"}]}, "unit", id="unit"),
    ],
)
def test_limits_are_refused_in_words(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ProfileError, match=words):
        parse_limits({**POLICY, **change})


def test_amounts_are_told_with_their_unit() -> None:
    assert [str(Amount(1.5, TimeUnit.HOURS)), str(Amount(10, TimeUnit.MINUTES))] == [
        "1.5 hours",
        "10 minutes",
    ]
    assert Amount(3, TimeUnit.DAYS).written() == {"amount": 3, "unit": "days"}
