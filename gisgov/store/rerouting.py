"""Open events that go from the areas of one plan to those of the next, and the record of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import func

from gisgov.governance.events import EventState
from gisgov.store import joining
from gisgov.store.plans import StoredPlan
from gisgov.store.statements import statement
from gisgov.store.tables import event, event_reroute, plan

_CLOSED = [state.value for state in EventState if not state.is_open]


@dataclass(frozen=True, slots=True)
class Reroute:
    """How many events go from one area to another; None for no area.

    Attributes
    ----------
    from_plan, from_code : str or None
        The area that they leave.
    to_plan, to_code : str or None
        The area that they come to.
    events : int
        How many.
    """

    from_plan: str | None
    from_code: str | None
    to_plan: str | None
    to_code: str | None
    events: int


@dataclass(frozen=True, slots=True)
class ReroutedEvent:
    """An event that goes from one area to another; None for no area.

    Attributes
    ----------
    source, external_id : str
        The event.
    from_plan, from_code : str or None
        The area that it leaves.
    to_plan, to_code : str or None
        The area that it comes to.
    """

    source: str
    external_id: str
    from_plan: str | None
    from_code: str | None
    to_plan: str | None
    to_code: str | None


def plans_with_late_events(connection: sa.Connection, day: date) -> tuple[str, ...]:
    """Return the names of plans in force on a day whose forerunners still have open events, by name.

    Events that come in late are of the plan of their own day, like all; so is what comes in unseen while a
    plan takes effect.
    """
    given = {"day": day, "closed": _CLOSED}
    return tuple(connection.scalars(statement("plans_with_late_events"), given))


def reroute_events(connection: sa.Connection, taking: StoredPlan, day: date) -> None:
    """Give the open events that a plan finds in other hands to the areas that are in force on a day.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service.
    taking : StoredPlan
        The plan that takes effect.
    day : datetime.date
        The day, on which it is in force. Events that are closed keep what they have.
    """
    given = {
        "plan_id": taking.id,
        "layer_id": taking.layer_id,
        "scope_code": taking.scope_code,
        "day": day,
        "closed": _CLOSED,
    }
    connection.execute(sa.text("DROP TABLE IF EXISTS rerouted_event"))
    connection.execute(statement("events_to_reroute"), given)
    ids = list(connection.scalars(sa.text("SELECT id FROM rerouted_event ORDER BY id")))
    if ids:
        joining.join_anew(connection, ids, day=day, layer_id=taking.layer_id)
        connection.execute(statement("write_reroutes"), given)


def last_reroute(connection: sa.Connection) -> int:
    """Return the id of the last record of an event that changed hands; 0 without any."""
    return connection.scalar(sa.select(func.max(event_reroute.c.id))) or 0


def reroutes_of(connection: sa.Connection, plan_id: int, *, after: int = 0) -> tuple[Reroute, ...]:
    """Return which events a plan re-routed, as sums by area; only those recorded after an id."""
    query = _reroutes(plan_id).where(event_reroute.c.id > after)
    names = [column for column in query.selected_columns if column.name not in ("source", "external_id")]
    sums = query.with_only_columns(*names, func.count().label("events")).group_by(*names).order_by(*names)
    return tuple(Reroute(**row) for row in connection.execute(sums).mappings())


def rerouted_events(
    connection: sa.Connection, plan_id: int, limit: int | None = None
) -> tuple[ReroutedEvent, ...]:
    """Return the events that a plan re-routed, as far as whoever acts may see them, by source and id."""
    query = _reroutes(plan_id).order_by(event.c.source, event.c.external_id).limit(limit)
    return tuple(ReroutedEvent(**row) for row in connection.execute(query).mappings())


def _reroutes(plan_id: int) -> sa.Select[tuple[str | None, ...]]:
    came, went = plan.alias(), plan.alias()
    way = event_reroute.c
    return (
        sa.select(
            event.c.source,
            event.c.external_id,
            came.c.name.label("from_plan"),
            way.from_code,
            went.c.name.label("to_plan"),
            way.to_code,
        )
        .join_from(event_reroute, event)
        .outerjoin(came, came.c.id == way.from_plan_id)
        .outerjoin(went, went.c.id == way.to_plan_id)
        .where(way.cause_plan_id == plan_id)
    )
