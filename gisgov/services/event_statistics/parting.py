"""By what events are parted, and what the parts are called."""

from __future__ import annotations

from collections.abc import Mapping

from gisgov.governance.events import EventLevel, EventParting, EventSource
from gisgov.governance.titles import Titled
from gisgov.services.event_statistics.reports import EventPart

_NONE = {EventParting.LEVEL: ("未定级", "No level")}
_UNCLASSIFIED = ("未分类", "Unclassified")


def part_of(by: EventParting, key: str | None, categories: Mapping[str, tuple[str, str]]) -> EventPart:
    """Return a part as it is told.

    Parameters
    ----------
    by : EventParting
        By what events are parted.
    key : str or None
        Which part; None is of those that have none: unclassified, or no level.
    categories : mapping of str to (str, str)
        Titles of the items of the register, Chinese and English.
    """
    if key is None:
        return EventPart(None, *_NONE.get(by, _UNCLASSIFIED))
    if by is EventParting.CATEGORY:
        return EventPart(key, *categories.get(key, (key, key)))
    words: Titled | None = None
    if by is EventParting.SOURCE:
        words = EventSource.read(key)
    elif by is EventParting.LEVEL:
        words = EventLevel.read(key)
    return EventPart(key, key, key) if words is None else EventPart(key, words.title_zh, words.title_en)


def year_later(by: EventParting | None, key: str | None) -> str | None:
    """Return the part of this year that a part of the year before is compared with: of months the same one.

    Examples
    --------
    >>> year_later(EventParting.MONTH, "2025-11"), year_later(EventParting.SOURCE, "patrol")
    ('2026-11', 'patrol')
    """
    if by is not EventParting.MONTH or key is None:
        return key
    year, _, month = key.partition("-")
    return f"{int(year) + 1:04d}-{month}"
