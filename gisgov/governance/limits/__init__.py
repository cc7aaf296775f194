"""Limits of time (时限): how long a stage of an event may take, in working time or by the clock."""

from __future__ import annotations

from gisgov.governance.limits.amounts import Amount, TimeUnit
from gisgov.governance.limits.calendars import WorkingCalendar, parse_calendar
from gisgov.governance.limits.policy import LimitPolicy, LimitRule, format_limits, parse_limits
from gisgov.governance.limits.spans import WorkingSpan, due_at, working_spans

__all__ = [
    "Amount",
    "LimitPolicy",
    "LimitRule",
    "TimeUnit",
    "WorkingCalendar",
    "WorkingSpan",
    "due_at",
    "format_limits",
    "parse_calendar",
    "parse_limits",
    "working_spans",
]
