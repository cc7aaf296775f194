"""Steps of events and where they lead, set by set; written by the service, which asked before who may."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from gisgov.governance.access import Actor
from gisgov.governance.events import EventState
from gisgov.governance.loop import DeskKind, DeskName, Item, Moved
from gisgov.governance.loop.walking import Standing, Walked
from gisgov.store.acting import ACTING, who_acts
from gisgov.store.array_literals import array_literal
from gisgov.store.directly import rows_of
from gisgov.store.statements import statement
from gisgov.store.tables import event

_CLOSED = [state.value for state in EventState if not state.is_open]
SERVICE = "service"
"""The kind of whoever writes what follows of itself."""


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step on its way in, with the desk that it goes to if it moves; ``own``: it follows of itself."""

    moved: Moved
    reason: str | None
    desk: DeskName | None
    own: bool


def lock_standings(connection: sa.Connection, ids: Iterable[int]) -> tuple[dict[int, Standing], datetime]:
    """Return where events stand, and what time it is; they stay so until the transaction ends.

    With them come those that they were merged into. Ids that are unknown are left out.
    """
    rows = connection.execute(statement("events_standing"), {"ids": array_literal(sorted(set(ids)))}).all()
    found = {
        row.id: Standing(
            event_id=row.id,
            state=EventState(row.state),
            number=row.step_number,
            source=row.source,
            before=None if row.before is None else EventState(row.before),
            level=row.level,
            category_id=row.category_id,
            desk_kind=None if row.desk_kind is None else DeskKind(row.desk_kind),
            department=row.department_code,
            closed_at=row.closed_at,
            merged_into=row.merged_into,
        )
        for row in rows
    }
    return found, rows[0].now if rows else datetime.now(UTC)


def add_steps(connection: sa.Connection, steps: Sequence[NewStep]) -> None:
    """Write steps into the history, in the name of whoever acts."""
    actor: Actor | None = connection.info.get(ACTING)
    name, kind = who_acts(connection), SERVICE if actor is None else actor.kind.value
    document = [
        {
            **_of_desk(one.desk),
            "event_id": one.moved.event_id,
            "number": one.moved.number,
            "action": one.moved.action,
            "from_state": one.moved.from_state,
            "to_state": one.moved.to_state,
            "at": one.moved.at.isoformat(),
            "by_name": name,
            "by_kind": SERVICE if one.own else kind,
            "reason": one.reason,
            "details": dict(one.moved.details),
        }
        for one in steps
    ]
    rows_of(connection, statement("write_steps"), {"steps": json.dumps(document)})


def settle(connection: sa.Connection, walked: Iterable[tuple[Walked, DeskName | None]]) -> None:
    """Let events stand where their last step took them, on the desk that a step gave them last."""
    document = [
        {
            **_of_desk(desk),
            "id": one.standing.event_id,
            "state": one.standing.state,
            "number": one.standing.number,
            "changed_at": one.moved.at.isoformat(),
            "closed_at": None if one.standing.closed_at is None else one.standing.closed_at.isoformat(),
            "merged_into": one.standing.merged_into,
            "level": one.standing.level,
            **_of_item(one.standing.item),
        }
        for one, desk in walked
    ]
    connection.execute(statement("settle_events"), {"events": json.dumps(document)})


def tell_desks(connection: sa.Connection, ids: Sequence[int], day: date) -> None:
    """Let the areas see events that lie on their desk or below them on a day, and those of before no more."""
    given = {"ids": array_literal(ids)}
    connection.execute(statement("untell_desks"), given)
    connection.execute(statement("tell_desks"), {**given, "day": day})


@dataclass(frozen=True, slots=True)
class LeftDesk:
    """An event whose desk its area left, and the area that owns it now; None: none does."""

    event_id: int
    former_code: str
    code: str | None


def desks_to_follow(
    connection: sa.Connection, layer_id: int, day: date, *, after: int
) -> tuple[LeftDesk, ...]:
    """Return the open events on desks of a layer that they left, or that are in force no longer on a day.

    Left by the re-routings that were recorded after one: see `gisgov.store.rerouting.last_reroute`.
    """
    given = {"layer_id": layer_id, "day": day, "after": after, "closed": _CLOSED}
    rows = connection.execute(statement("desks_to_follow"), given)
    return tuple(LeftDesk(row.id, row.former_code, row.code) for row in rows)


def events_told_through(connection: sa.Connection, plan_id: int, layer_id: int) -> list[int]:
    """Return the open events that areas of a plan see because they lie on their desk or below them."""
    given = {"plan_id": plan_id, "layer_id": layer_id, "closed": _CLOSED}
    return [*connection.scalars(statement("events_told_through"), given)]


def _of_item(item: Item | None) -> dict[str, Any]:
    return {} if item is None else {"category_id": item.id, "category_code": item.code}


def _of_desk(desk: DeskName | None) -> dict[str, Any]:
    if desk is None:
        return {}
    return {
        "desk_kind": desk.kind,
        "layer": desk.layer,
        "code": desk.code,
        "department": desk.department,
    }


def grade(connection: sa.Connection, event_id: int, grade: str, rules_version: str) -> None:
    """Write down how grave the dispute is that an event is; inside `gisgov.store.acting.as_owner`."""
    told = {"dispute_grade": grade, "dispute_rules_version": rules_version}
    connection.execute(sa.update(event).where(event.c.id == event_id).values(**told))
