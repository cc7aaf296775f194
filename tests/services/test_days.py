"""Days: what a date or timestamp means where the areas are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from gisgov.errors import InputError
from gisgov.services.days import local_day, parse_day

ZONE = ZoneInfo("Asia/Shanghai")


def test_a_date_is_itself() -> None:
    assert local_day(date(2026, 3, 1), ZONE) == date(2026, 3, 1)


def test_a_timestamp_without_zone_is_local_already() -> None:
    assert local_day(datetime(2026, 3, 1, 23, 59), ZONE) == date(2026, 3, 1)  # noqa: DTZ001


def test_nothing_is_today() -> None:
    assert parse_day(None, ZONE) in {datetime.now(ZONE).date(), local_day(None, ZONE)}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        (" 2026-03-01 ", date(2026, 3, 1)),
        ("2026-03-01T23:30:00", date(2026, 3, 1)),
        ("2026-03-01T16:30:00Z", date(2026, 3, 2)),
        ("2026-03-01T23:30:00+08:00", date(2026, 3, 1)),
    ],
)
def test_texts_are_iso(text: str, day: date) -> None:
    assert parse_day(text, ZONE) == day


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "2026-03-01T08:00:00 08:00", "1.3.2026"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_day(text, ZONE)
    assert caught.value.field == "at"


def test_the_end_of_time_is_refused() -> None:
    """In a zone east of Greenwich the last moment of the year 9999 is in the year 10000."""
    assert local_day(datetime(9999, 12, 31, 12, tzinfo=UTC), ZONE) == date(9999, 12, 31)
    with pytest.raises(InputError):
        parse_day("9999-12-31T23:59:59Z", ZONE)


def test_a_day_that_is_none_is_told_by_what_it_was_given_as() -> None:
    with pytest.raises(InputError, match="'2026-02-30' is no date") as refused:
        parse_day("2026-02-30", ZoneInfo("Asia/Shanghai"), field="effective")
    assert refused.value.field == "effective"
