"""Hazards taken in inside a transaction, each with a result: from requests and from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from gisgov.errors import ConflictError, GisgovError, InputError, NotAllowed, NotFoundError
from gisgov.governance.hazard_reports import HazardReport, begin, carry_on
from gisgov.governance.hazards import HazardAction, HazardKind, HazardStep
from gisgov.services.access import buildings_reached
from gisgov.services.hazards.reports import HazardResult
from gisgov.store.acting import as_owner
from gisgov.store.event_rows import events_seen_among
from gisgov.store.hazards import (
    KnownHazard,
    NewHazard,
    Taken,
    add_hazards,
    hazards_known,
    settle_hazards,
)
from gisgov.store.imports import lock_name
from gisgov.store.place_registers import ids_of_buildings

RECORD: Final = "hazards.record"
CHECK: Final = "hazards.check"


def right_for(action: HazardAction) -> str:
    """Return the right that a step needs: whoever rectifies does not check, nor extend their own term."""
    return RECORD if action in (HazardAction.FIND, HazardAction.RECTIFY) else CHECK


@dataclass(frozen=True, slots=True)
class SentHazard:
    """A hazard as it is sent.

    Attributes
    ----------
    external_id : str
        What it is called at its source.
    building : str
        The id of its building outside.
    kind : HazardKind
        What it is of.
    days : HazardReport
        When it was found, is due, was rectified and checked.
    building_source : str or None
        Whose id of the building that is; needed where several sources have it.
    description : str or None
        What it is.
    event_id : int or None
        The event by which it came to light.
    """

    external_id: str
    building: str
    kind: HazardKind
    days: HazardReport
    building_source: str | None = None
    description: str | None = None
    event_id: int | None = None


def take_in(
    connection: sa.Connection, source: str, sent: Sequence[SentHazard], *, today: date
) -> tuple[tuple[HazardResult, ...], set[int]]:
    """Take hazards in; whoever calls it rates the buildings that they concern anew.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of whoever tells.
    source : str
        Who tells; source and id together are one hazard.
    sent : sequence of SentHazard
        They.
    today : datetime.date
        Nothing was found or done after it.

    Returns
    -------
    tuple of HazardResult, and set of int
        A result for each, and the buildings of those that are new or were carried on.

    Raises
    ------
    InputError
        The source is blank.
    """
    if not source.strip():
        raise InputError("The source is blank.", hint="Say who tells of the hazards.", field="source")
    lock_name(connection, "hazards", source)
    judge = _Judge(connection, source, sent, today)
    results = [judge.judge(index, one) for index, one in enumerate(sent)]
    with as_owner(connection):
        ids = add_hazards(connection, source, judge.new)
        settle_hazards(connection, judge.taken)
        ids.update({key: one.id for key, one in judge.known.items()})
    told = [
        HazardResult(one.index, one.external_id, one.status, ids.get(one.external_id), one.reason)
        for one in results
    ]
    concerned = {one.building_id for one in judge.new} | {one.known.building_id for one in judge.taken}
    return tuple(told), concerned


class _Judge:
    """Judges hazards one by one against what is known, and gathers what is to be written."""

    def __init__(
        self, connection: sa.Connection, source: str, sent: Sequence[SentHazard], today: date
    ) -> None:
        self.new: list[NewHazard] = []
        self.taken: list[Taken] = []
        self._today = today
        self._sent: dict[str, SentHazard] = {}
        # read as whoever tells: buildings and events that they may not see are none
        self._buildings = ids_of_buildings(connection, [one.building for one in sent])
        named = {one.event_id for one in sent if one.event_id is not None}
        self._events = events_seen_among(connection, named)
        ids = {key for by_source in self._buildings.values() for key in by_source.values()}
        self._reached: Mapping[str, frozenset[int]] = {
            right: buildings_reached(connection, right, ids) for right in (RECORD, CHECK)
        }
        with as_owner(connection):
            self.known: dict[str, KnownHazard] = hazards_known(
                connection, source, [one.external_id for one in sent]
            )

    def judge(self, index: int, one: SentHazard) -> HazardResult:
        """Return what becomes of a hazard; its id may follow."""
        try:
            before = self._sent.setdefault(one.external_id, one)
            if before is not one:
                if before != one:
                    raise ConflictError("It is told of twice, and not alike.")
                return HazardResult(index, one.external_id, "known")
            return self._judged(index, one)
        except GisgovError as error:
            return HazardResult(index, one.external_id, "refused", reason=error.message)

    def _judged(self, index: int, one: SentHazard) -> HazardResult:
        if not one.external_id.strip():
            raise InputError("external_id is blank.")
        building_id = self._building(one)
        if one.event_id is not None and one.event_id not in self._events:
            raise NotFoundError(f"There is no event {one.event_id} where you may see events.")
        known = self.known.get(one.external_id)
        if known is None:
            standing, steps = begin(one.days, today=self._today)
            self._require(building_id, steps)
            self.new.append(
                NewHazard(
                    one.external_id, building_id, one.kind, one.event_id, one.description, steps, standing
                )
            )
            return HazardResult(index, one.external_id, "created")
        if (known.building_id, known.kind) != (building_id, one.kind):
            raise ConflictError("It was told of before, of another building or another kind.")
        standing, steps = carry_on(known.standing, one.days, today=self._today)
        if not steps:
            return HazardResult(index, one.external_id, "known")
        self._require(building_id, steps)
        self.taken.append(Taken(known, steps, standing))
        return HazardResult(index, one.external_id, "changed")

    def _building(self, one: SentHazard) -> int:
        found = self._buildings.get(one.building, {})
        if one.building_source is not None:
            found = {key: value for key, value in found.items() if key == one.building_source}
        if not found:
            of = "" if one.building_source is None else f" of {one.building_source}"
            raise NotFoundError(f"There is no building {one.building}{of} where you may see buildings.")
        if len(found) > 1:
            raise ConflictError(f"Several sources have a building {one.building}: {', '.join(found)}.")
        return next(iter(found.values()))

    def _require(self, building_id: int, steps: Sequence[HazardStep]) -> None:
        for right in sorted({right_for(step.action) for step in steps}, reverse=True):
            if building_id not in self._reached[right]:
                raise NotAllowed(f"You do not hold {right} where its building lies.")
