"""Working time counted minute by minute by a clock on the wall: slow, and not as gisgov counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class MinutesWorked:
    """The minutes of a calendar from one day to another, each with the working day that it is of."""

    def __init__(
        self,
        hours: Mapping[str, Sequence[str]],
        zone: ZoneInfo,
        first: date,
        last: date,
        days: Mapping[date, bool] | None = None,
    ) -> None:
        self.zone = zone
        self.start = datetime(first.year, first.month, first.day, tzinfo=UTC) - 9 * DAY
        count = ((last - first).days + 40) * 24 * 60
        self.walls = [(self.start + i * MINUTE).astimezone(zone).replace(tzinfo=None) for i in range(count)]
        self.day: list[date | None] = [None] * count
        day = first
        while day <= last:
            worked = (days or {}).get(day)
            spans = hours.get(_DAYS[day.weekday()], ())
            if worked is not None:
                spans = (spans or hours["swapped"]) if worked else ()
            for span in spans:
                self._mark(day, span)
            day += DAY
        self.days = sorted({one for one in self.day if one is not None})

    def _mark(self, day: date, span: str) -> None:
        midnight = datetime.combine(day, time.min)
        begins, ends = (midnight + _since_midnight(text) for text in span.split("-"))
        if ends <= begins:
            ends += DAY
        at = (datetime(day.year, day.month, day.day, tzinfo=UTC) - self.start) // MINUTE - 2 * 24 * 60
        while self.walls[at] < begins:
            at += 1
        while self.walls[at] < ends:
            self.day[at] = self.day[at] or day
            at += 1

    def minute(self, moment: datetime) -> int:
        """Return the minute that begins at a moment."""
        return (moment - self.start) // MINUTE

    def at(self, minutes: float) -> datetime:
        """Return when so many minutes are over."""
        return self.start + timedelta(seconds=round(minutes * 60, 3))

    def worked(self, first: datetime, last: datetime) -> int:
        """Return how many minutes are worked from one whole minute to another."""
        return sum(one is not None for one in self.day[self.minute(first) : self.minute(last)])

    def after_minutes(self, started: datetime, minutes: int) -> datetime:
        """Return when so many minutes have been worked."""
        at = self.minute(started)
        while minutes:
            minutes -= self.day[at] is not None
            at += 1
        return self.at(at)

    def end_of(self, number: int) -> datetime:
        """Return when the working day of a number, from 1, is over."""
        day = self.days[number - 1]
        return self.at(max(i for i, one in enumerate(self.day) if one == day) + 1)

    def days_to(self, moment: datetime) -> int:
        """Return how many working days there are up to the date of a moment, it included."""
        return sum(one <= moment.astimezone(self.zone).date() for one in self.days)

    def number_of(self, due: datetime) -> int:
        """Return the number of the working day that is over at a moment."""
        day = self.day[self.minute(due) - 1]
        assert day is not None
        return self.days.index(day) + 1

    def before(self, started: datetime, due: datetime, minutes: float) -> datetime:
        """Return the first moment after a start at which no more than so many minutes are left."""
        at = self.minute(due)
        while at > self.minute(started):
            if self.day[at - 1] is not None:
                if minutes < 1:
                    return self.at(at - minutes)
                minutes -= 1
            at -= 1
        return started

    def resumed(self, due: datetime, paused: datetime, resumed: datetime) -> datetime:
        """Return when a limit of working days is over that stood still."""
        number = self.number_of(due) - self.days_to(paused) + self.days_to(resumed)
        over = self.end_of(number) if number else resumed
        if over > resumed:
            return over
        at = self.minute(resumed)
        while self.day[at] is None:
            at += 1
        return self.end_of(self.days.index(self.day[at]) + 1)


def _since_midnight(text: str) -> timedelta:
    hour, minute = text.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))
