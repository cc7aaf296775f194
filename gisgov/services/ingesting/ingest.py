"""Use case: events come in, one or ten thousand; each is taken in once, and lands on somebody's desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.geometry.systems import WGS84
from gisgov.governance.events import EventState, OrphanReason
from gisgov.governance.loop import Move
from gisgov.governance.routing import RoutingPolicy
from gisgov.services.days import local_day
from gisgov.services.ingesting.answering import answer
from gisgov.services.ingesting.comparing import Change, change_of, refusal_of
from gisgov.services.ingesting.judging import Judged, judge
from gisgov.services.ingesting.lookups import look_up
from gisgov.services.ingesting.own_days import Days, OwnDays, areas_of, own_days
from gisgov.services.ingesting.reports import EventReport, Ingested, Outcome, Unread
from gisgov.services.loop import write_steps
from gisgov.services.policies import policy_in_force
from gisgov.services.routing import Asked, Desk, route
from gisgov.store import ingesting as store
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.store.ingesting import KnownEvent
from gisgov.store.routing import Told, forget_neighbours, tell_neighbours

_CORRECT = "correct-on-the-spot"
_SOURCE_SAYS = "The source corrected what it reported."


@dataclass(slots=True)
class Taken:
    """An item that was taken in.

    Attributes
    ----------
    item : Judged
        The item.
    event_id : int
        Its event.
    outcome : str
        What became of it.
    state : str
        How far the event has come.
    change : Change
        What is written anew; a new event is routed too.
    desk : Desk or None
        Where it landed, if it was routed.
    """

    item: Judged
    event_id: int
    outcome: Outcome
    state: str
    change: Change
    desk: Desk | None = None


def ingest_events(
    database: Database,
    days: Days,
    reports: Sequence[EventReport | Unread],
    *,
    timezone: ZoneInfo,
    now: datetime | None = None,
) -> Ingested:
    """Take in events, in one transaction; what cannot be taken in is told of and harms no other.

    Whoever sends the same again changes nothing. Whoever reported an event may correct it: its words while it
    is open, its place, category, level and time as long as nobody dealt with it. A new event gets the areas
    of its own day, and the desk that follows from those of today.

    Parameters
    ----------
    database : Database
        In the hands of whoever reports.
    days : callable
        Returns the indexes of a day, as `gisgov.services.indexes.LiveIndexes.on` does.
    reports : sequence of EventReport or Unread
        What came, in its order.
    timezone : zoneinfo.ZoneInfo
        Where the day begins at midnight.
    now : datetime.datetime, optional
        What time it is.

    Returns
    -------
    Ingested
        A result for each.

    Raises
    ------
    DatabaseUnavailable
        The database does not answer; nothing was taken in.
    """
    moment = datetime.now(timezone) if now is None else now
    items = judge(reports, now=moment, timezone=timezone)
    today = local_day(moment, timezone)
    known = own_days(database, days, items, today=today, timezone=timezone)
    with database.begin() as connection:
        with as_owner(connection):
            policy: RoutingPolicy = policy_in_force(connection, "routing")
            look_up(connection, items, policy=policy, timezone=timezone)
            taken = _take(connection, items)
            _write_areas(connection, [*taken.values()], known, timezone)
        _give_desks(connection, [*taken.values()], known, policy)
        with as_owner(connection):
            _write_steps(connection, [*taken.values()], known)
    return answer(items, taken)


def _take(connection: sa.Connection, items: Sequence[Judged]) -> dict[tuple[str, str], Taken]:
    """Write what is new or says otherwise than before; refuse what may not."""
    first = {item.key: item for item in reversed(items) if not item.faults}
    who, keys = who_acts(connection), sorted(first)
    known = store.known_events(connection, keys)
    fresh = {key: item for key, item in sorted(first.items()) if key not in known}
    entered = store.enter_events(connection, [_written(item) for item in fresh.values()]) if fresh else {}
    late = [key for key in fresh if key not in entered]  # somebody was faster with them
    if late:
        known |= store.known_events(connection, late)
    taken: dict[tuple[str, str], Taken] = {}
    for key in keys:
        item = first[key]
        if key in entered:
            taken[key] = Taken(item, entered[key], "created", EventState.REPORTED.value, Change.ROUTE)
        else:
            _compare(taken, item, known[key], who)
    for item in items:  # what repeats an item that was refused is refused as well
        if not item.faults and item.key not in taken:
            item.faults.extend(first[item.key].faults)
    changed = [one for one in taken.values() if one.outcome == "updated"]
    if changed:
        store.correct_events(connection, [{"id": one.event_id, **_written(one.item)} for one in changed])
    return taken


def _compare(taken: dict[tuple[str, str], Taken], item: Judged, known: KnownEvent, who: str) -> None:
    change = Change.NOTHING if item.report is None else change_of(item, item.report, known)
    refusal = refusal_of(change, known, who) if change else None
    if refusal is not None:
        item.refuse("external_id", refusal)
        return
    if item.report is not None and item.report.occurred_at is None:
        item.occurred_at = known.occurred_at
    taken[item.key] = Taken(item, known.id, "updated" if change else "known", known.state, change)


def _written(item: Judged) -> Mapping[str, Any]:
    """Return an event as it is stored."""
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


def _write_areas(
    connection: sa.Connection, taken: Sequence[Taken], known: OwnDays, timezone: ZoneInfo
) -> None:
    routed = _routed(taken)
    items, ids = [one.item for one in routed], [one.event_id for one in routed]
    store.enter_areas(connection, areas_of(ids, items, known, timezone=timezone))


def _give_desks(
    connection: sa.Connection, taken: Sequence[Taken], known: OwnDays, policy: RoutingPolicy
) -> None:
    routed = _routed(taken)
    asked = [
        Asked(one.item.lon, one.item.lat, one.item.level or policy.unclassified, one.item.item)
        for one in routed
    ]
    for one, desk in zip(routed, route(connection, known.today, asked, policy=policy), strict=True):
        one.desk = desk


def _write_steps(connection: sa.Connection, taken: Sequence[Taken], known: OwnDays) -> None:
    """Let events have their first step, or the one that tells of a correction, and tell the neighbours."""
    moves: list[Move] = []
    told: list[Told] = []
    for one in taken:
        if one.outcome == "created" and one.desk is not None:
            moves.append(Move(one.event_id, "report", desk=one.desk.name))
        elif one.desk is not None:
            moves.append(Move(one.event_id, "reroute", _SOURCE_SAYS, desk=one.desk.name))
        elif one.change is Change.WORDS:
            moves.append(Move(one.event_id, "note", _SOURCE_SAYS))
        if one.change and _is_corrected(one):
            moves.append(Move(one.event_id, _CORRECT))
            one.state = EventState.CLOSED.value
        if one.desk is not None:
            told += [
                Told(one.event_id, near.layer_id, near.code, near.distance_m) for near in one.desk.neighbours
            ]
    again = [one.event_id for one in taken if one.outcome == "updated" and one.desk is not None]
    if again:
        forget_neighbours(connection, again)
    tell_neighbours(connection, told)
    write_steps(connection, moves, today=known.today.day)


def _is_corrected(one: Taken) -> bool:
    report = one.item.report
    return report is not None and report.corrected and one.state == EventState.REPORTED


def _routed(taken: Sequence[Taken]) -> list[Taken]:
    return [one for one in taken if one.change is Change.ROUTE]
