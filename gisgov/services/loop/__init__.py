"""Use cases: take events through the closed loop, and tell where each one stands."""

from __future__ import annotations

from gisgov.services.loop.history import EventStepInfo, event_history
from gisgov.services.loop.reading import event_infos
from gisgov.services.loop.reports import (
    EventAreaInfo,
    EventCategory,
    EventDesk,
    EventInfo,
    EventLimit,
    EventPlace,
    NextStep,
)
from gisgov.services.loop.stepping import take_step
from gisgov.services.loop.writing import write_steps

__all__ = [
    "EventAreaInfo",
    "EventCategory",
    "EventDesk",
    "EventInfo",
    "EventLimit",
    "EventPlace",
    "EventStepInfo",
    "NextStep",
    "event_history",
    "event_infos",
    "take_step",
    "write_steps",
]
