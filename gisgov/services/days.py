"""Which day a question is about: dates, timestamps and "now" in the time zone of the place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gisgov.errors import InputError

AHEAD: Final = timedelta(hours=1)
"""How far the clock of a device or of another system may be ahead."""


def local_day(at: date | datetime | None, timezone: ZoneInfo) -> date:
    """Return the local day of a moment.

    Parameters
    ----------
    at : datetime.date or datetime.datetime, optional
        A date is itself; a timestamp is the day it falls on in ``timezone`` (one without a zone is local
        already); ``None`` is today.
    timezone : zoneinfo.ZoneInfo
        Time zone of the place.

    Examples
    --------
    >>> local_day(datetime.fromisoformat("2026-03-01T23:30:00+00:00"), ZoneInfo("Asia/Shanghai"))
    datetime.date(2026, 3, 2)
    """
    if at is None:
        return datetime.now(timezone).date()
    if isinstance(at, datetime):
        return (at.astimezone(timezone) if at.tzinfo else at).date()
    return at


LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Nothing that devices or other systems tell of is older: a clock that was never set says so."""


def moment_in(at: datetime, timezone: ZoneInfo) -> datetime:
    """Return a moment as the clocks of a place show it; one without an offset is of the place already.

    The database takes no offset of 16 hours or more. At the ends of the calendar a moment stays as it is: it
    is `LONG_AGO`, or has not come yet.

    Examples
    --------
    >>> moment_in(datetime.fromisoformat("2026-03-01T22:00:00+23:59"), ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-03-01T06:01:00+08:00'
    """
    if at.tzinfo is None:
        return at.replace(tzinfo=timezone)
    try:
        return at.astimezone(timezone)
    except OverflowError:
        return at


def parse_day(text: str | None, timezone: ZoneInfo, *, field: str = "at") -> date:
    """Return the local day that a text names.

    Parameters
    ----------
    text : str, optional
        ISO 8601 date or timestamp; ``None`` is today.
    timezone : zoneinfo.ZoneInfo
        Time zone of the place.
    field : str
        What the text was given as.

    Raises
    ------
    InputError
        It is neither.

    Examples
    --------
    >>> parse_day("2026-03-01", ZoneInfo("Asia/Shanghai"))
    datetime.date(2026, 3, 1)
    """
    if text is None:
        return local_day(None, timezone)
    try:
        moment = datetime.fromisoformat(text.strip())
        return local_day(moment, timezone)
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{text!r} is no date or time.",
            hint="Write it as 2026-03-01 or 2026-03-01T08:30:00+08:00 (in an address, + is written %2B).",
            field=field,
        ) from error
