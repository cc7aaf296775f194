"""What is told of an event: one answer for lists, pages, streams and other systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class EventCategory:
    """The item of the register that an event is of.

    Attributes
    ----------
    code : str
        As it was reported.
    title, title_en : str or None
        Of the version that was in force as it was reported; None where the register has none: the event is
        unclassified.
    version : int or None
        Which version that is.
    """

    code: str
    title: str | None
    title_en: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event is.

    Attributes
    ----------
    lon, lat : float or None
        WGS 84; None where it has no place.
    problem : str or None
        Why it has none: a word of `OrphanReason`.
    building_id : int or None
        The building whose QR code was read.
    device_id : str or None
        The camera or other device that saw it.
    """

    lon: float | None
    lat: float | None
    problem: str | None
    building_id: int | None
    device_id: str | None


@dataclass(frozen=True, slots=True)
class EventBuilding:
    """The building that an event concerns.

    Attributes
    ----------
    id : int
        The building.
    how : str
        ``named`` by who reported it, by its ``footprint``, or the ``nearest`` within reach.
    distance_m : float
        How far the event lies from it, metres; 0 within it.
    """

    id: int
    how: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class EventDesk:
    """Whose desk an event lies on.

    Attributes
    ----------
    kind : str
        ``area``, ``department`` or ``triage``.
    layer, code, name : str or None
        The area, of an area's desk.
    department, department_title : str or None
        Code and title of the department that deals with it.
    """

    kind: str
    layer: str | None
    code: str | None
    name: str | None
    department: str | None
    department_title: str | None


@dataclass(frozen=True, slots=True)
class EventAreaInfo:
    """The area of one layer that an event lies in.

    Attributes
    ----------
    layer : str
        The layer.
    plan, code, name : str or None
        The area; None for an orphan.
    orphan_reason : str or None
        Why no area owns it.
    """

    layer: str
    plan: str | None
    code: str | None
    name: str | None
    orphan_reason: str | None


@dataclass(frozen=True, slots=True)
class EventLimit:
    """By when a stage of an event has to be over.

    Attributes
    ----------
    stage : str
        A stage of the loop.
    started_at, due_at : datetime.datetime
        When it began, and by when it has to be over.
    warn_at : datetime.datetime or None
        From when on it is due soon; None where it warns of nothing.
    state : str
        ``running``, ``due-soon``, ``overdue``, ``paused``, ``kept``, ``missed`` or ``void``.
    """

    stage: str
    started_at: datetime
    warn_at: datetime | None
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something that whoever asks may do with an event now.

    Attributes
    ----------
    action, title_zh, title_en : str
        What.
    to_state : str or None
        Where it leads; None: back to where the event was before.
    needs : tuple of str
        What has to be given or true: words of `gisgov.governance.loop.Need`.
    """

    action: str
    title_zh: str
    title_en: str
    to_state: str | None
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventInfo:
    """One event and where it stands.

    Attributes
    ----------
    id : int
        Its number here.
    source, external_id : str
        Who told of it, and its id there.
    category : EventCategory or None
        Of what kind it is; None where nobody said.
    category_text : str or None
        The words of the kind as they came in.
    level : str or None
        ``1``, ``2`` or ``3``.
    state : str
        How far it has come: a word of `EventState`.
    step_number : int
        Number of its last step; what a change expects.
    occurred_at, received_at, changed_at : datetime.datetime
        When it happened, came in, and last changed.
    closed_at : datetime.datetime or None
        When it was closed, rejected or merged.
    description : str or None
        What happened.
    place : EventPlace
        Where.
    desk : EventDesk or None
        Whose desk it lies on; None: it came from a file and was never routed.
    areas : tuple of EventAreaInfo
        Where it lies, by layer from the top.
    merged_into : int or None
        The event that it is a duplicate of.
    duplicates : int
        How many events were merged into it.
    dispute_grade : str or None
        Grade of the dispute, if it is one.
    limits : tuple of EventLimit
        The last of each stage, by what is due first.
    next_steps : tuple of NextStep
        What whoever asks may do now.
    building : EventBuilding or None
        The building that it concerns, told of one event that is asked for alone; None: none, or nobody looked
        for it yet.
    """

    id: int
    source: str
    external_id: str
    category: EventCategory | None
    category_text: str | None
    level: str | None
    state: str
    step_number: int
    occurred_at: datetime
    received_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    description: str | None
    place: EventPlace
    desk: EventDesk | None
    areas: tuple[EventAreaInfo, ...]
    merged_into: int | None
    duplicates: int
    dispute_grade: str | None
    limits: tuple[EventLimit, ...]
    next_steps: tuple[NextStep, ...]
    building: EventBuilding | None = None
