"""Events that are taken in, written: themselves, their areas, who is told, and their steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.geometry.systems import WGS84
from gisgov.governance.events import OrphanReason
from gisgov.governance.loop import Move
from gisgov.services.ingesting.comparing import Change
from gisgov.services.ingesting.judging import Judged
from gisgov.services.ingesting.own_days import OwnDays, areas_of
from gisgov.services.ingesting.taking import Taken, TakenItems, sort_out
from gisgov.services.loop import write_steps
from gisgov.services.loop.beginning import Begun, begin_event, write_first_steps
from gisgov.store import ingesting as store
from gisgov.store.routing import Told, forget_neighbours, tell_areas

_CORRECT: Final = "correct-on-the-spot"
_SOURCE_SAYS: Final = "The source corrected what it reported."


def enter_new(
    connection: sa.Connection, taken: TakenItems, who: str, now: datetime | None
) -> dict[int, Begun]:
    """Write new events as they stand after their first steps, and return these by the ids of the events.

    Those that somebody else was faster with are sorted out once more. Without a moment each was received when
    it happened.
    """
    begun = {key: _begun(one, now) for key, one in taken.items() if one.outcome == "created"}
    if not begun:
        return {}
    rows = [_written(taken[key].item) | _standing(taken[key], one) for key, one in begun.items()]
    entered = store.enter_events(connection, rows)
    late = {key: taken.pop(key).item for key in begun if key not in entered}
    if late:
        taken |= sort_out(late, store.known_events(connection, [*late]), who)
    for key, event_id in entered.items():
        taken[key].event_id, taken[key].state = event_id, begun[key].standing.state.value
    return {event_id: begun[key] for key, event_id in entered.items()}


def hold_corrected(connection: sa.Connection, taken: TakenItems, who: str) -> None:
    """Lock events that are to be corrected, and judge anew what somebody did with them meanwhile."""
    corrected = {key: one.item for key, one in taken.items() if one.outcome == "updated"}
    if corrected:
        for key in corrected:
            del taken[key]
        taken |= sort_out(corrected, store.known_events(connection, [*corrected], locks=True), who)


def correct_known(connection: sa.Connection, taken: Iterable[Taken]) -> None:
    """Write anew what sources say of events that are there."""
    rows = [{"id": one.event_id, **_written(one.item)} for one in taken if one.outcome == "updated"]
    if rows:
        store.correct_events(connection, rows)


def write_areas(
    connection: sa.Connection, taken: Iterable[Taken], known: OwnDays, timezone: ZoneInfo
) -> None:
    """Write which areas of their own days events belong to."""
    routed = [one for one in taken if one.change is Change.ROUTE]
    moved = [one.event_id for one in routed if one.outcome == "updated"]
    if moved:
        store.forget_areas(connection, moved)
        forget_neighbours(connection, moved)
    items, ids = [one.item for one in routed], [one.event_id for one in routed]
    store.enter_areas(connection, areas_of(ids, items, known, timezone=timezone))


def tell(connection: sa.Connection, taken: Iterable[Taken]) -> None:
    """Let areas see what lies on their desk, below them, or near their border."""
    told: list[Told] = []
    for one in taken:
        if one.desk is None:
            continue
        desk, key = one.desk, one.event_id
        told += [
            Told(key, near.layer_id, near.code, "neighbour", near.distance_m) for near in desk.neighbours
        ]
        if one.outcome == "created" and desk.layer_id is not None and desk.area_code is not None:
            told.append(Told(key, desk.layer_id, desk.area_code, "desk"))
            told += [Told(key, above.layer_id, above.code, "above") for above in desk.above]
    tell_areas(connection, told)


def write_all_steps(
    connection: sa.Connection, taken: Sequence[Taken], begun: Mapping[int, Begun], known: OwnDays
) -> None:
    """Write the first steps of new events, and those that tell of corrections."""
    write_first_steps(connection, [*begun.items()])
    moves: list[Move] = []
    for one in taken:
        if one.outcome == "updated":
            moves += _corrections(one)
    by_id = {one.event_id: one for one in taken}
    for moved in write_steps(connection, moves, today=known.today.day):
        by_id[moved.event_id].state = moved.to_state.value


def _begun(one: Taken, now: datetime | None) -> Begun:
    item = one.item
    desk = None if one.desk is None else one.desk.name
    moves = [Move(0, "report", desk=desk, details={"said": one.item.said})]
    if one.is_corrected:
        moves.append(Move(0, _CORRECT))
    of_category = None if item.item is None else item.item.id
    at = item.occurred_at if now is None else now
    return begin_event(moves, source=str(item.source), level=item.level, category_id=of_category, at=at)


def _corrections(one: Taken) -> list[Move]:
    moves, said = [], {"said": one.item.said}
    if one.desk is not None:
        moves.append(Move(one.event_id, "reroute", _SOURCE_SAYS, desk=one.desk.name, details=said))
    elif one.change is Change.WORDS:
        moves.append(Move(one.event_id, "note", _SOURCE_SAYS, details=said))
    if one.is_corrected:
        moves.append(Move(one.event_id, _CORRECT, details=said))
    return moves


def _written(item: Judged) -> dict[str, Any]:
    """Return what is stored of what an item says."""
    report = item.report
    assert report is not None  # noqa: S101 - items without one have faults
    text = None if report.category is None else report.category.strip()
    return {
        "source": item.source,
        "external_id": item.external_id,
        "category": text,
        "category_code": text if item.item is None else item.item.code,
        "category_id": None if item.item is None else item.item.id,
        "level": item.level,
        "occurred_at": item.occurred_at.isoformat(),
        "description": report.description,
        "lon": item.lon if item.has_place else None,
        "lat": item.lat if item.has_place else None,
        "crs": item.crs or WGS84.name,
        "problem": None if item.has_place else OrphanReason.NO_COORDINATE.value,
        "attributes": dict(report.attributes),
        "building_id": item.building_id,
        "device_id": item.device_id,
    }


def _standing(one: Taken, begun: Begun) -> dict[str, Any]:
    """Return where a new event stands, and on whose desk."""
    standing, desk = begun.standing, one.desk
    closed = standing.closed_at
    return {
        "received_at": begun.steps[0].moved.at.isoformat(),
        "state": standing.state,
        "step_number": standing.number,
        "changed_at": begun.steps[-1].moved.at.isoformat(),
        "closed_at": None if closed is None else closed.isoformat(),
        "desk_kind": None if desk is None else desk.kind,
        "desk_layer_id": None if desk is None else desk.layer_id,
        "desk_area_code": None if desk is None else desk.area_code,
        "department_code": None if desk is None else desk.department_code,
    }
