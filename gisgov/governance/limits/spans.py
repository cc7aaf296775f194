"""Working time laid out: spans with all that was worked before each, so that any limit is a look-up.

The database looks limits up in the very same spans (``limit_due`` in ``alembic/versions/0015_limits.sql``);
`due_at` here is what its tests hold it against.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gisgov.governance.limits.amounts import Amount, TimeUnit
from gisgov.governance.limits.calendars import WorkingCalendar

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class WorkingSpan:
    """A span of working time.

    Attributes
    ----------
    begins, ends : datetime.datetime
        When, in UTC.
    seconds_before : int
        Working time of all spans before it.
    day : datetime.date
        Its day in the calendar's own time zone.
    day_number : int
        How many working days there are up to this one, it included.
    """

    begins: datetime
    ends: datetime
    seconds_before: int
    day: date
    day_number: int


def working_spans(calendar: WorkingCalendar, first: date, last: date) -> tuple[WorkingSpan, ...]:
    """Return the working time of a calendar from one day to another, both included, in its order.

    A span begins and ends when the clock on the wall first shows its hours, or would have: where the clock is
    put forward over an hour, that hour is over at once, and a span within it is none. What a span over
    midnight has counted is not counted again by those of the day after it.

    Examples
    --------
    >>> from gisgov.governance.limits.calendars import parse_calendar
    >>> office = parse_calendar({
    ...     "name": "office", "timezone": "Asia/Shanghai", "source": "An example.",
    ...     "hours": {"monday": ["09:00-12:00"], "tuesday": ["09:00-12:00"]},
    ... })
    >>> spans = working_spans(office, date(2026, 3, 1), date(2026, 3, 9))
    >>> [(one.day.day, one.day_number, one.seconds_before) for one in spans]
    [(2, 1, 0), (3, 2, 10800), (9, 3, 21600)]
    """
    found: list[WorkingSpan] = []
    before = number = 0
    over = datetime.min.replace(tzinfo=UTC)
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        number_before = number
        for begins, ends in calendar.spans_of(day):
            last_day = day if begins < ends else day + timedelta(days=1)
            begin = max(over, _moment(datetime.combine(day, begins), calendar.timezone))
            end = _moment(datetime.combine(last_day, ends), calendar.timezone)
            if begin >= end:
                continue
            number = number_before + 1
            found.append(WorkingSpan(begin, end, before, day, number))
            before += round((end - begin).total_seconds())
            over = end
    return tuple(found)


def due_at(
    started: datetime, amount: Amount, spans: Sequence[WorkingSpan], calendar: WorkingCalendar
) -> datetime | None:
    """Return when a limit that starts at a moment is over.

    Hours run on while somebody works. Of working days that of the start is not counted: the limit is over at
    the end of the last one's working time.

    Parameters
    ----------
    started : datetime.datetime
        With its time zone.
    amount : Amount
        How long.
    spans : sequence of WorkingSpan
        See `working_spans`; they reach from before the start to beyond the end.
    calendar : WorkingCalendar
        Whose time zone tells which day the start is on.

    Returns
    -------
    datetime.datetime or None
        None where the spans end before.
    """
    if not amount.unit.needs_calendar:
        return started + timedelta(seconds=amount.number * amount.unit.seconds)
    if amount.unit is TimeUnit.WORKING_DAYS:
        return _after_days(started.astimezone(calendar.timezone).date(), math.ceil(amount.number), spans)
    target = _worked(started, spans) + amount.number * amount.unit.seconds
    place = bisect_left(spans, target, key=lambda span: span.seconds_before) - 1
    if place < 0:
        return started
    due = spans[place].begins + timedelta(seconds=target - spans[place].seconds_before)
    return None if due > spans[place].ends else max(started, due)


def _after_days(day: date, number: int, spans: Sequence[WorkingSpan]) -> datetime | None:
    past = bisect_right(spans, day, key=lambda span: span.day)
    target = number + (spans[past - 1].day_number if past else 0)
    place = bisect_right(spans, target, key=lambda span: span.day_number)
    last = spans[place - 1] if place else None
    return last.ends if last is not None and last.day_number == target else None


def _worked(moment: datetime, spans: Sequence[WorkingSpan]) -> float:
    place = bisect_right(spans, moment, key=lambda span: span.begins) - 1
    if place < 0:
        return 0.0
    span = spans[place]
    return span.seconds_before + (min(moment, span.ends) - span.begins).total_seconds()


def _moment(wall: datetime, timezone: ZoneInfo) -> datetime:
    """Return when a clock on the wall first shows a time, or when it is put forward over it; in UTC."""
    moment = wall.replace(tzinfo=timezone).astimezone(UTC)
    if moment.astimezone(timezone).replace(tzinfo=None) == wall:
        return moment
    earlier = wall.replace(tzinfo=timezone, fold=1).astimezone(UTC)  # before the clock is put forward
    while moment - earlier > _SECOND:
        between = earlier + (moment - earlier) // 2
        if between.astimezone(timezone).replace(tzinfo=None) < wall:
            earlier = between
        else:
            moment = between
    return moment.replace(microsecond=0)
