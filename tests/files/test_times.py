"""Times written in many ways."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gisgov.errors import InputError
from gisgov.files.times import EXCEL, ISO, parse_times

SHANGHAI = ZoneInfo("Asia/Shanghai")


def column(*texts: str | None) -> np.ndarray:
    return np.array(texts, dtype=object)


@pytest.mark.parametrize(
    ("text", "form", "moment"),
    [
        ("2026-03-01T08:30:00+08:00", ISO, "2026-03-01T08:30:00+08:00"),
        ("2026-03-01 08:30:00", ISO, "2026-03-01T08:30:00+08:00"),
        ("2026-03-01", ISO, "2026-03-01T00:00:00+08:00"),
        ("2026/3/1 8:30", "%Y/%m/%d %H:%M", "2026-03-01T08:30:00+08:00"),
        ("3/14/2025 1:20", "%m/%d/%Y %H:%M", "2025-03-14T01:20:00+08:00"),
        ("14/3/2025 01:20:05", "%d/%m/%Y %H:%M:%S", "2025-03-14T01:20:05+08:00"),
        ("03/14/2025 01:20:05 PM", "%m/%d/%Y %I:%M:%S %p", "2025-03-14T13:20:05+08:00"),
        ("2026年3月1日 8时30分", "%Y年%m月%d日 %H时%M分", "2026-03-01T08:30:00+08:00"),
        ("20260301", "%Y%m%d", "2026-03-01T00:00:00+08:00"),
        ("20260301083000", "%Y%m%d%H%M%S", "2026-03-01T08:30:00+08:00"),
        ("46082.5", EXCEL, "2026-03-01T12:00:00+08:00"),
        ("46082", EXCEL, "2026-03-01T00:00:00+08:00"),
        ("46082.354166666664", EXCEL, "2026-03-01T08:30:00+08:00"),
        ("1772325000", "seconds since 1970", "2026-03-01T00:30:00+00:00"),
        ("1772325000000", "milliseconds since 1970", "2026-03-01T00:30:00+00:00"),
    ],
)
def test_forms(text: str, form: str, moment: str) -> None:
    read = parse_times(column(text, None), SHANGHAI)
    assert read.form == form
    assert read.moments[0].isoformat() == moment
    assert read.moments[1] is None


def test_the_form_that_reads_most_is_taken() -> None:
    read = parse_times(column("2026-03-01", "soon", "2026-03-02", "1772325000"), UTC)
    assert read.form == ISO
    assert [moment is None for moment in read.moments] == [False, True, False, True]


def test_one_row_can_decide_between_day_and_month() -> None:
    assert parse_times(column("3/4/2025", "3/14/2025"), UTC).form == "%m/%d/%Y"
    assert parse_times(column("3/4/2025", "14/3/2025"), UTC).form == "%d/%m/%Y"


def test_a_rare_row_beyond_the_sample_decides() -> None:
    texts = column(*["3/4/2025"] * 4001, "14/3/2025")
    assert parse_times(texts, UTC).form == "%d/%m/%Y"


def test_the_same_moment_in_two_forms_is_no_riddle() -> None:
    assert parse_times(column("4/4/2025"), UTC).form == "%m/%d/%Y"


def test_a_riddle_is_asked_about() -> None:
    with pytest.raises(InputError, match=r"'ts' reads as '%m/%d/%Y' and as '%d/%m/%Y', such as '3/4/2025'"):
        parse_times(column("3/4/2025"), UTC, field="ts")
    read = parse_times(column("3/4/2025"), UTC, form="%d/%m/%Y")
    assert read.moments[0] == datetime(2025, 4, 3, tzinfo=UTC)


def test_what_is_no_time_is_said() -> None:
    with pytest.raises(InputError, match="'ts' holds no time that gisgov can read, such as 'soon'"):
        parse_times(column("soon", "12"), UTC, field="ts")


def test_an_empty_column_has_no_moments() -> None:
    assert parse_times(column(None, None), UTC).moments.tolist() == [None, None]
    assert parse_times(column(), UTC).moments.tolist() == []


def test_numbers_of_another_age_are_no_time() -> None:
    with pytest.raises(InputError, match="holds no time"):
        parse_times(column("17", "99999999999999999999"), UTC)


def test_offsets_that_no_database_takes_are_read_as_the_moments_they_are() -> None:
    read = parse_times(
        column("2026-03-01T08:00:00+23:00", "2026-03-01T08:00:00-16:00", "0001-01-01T00:00:00+16:00"), UTC
    )
    told = [None if one is None else one.isoformat() for one in read.moments]
    assert told == ["2026-02-28T09:00:00+00:00", "2026-03-02T00:00:00+00:00", None]


def test_an_hour_that_clocks_showed_twice_is_the_first() -> None:
    read = parse_times(column("2025-11-02 01:30"), ZoneInfo("America/New_York"))
    assert read.moments[0].isoformat() == "2025-11-02T01:30:00-04:00"


def test_numbers_are_excel_days_only_where_all_are() -> None:
    assert parse_times(column("29221", None, "73415.99"), UTC).form == EXCEL
    for other in ("soon", "29220", "73416", "nan", "inf"):
        with pytest.raises(InputError, match="holds no time that gisgov can read") as told:
            parse_times(column("46082.5", other), UTC)
        assert str(told.value.hint).endswith(f"say --time-format '{EXCEL}'.")
    read = parse_times(column("46082.5", "soon"), UTC, form=EXCEL)
    assert [moment is None for moment in read.moments] == [False, True]
