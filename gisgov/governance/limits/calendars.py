"""Working calendars (工作日历): hours of the week, and the days that differ from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gisgov.governance.fields import Fields
from gisgov.types import Json

_WEEKDAYS = {
    "monday": 1,
    "tuesday": 2,
    "wednesday": 3,
    "thursday": 4,
    "friday": 5,
    "saturday": 6,
    "sunday": 7,
}
_SWAPPED = "swapped"
_END_OF_DAY = "24:00"
_LONGEST_NIGHT_H = 16  # more than that is a slip


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When people work.

    Attributes
    ----------
    name : str
        What it is called.
    timezone : zoneinfo.ZoneInfo
        Of its hours.
    hours : mapping of int to tuple of (time, time)
        Spans of each ISO weekday, in their order; a weekday that is not named is free. A span that ends no
        later than it begins goes on over midnight, and is of the day on which it began; midnight as an end is
        that of the day.
    swapped_hours : tuple of (time, time)
        Spans of a day that is worked though its weekday is free.
    source : str
        Where it comes from.
    is_example : bool
        Whether it is an example that nobody has decided on.
    days : mapping of date to bool
        Days that differ from their weekday: whether they are worked.
    """

    name: str
    timezone: ZoneInfo
    hours: Mapping[int, tuple[tuple[time, time], ...]]
    swapped_hours: tuple[tuple[time, time], ...]
    source: str
    is_example: bool = False
    days: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))

    def spans_of(self, day: date) -> tuple[tuple[time, time], ...]:
        """Return the spans that begin on a day.

        Examples
        --------
        >>> calendar = parse_calendar({
        ...     "name": "office", "timezone": "Asia/Shanghai", "source": "An example.",
        ...     "hours": {"monday": ["09:00-12:00", "14:00-18:00"]},
        ... })
        >>> len(calendar.spans_of(date(2026, 3, 2))), len(calendar.spans_of(date(2026, 3, 3)))
        (2, 0)
        """
        usual = self.hours.get(day.isoweekday(), ())
        is_worked = self.days.get(day)
        if is_worked is None:
            return usual
        return (usual or self.swapped_hours) if is_worked else ()


def parse_calendar(mapping: object, where: str = "calendar") -> WorkingCalendar:
    """Read a calendar without its days, which come as a table.

    Parameters
    ----------
    mapping : object
        ``name``, ``timezone``, ``source``, ``hours`` (weekday: list of ``HH:MM-HH:MM``, ``22:00-06:00`` over
        midnight, ``24:00`` for the end of the day; ``swapped``: those of a free weekday that is worked) and,
        if it is one, ``example``.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used; the message names the path and what is allowed.
    """
    fields = Fields(mapping, where)
    name, zone, source = fields.text("name"), fields.text("timezone"), fields.text("source")
    is_example = fields.flag("example", default=False)
    try:
        timezone = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        fields.refuse("timezone", f"is {zone!r}, which is no time zone", "An example: Asia/Shanghai")
    inner = fields.inner("hours")
    hours = {number: _spans(inner, word) for word, number in _WEEKDAYS.items() if inner.has(word)}
    if not hours:
        fields.refuse("hours", "names no weekday")
    swapped = _spans(inner, _SWAPPED) if inner.has(_SWAPPED) else next(iter(hours.values()))
    inner.done()
    fields.done()
    return WorkingCalendar(name, timezone, MappingProxyType(hours), swapped, source, is_example)


def format_hours(calendar: WorkingCalendar) -> Json:
    """Write the hours of a calendar as `parse_calendar` reads them."""
    written = {
        word: [_written(span) for span in calendar.hours[number]]
        for word, number in _WEEKDAYS.items()
        if number in calendar.hours
    }
    return {**written, _SWAPPED: [_written(span) for span in calendar.swapped_hours]}


def _written(span: tuple[time, time]) -> str:
    last = _END_OF_DAY if span[1] == time.min else f"{span[1]:%H:%M}"
    return f"{span[0]:%H:%M}-{last}"


def _spans(fields: Fields, key: str) -> tuple[tuple[time, time], ...]:
    found: list[tuple[time, time]] = []
    for text in fields.texts(key):
        first, dash, last = (part.strip() for part in text.partition("-"))
        try:
            begins = _clock(first)
            ends = time.min if last == _END_OF_DAY else _clock(last)
        except ValueError:
            fields.refuse(key, f"has {text!r}, which is no span of a day", "An example: 09:00-12:00")
        if not dash or (begins == ends and last != _END_OF_DAY):
            fields.refuse(key, f"has {text!r}, which ends as it begins", "A whole day: 00:00-24:00")
        if _is_overnight((begins, ends)) and _hours(begins, ends) > _LONGEST_NIGHT_H and ends != time.min:
            fields.refuse(
                key, f"has {text!r}, which ends before it begins", "Over midnight: no more than 16 hours"
            )
        if found and (_is_overnight(found[-1]) or begins < found[-1][1]):
            fields.refuse(key, f"has {text!r}, which begins before the span before it is over")
        found.append((begins, ends))
    return tuple(found)


def _clock(text: str) -> time:
    """Return a time of day to the minute; ValueError for others: the calendar itself says in which zone."""
    read = time.fromisoformat(text)
    if read.tzinfo is not None or read.second or read.microsecond:
        raise ValueError(text)
    return read


def _is_overnight(span: tuple[time, time]) -> bool:
    return span[1] <= span[0]


def _hours(begins: time, ends: time) -> float:
    """Return how long it is to an end on the next day."""
    return 24 + ends.hour - begins.hour + (ends.minute - begins.minute) / 60
