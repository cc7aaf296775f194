"""Limits of time: when stages of events begin, stand still and are over, and the calendars behind them."""

from __future__ import annotations

from gisgov.services.limits.calendars import (
    CalendarDay,
    CalendarDetail,
    CalendarInfo,
    import_calendar,
    list_calendars,
    show_calendar,
)
from gisgov.services.limits.running import on_steps

__all__ = [
    "CalendarDay",
    "CalendarDetail",
    "CalendarInfo",
    "import_calendar",
    "list_calendars",
    "on_steps",
    "show_calendar",
]
