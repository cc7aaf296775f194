"""Events in pages: the newest first, or what is due first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gisgov.errors import InputError
from gisgov.services.area_records import check_limit
from gisgov.services.event_reading.filters import EventFilter, EventSort
from gisgov.services.loop import EventInfo, event_infos
from gisgov.store.database import Database
from gisgov.store.event_reading import Key, events_due, newest_events

_MOST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of events.

    Attributes
    ----------
    events : tuple of EventInfo
        The events.
    after : str or None
        What the next page begins behind; None: this is the last one.
    """

    events: tuple[EventInfo, ...]
    after: str | None


def list_events(
    database: Database,
    asked: EventFilter,
    *,
    sort: EventSort = "newest",
    after: str | None = None,
    limit: int = 100,
) -> EventPage:
    """Return a page of the events that a filter asks for.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks; what they may not see is left out.
    asked : EventFilter
        Which events.
    sort : {"newest", "due"}
        By when they happened, the newest first; or by when their first limit is over, which leaves out
        events on which no limit runs.
    after : str, optional
        Where the page before ended.
    limit : int
        Most events on the page, 1 to 1000.

    Raises
    ------
    InputError
        ``after`` or ``limit`` cannot be used.
    """
    check_limit(limit)
    begin = None if after is None else _read(after)
    page = newest_events if sort == "newest" else events_due
    with database.begin() as connection:
        keys = page(connection, asked.wanted(), after=begin, limit=limit + 1)
        events = event_infos(connection, [event_id for _, event_id in keys[:limit]])
    return EventPage(events, _written(keys[limit - 1]) if len(keys) > limit else None)


def _written(key: Key) -> str:
    return f"{key[0].isoformat()}~{key[1]}"


def _read(text: str) -> Key:
    moment, _, number = text.rpartition("~")
    try:
        key = datetime.fromisoformat(moment), int(number)
    except ValueError:
        key = None
    if key is None or key[0].tzinfo is None or not 0 < key[1] <= _MOST_ID:
        raise InputError(
            f"{text!r} is not where a page of events ended.",
            hint="Take it from the header Link, or from `after`.",
            field="after",
        )
    return key
