"""Steps of events: what is asked for, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from gisgov.governance.events import EventState
from gisgov.governance.titles import Titled

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
"""No details."""


class DeskKind(Titled):
    """Whose desk an event may lie on."""

    AREA = "area", "网格或辖区", "An area"
    DEPARTMENT = "department", "部门", "A department"
    TRIAGE = "triage", "待分拨", "Triage"


@dataclass(frozen=True, slots=True)
class DeskName:
    """Whose desk an event goes to, by names.

    Attributes
    ----------
    kind : DeskKind
        What sort of desk.
    layer, code : str or None
        The area, of an area's desk alone.
    department : str or None
        Code of the department: whose desk it is, or who deals with it beside the area; None leaves the one
        that the event has.
    """

    kind: DeskKind
    layer: str | None = None
    code: str | None = None
    department: str | None = None

    def __str__(self) -> str:
        """Write it as people are told of it."""
        if self.kind is DeskKind.AREA:
            return f"{self.layer} {self.code}"
        return f"department {self.department}" if self.kind is DeskKind.DEPARTMENT else "triage"


TRIAGE: Final = DeskName(DeskKind.TRIAGE)
"""Where whoever dispatches finds it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody wants to do with an event.

    Attributes
    ----------
    action : str
        A name of the machine.
    reason : str or None
        Why, or what was done.
    expects : int or None
        Number of the event's last step as whoever asks saw it; None: whatever it is.
    desk : DeskName or None
        Whose desk it goes to.
    merged_into : int or None
        The event that it is a duplicate of.
    details : mapping
        What else is to be remembered: of an extension ``stage`` and ``amount``, of a classification
        ``category`` (a code of the register) and ``level``, either or both.
    at : datetime.datetime or None
        When it was done; None: now.
    """

    action: str
    reason: str | None = None
    expects: int | None = None
    desk: DeskName | None = None
    merged_into: int | None = None
    details: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """The version of an item of the register that an event is given: its id and its code."""

    id: int
    code: str


@dataclass(frozen=True, slots=True)
class Move:
    """A step of one event on its way into the database; see `Step`. ``item``: what it is classified as."""

    event_id: int
    action: str
    reason: str | None = None
    desk: DeskName | None = None
    merged_into: int | None = None
    details: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    at: datetime | None = None
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A step as it was written.

    Attributes
    ----------
    event_id, number : int
        The event, and which of its steps it is, from 1.
    action : str
        What was done.
    from_state, to_state : EventState or None, EventState
        Where the event was, and where it is; None: it is new.
    at : datetime.datetime
        When.
    category_id : int or None
        The version of its category; None: unclassified.
    source : str
        How it came to be known.
    level : str or None
        Its level.
    details : mapping
        What else is remembered.
    """

    event_id: int
    number: int
    action: str
    from_state: EventState | None
    to_state: EventState
    at: datetime
    category_id: int | None
    source: str
    level: str | None = None
    details: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
