"""What comes in, and what is answered about each item of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from gisgov.governance.persons import without_persons
from gisgov.services.resolution import Post

Outcome: TypeAlias = Literal["created", "known", "updated", "refused"]
"""What became of an item: a new event; the same as before; a correction of it; nothing."""


@dataclass(frozen=True, slots=True)
class EventReport:
    """An event as somebody reports it: by a coordinate, a building, a device, or without a place.

    Attributes
    ----------
    source, external_id : str
        Who tells of it (a word of `EventSource` or a name of a system), and what it is called there. The two
        together are one event, however often they come.
    category : str or None
        Code or title of an item of the register.
    level : str or None
        ``1``, ``一级`` and the like; by default that of the category.
    occurred_at : datetime.datetime or None
        When; None: now. Without an offset it is in the time zone of the service.
    description : str or None
        What happened.
    attributes : mapping
        What else the source says.
    x, y : float or None
        Where, in ``crs``: longitude or easting first.
    crs : str or int
        What the coordinate means.
    building, building_source : str or None
        Id of the building whose QR code was read, and whose id it is where several sources have it.
    device : str or None
        Id of the camera or other device that saw it.
    corrected : bool
        Whether what is wrong was put right on the spot: of level 1, it is closed at once.
    left_out : tuple of str
        JSON pointers into ``attributes`` to what told of persons: a report never holds it.
    """

    source: str
    external_id: str
    category: str | None = None
    level: str | None = None
    occurred_at: datetime | None = None
    description: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    x: float | None = None
    y: float | None = None
    crs: str | int = "wgs84"
    building: str | None = None
    building_source: str | None = None
    device: str | None = None
    corrected: bool = False
    left_out: tuple[str, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        """Leave out what tells of persons: no way in keeps any."""
        if self.attributes:
            kept, left_out = without_persons(self.attributes)
            if left_out:
                object.__setattr__(self, "attributes", kept)
                object.__setattr__(self, "left_out", (*self.left_out, *left_out))


@dataclass(frozen=True, slots=True)
class ItemFault:
    """What is wrong with an item.

    Attributes
    ----------
    pointer : str
        Where, as a JSON pointer into what was sent: ``/3/lon``.
    reason : str
        What, in one sentence.
    """

    pointer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    """An item that could not be read as a report; pointers of its faults are within the item."""

    faults: tuple[ItemFault, ...]
    source: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeskNear:
    """An area near an event.

    Attributes
    ----------
    layer, code, name : str
        Which.
    distance_m : float
        Metres from the event to its border.
    """

    layer: str
    code: str
    name: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class DeskGiven:
    """On whose desk an event landed.

    Attributes
    ----------
    kind : str
        ``area``, ``department`` or ``triage``.
    layer, code, name : str or None
        The area, of an area's desk alone.
    department : str or None
        Code of the department: whose desk it is, or who is named beside the area.
    posts : tuple of Post
        Who serves the area.
    neighbours : tuple of DeskNear
        Areas whose border is near: they are told of it, and it can be handed over to them.
    above : tuple of str
        Codes of the areas above, which see it too.
    exception : str or None
        The exception by which it is this desk.
    nearest : tuple of DeskNear
        Of what lies outside every area the nearest of each layer.
    """

    kind: str
    layer: str | None
    code: str | None
    name: str | None
    department: str | None
    posts: tuple[Post, ...]
    neighbours: tuple[DeskNear, ...]
    above: tuple[str, ...]
    exception: str | None
    nearest: tuple[DeskNear, ...]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one item.

    Attributes
    ----------
    index : int
        Which item it was, from 0.
    outcome : str
        ``created``, ``known``, ``updated`` or ``refused``.
    source, external_id : str or None
        What the item calls itself, as it is stored.
    event_id : int or None
        The event; None where the item was refused.
    state : str or None
        How far the event has come.
    level : str or None
        Its level.
    category : str or None
        Code of the item of the register that it is of; None: unclassified.
    crs : str or None
        How its coordinate was read; None where it brought none.
    desk : DeskGiven or None
        Where it landed, if it was routed now.
    faults : tuple of ItemFault
        Why it was refused.
    left_out : tuple of str
        JSON pointers to what told of persons, which is not kept.
    """

    index: int
    outcome: Outcome
    source: str | None
    external_id: str | None
    event_id: int | None = None
    state: str | None = None
    level: str | None = None
    category: str | None = None
    crs: str | None = None
    desk: DeskGiven | None = None
    faults: tuple[ItemFault, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of all that was sent.

    Attributes
    ----------
    received, created, known, updated, refused : int
        How many items came, and how many of them became what; the four add up to the first.
    items : tuple of ItemResult
        Each item, in the order in which they came.
    """

    received: int
    created: int
    known: int
    updated: int
    refused: int
    items: tuple[ItemResult, ...]
