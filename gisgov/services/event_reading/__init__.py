"""Use cases: find events by what they are, where they lie and how they stand; follow them as they change."""

from __future__ import annotations

from gisgov.services.event_reading.filters import EventFilter, EventSort, LimitStanding, OfArea, parse_filter
from gisgov.services.event_reading.finding import find_event, find_event_by_key
from gisgov.services.event_reading.following import (
    NOTHING_SEEN,
    EventNews,
    SeenEvents,
    events_known,
    events_seen,
    read_news,
    version_now,
)
from gisgov.services.event_reading.listing import EventPage, list_events

__all__ = [
    "NOTHING_SEEN",
    "EventFilter",
    "EventNews",
    "EventPage",
    "EventSort",
    "LimitStanding",
    "OfArea",
    "SeenEvents",
    "events_known",
    "events_seen",
    "find_event",
    "find_event_by_key",
    "list_events",
    "parse_filter",
    "read_news",
    "version_now",
]
