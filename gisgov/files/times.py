"""Times written in many ways, as moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from gisgov.errors import InputError
from gisgov.types import Texts

ISO = "ISO 8601"
EXCEL = "days since 1899-12-30 (Excel)"
_EXCEL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - the zone is set by the caller
_EXCEL_FIRST, _EXCEL_END = 29_221, 73_416  # 1980-01-01 and 2101-01-01
_DAYS = ("%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%Y年%m月%d日", "%Y.%m.%d", "%d.%m.%Y", "%Y%m%d")
_CLOCKS = (
    " %H:%M:%S",
    " %H:%M",
    " %H:%M:%S.%f",
    " %I:%M:%S %p",
    " %I:%M %p",
    "T%H:%M:%S",
    "",
    "%H%M%S",
    " %H时%M分",
)
_RUN = "%Y%m%d"
_EPOCHS = {"seconds since 1970": 1.0, "milliseconds since 1970": 1000.0}
_FEW, _SAMPLE = 20, 2000
_FARTHEST = timedelta(hours=16)
"""The database takes no offset as far as that or farther."""
_HINT = "Say how it is written with --time-format (as strptime has it)."
_HINT_EXCEL = f"If they are days as Excel counts them, say --time-format '{EXCEL}'."


@dataclass(frozen=True, slots=True)
class Times:
    """Moments read from text.

    Attributes
    ----------
    moments : numpy.ndarray
        ``datetime`` with a zone, or None where the text is no time.
    form : str
        How they were written: `ISO`, `EXCEL`, a ``strptime`` format, or an epoch.
    """

    moments: Texts
    form: str


def parse_times(texts: Texts, zone: tzinfo, *, form: str | None = None, field: str = "time") -> Times:
    """Read a column of times.

    Parameters
    ----------
    texts : numpy.ndarray
        ``str`` or None per row.
    zone : datetime.tzinfo
        Zone of times that carry none. A time that its clocks showed twice is the first of the two.
    form : str, optional
        A ``strptime`` format, or any other that `Times` tells of. Without one, the single known format that
        reads most of the rows is taken. Numbers are days as Excel counts them only where every value of the
        column is one between 1980 and 2100: a sheet whose times lost their format holds nothing else.
    field : str
        The column's name, for messages.

    Returns
    -------
    Times
        None for text that is no time in the chosen format.

    Raises
    ------
    InputError
        No known format reads the column, or two read all of it and disagree (``3/4/2025``).

    Examples
    --------
    >>> read = parse_times(np.array(["3/14/2025 1:20", None], dtype=object), UTC)
    >>> read.form, read.moments[0].isoformat(), read.moments[1]
    ('%m/%d/%Y %H:%M', '2025-03-14T01:20:00+00:00', None)
    """
    chosen = form or _find_form([text for text in texts if text is not None], field)
    reader = _reader(chosen)
    moments = np.empty(len(texts), dtype=object)
    for i, text in enumerate(texts):
        moment = None if text is None else reader(text)
        moments[i] = None if moment is None else _zoned(moment, zone)
    return Times(moments, chosen)


def _zoned(moment: datetime, zone: tzinfo) -> datetime | None:
    offset = moment.utcoffset()
    if offset is None:
        return moment.replace(tzinfo=zone)
    if abs(offset) < _FARTHEST:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _find_form(texts: list[str], field: str) -> str:
    if texts and all(_from_excel(text) is not None for text in texts):
        return EXCEL
    forms = [ISO, *_EPOCHS, *(day + clock for day in _DAYS for clock in _CLOCKS)]
    # what reads none of a few is out, then what reads fewer of a sample; the rest is asked of all rows
    few = texts[:: max(len(texts) // _FEW, 1)]
    forms = [form for form in forms if any(_reader(form)(text) is not None for text in few)] or forms
    sample = texts[:: max(len(texts) // _SAMPLE, 1)]
    shares = {form: sum(_reader(form)(text) is not None for text in sample) for form in forms}
    best = max(shares.values(), default=0)
    if not texts:
        return ISO
    if best == 0:
        raise InputError(
            f"Field {field!r} holds no time that gisgov can read, such as {texts[0]!r}.",
            hint=_HINT_EXCEL if any(map(_from_excel, texts)) else _HINT,
            field="time_format",
        )
    alike = [form for form in forms if shares[form] == best]
    alike = _best(alike, texts) if len(alike) > 1 else alike
    if len(alike) > 1 and len({tuple(map(_reader(form), texts)) for form in alike}) > 1:
        raise InputError(
            f"Field {field!r} reads as {alike[0]!r} and as {alike[1]!r}, such as {texts[0]!r}.",
            hint="Say which with --time-format.",
            field="time_format",
        )
    return alike[0]


def _best(forms: list[str], texts: list[str]) -> list[str]:
    counts = {form: sum(_reader(form)(text) is not None for text in texts) for form in forms}
    most = max(counts.values())
    return [form for form in forms if counts[form] == most]


def _reader(form: str) -> Callable[[str], datetime | None]:
    if form == ISO:
        return _from_iso
    if form == EXCEL:
        return _from_excel
    if form in _EPOCHS:
        return lambda text: _from_epoch(text, _EPOCHS[form])
    return lambda text: _from_format(text, form)


def _from_iso(text: str) -> datetime | None:
    # "20250314" is a day to ISO 8601, and so are many numbers; those are read by the forms with %Y%m%d
    if text.isdigit():
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _from_epoch(text: str, per_second: float) -> datetime | None:
    try:
        moment = datetime.fromtimestamp(float(text) / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    # a count since 1970 that lands in another age is a count of something else
    return moment if 1990 <= moment.year <= 2100 else None


def _from_excel(text: str) -> datetime | None:
    try:
        days = float(text)
    except ValueError:
        return None
    if not _EXCEL_FIRST <= days < _EXCEL_END:
        return None
    # a time of day is a fraction, kept to some microseconds: whole milliseconds are what was meant
    return _EXCEL_START + timedelta(milliseconds=round(days * 86_400_000))


def _from_format(text: str, form: str) -> datetime | None:
    # strptime takes one digit for two, so that a run of digits reads as almost anything
    if form.startswith(_RUN) and (len(text) not in (8, 14) if text.isdigit() else not text[:8].isdigit()):
        return None
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is set by the caller
    except ValueError:
        return None
