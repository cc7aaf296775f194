"""What is told of hazards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from gisgov.governance.hazards import LEGAL, HazardState


@dataclass(frozen=True, slots=True)
class HazardBuilding:
    """The building of a hazard.

    Attributes
    ----------
    id : int
        Its number here.
    source, external_id : str
        Who knows it, and as what.
    name : str or None
        What it is called.
    """

    id: int
    source: str
    external_id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class HazardInfo:
    """A hazard as it stands.

    Attributes
    ----------
    id : int
        Its number here.
    source, external_id : str
        Who told of it, and as what.
    building : HazardBuilding
        Where it is.
    kind : str
        ``fire``, ``electrical``, ``structure``, ``dangerous-goods``, ``work-safety`` or ``other``.
    event_id : int or None
        The event by which it came to light.
    state : str
        ``found``, ``rectified`` or ``checked``.
    is_overdue : bool
        Whether its term is over and it is not rectified.
    found_on : datetime.date
        When it was found.
    due_on, rectified_on, checked_on : datetime.date or None
        By when it is to be rectified; when it was; when that was checked.
    description : str or None
        What it is.
    step_number : int
        Number of its last step.
    changed_at : datetime.datetime
        When that was written.
    legal : tuple of str
        What may be done with it next.
    """

    id: int
    source: str
    external_id: str
    building: HazardBuilding
    kind: str
    event_id: int | None
    state: str
    is_overdue: bool
    found_on: date
    due_on: date | None
    rectified_on: date | None
    checked_on: date | None
    description: str | None
    step_number: int
    changed_at: datetime
    legal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HazardStepInfo:
    """What was done with a hazard.

    Attributes
    ----------
    number : int
        Which of its steps, from 1.
    action, to_state : str
        What, and where it led.
    day : datetime.date
        When it was done.
    due_on : datetime.date or None
        The term that it set.
    at : datetime.datetime
        When it was written down.
    by_name, by_kind : str
        Who wrote it: ``person``, ``client``, ``operator`` or ``service``.
    reason : str or None
        Why.
    """

    number: int
    action: str
    to_state: str
    day: date
    due_on: date | None
    at: datetime
    by_name: str
    by_kind: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class HazardHistory:
    """A hazard with all that was done with it.

    Attributes
    ----------
    hazard : HazardInfo
        As it stands.
    steps : tuple of HazardStepInfo
        In their order.
    """

    hazard: HazardInfo
    steps: tuple[HazardStepInfo, ...]


@dataclass(frozen=True, slots=True)
class HazardPage:
    """A page of hazards, the latest first.

    Attributes
    ----------
    hazards : tuple of HazardInfo
        They.
    after : str or None
        What the next page begins behind; None: this is the last one.
    """

    hazards: tuple[HazardInfo, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class HazardResult:
    """What became of one hazard of a batch.

    Attributes
    ----------
    index : int
        Which, from 0.
    external_id : str
        What it is called at its source.
    status : {"created", "changed", "known", "refused"}
        ``changed``: it was there, and was rectified or checked since. ``known``: nothing new was told.
    id : int or None
        Its number here; None of one that was refused and is not known.
    reason : str or None
        Why it was refused.
    """

    index: int
    external_id: str
    status: Literal["created", "changed", "known", "refused"]
    id: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HazardsTaken:
    """What became of a batch of hazards.

    Attributes
    ----------
    created, changed, known, refused : int
        How many.
    rated : int
        Buildings whose rating is another than before.
    items : tuple of HazardResult
        One for each, in the order they came.
    """

    created: int
    changed: int
    known: int
    refused: int
    rated: int
    items: tuple[HazardResult, ...]


def info_of(row: sa.RowMapping, today: date) -> HazardInfo:
    """Return a hazard as it is told."""
    state = HazardState(row["state"])
    return HazardInfo(
        id=row["id"],
        source=row["source"],
        external_id=row["external_id"],
        building=HazardBuilding(
            row["building_id"], row["building_source"], row["building_external_id"], row["building_name"]
        ),
        kind=row["kind"],
        event_id=row["event_id"],
        state=state.value,
        is_overdue=state is HazardState.FOUND and row["due_on"] is not None and row["due_on"] < today,
        found_on=row["found_on"],
        due_on=row["due_on"],
        rectified_on=row["rectified_on"],
        checked_on=row["checked_on"],
        description=row["description"],
        step_number=row["step_number"],
        changed_at=row["changed_at"],
        legal=tuple(one.value for one in LEGAL[state]),
    )
