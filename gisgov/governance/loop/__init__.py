"""The closed loop of events (事件闭环): states, what leads from one to another, and steps."""

from __future__ import annotations

from gisgov.governance.loop.documents import loop_machine, parse_loop
from gisgov.governance.loop.machine import Machine, Need, Stage, Transition
from gisgov.governance.loop.steps import TRIAGE, DeskKind, DeskName, Item, Move, Moved, Step

__all__ = [
    "TRIAGE",
    "DeskKind",
    "DeskName",
    "Item",
    "Machine",
    "Move",
    "Moved",
    "Need",
    "Stage",
    "Step",
    "Transition",
    "loop_machine",
    "parse_loop",
]
