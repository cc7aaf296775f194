"""Statistics of events: how many there were where, what became of them, and how long it took."""

from __future__ import annotations

from gisgov.governance.events import EventParting
from gisgov.services.event_statistics.counting import EventsAsked, event_statistics
from gisgov.services.event_statistics.reports import (
    EventChanges,
    EventFigures,
    EventPart,
    EventStatistics,
    EventStatisticsRow,
)
from gisgov.services.event_statistics.tables import statistics_table

__all__ = [
    "EventChanges",
    "EventFigures",
    "EventPart",
    "EventParting",
    "EventStatistics",
    "EventStatisticsRow",
    "EventsAsked",
    "event_statistics",
    "statistics_table",
]
