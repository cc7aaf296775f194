"""The period that is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gisgov.errors import InputError


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment until another, which is excluded; None leaves it open."""

    since: datetime | None = None
    until: datetime | None = None


def parse_period(since: str | None, until: str | None, timezone: ZoneInfo) -> Period:
    """Return the period between two texts.

    Parameters
    ----------
    since, until : str, optional
        ISO 8601 dates or timestamps. A date is the moment its day begins; one without a zone is local.
    timezone : zoneinfo.ZoneInfo
        Time zone of the place.

    Raises
    ------
    InputError
        One of them is neither, or the period ends before it begins.

    Examples
    --------
    >>> parse_period("2026-03-01", None, ZoneInfo("Asia/Shanghai")).since.isoformat()
    '2026-02-28T16:00:00+00:00'
    """
    period = Period(_moment(since, "from", timezone), _moment(until, "to", timezone))
    if period.since is not None and period.until is not None and period.until < period.since:
        raise InputError("The period ends before it begins.", field="to")
    return period


def _moment(text: str | None, field: str, timezone: ZoneInfo) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{text!r} is no date or time.",
            hint="Write it as 2026-03-01 or 2026-03-01T08:30:00+08:00 (in an address, + is written %2B).",
            field=field,
        ) from error
