"""Use case: let plans take effect on their day, so that open events and buildings come to their areas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.governance.layers import LayerKind
from gisgov.services.joining import LayerJoin, layer_join
from gisgov.services.loop.following import hand_on
from gisgov.services.publishing.reports import Rerouting
from gisgov.services.publishing.terms import lock_plan
from gisgov.store import audit, joining, publications, rerouting, succession
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.plans import StoredPlan


@dataclass(frozen=True, slots=True)
class PlanEffect:
    """What changed as the day of a plan came.

    Attributes
    ----------
    plan, layer : str
        The plan and its layer.
    rerouted : Rerouting or None
        Open events that changed hands; None for an overlay, which owns nothing.
    buildings : LayerJoin or None
        Buildings that found their area or became orphans; None for an overlay, and where only events came
        late.
    """

    plan: str
    layer: str
    rerouted: Rerouting | None
    buildings: LayerJoin | None


def take_effect(database: Database, today: date) -> tuple[PlanEffect, ...]:
    """Let the plans take effect whose day has come, each in a transaction of its own.

    Called again it does nothing, and so does a second caller at the same time. Open events that came in since
    and were dated before, so that a former plan has them, are handed on too.

    Parameters
    ----------
    database : Database
        In the hands of the service or of the operator.
    today : datetime.date
        Today, where the plans are in force.

    Returns
    -------
    tuple of PlanEffect
        One for each plan that took effect now, by its first day; then those that late events came to.
    """
    with database.begin() as connection, as_owner(connection):
        due = succession.plans_due(connection, today)
    done: list[PlanEffect] = []
    for name in due:
        with database.begin() as connection, as_owner(connection):
            plan = lock_plan(connection, name)
            if name in succession.plans_due(connection, today):  # else somebody else was faster
                done.append(effect_of(connection, plan, today))
    return (*done, *_hand_on_late_events(database, today))


def _hand_on_late_events(database: Database, today: date) -> Iterator[PlanEffect]:
    with database.begin() as connection, as_owner(connection):
        names = rerouting.plans_with_late_events(connection, today)
    for name in names:
        with database.begin() as connection, as_owner(connection):
            plan = lock_plan(connection, name)
            before = rerouting.last_reroute(connection)
            hand_on(connection, plan, today)
            ways = rerouting.reroutes_of(connection, plan.id, after=before)
        if ways:
            yield PlanEffect(plan.name, plan.layer, _sums(ways), None)


def has_plans_due(database: Database, today: date) -> bool:
    """Whether the day of some plan has come that did not take effect yet."""
    with database.begin() as connection, as_owner(connection):
        return bool(succession.plans_due(connection, today))


def effect_of(connection: sa.Connection, plan: StoredPlan, day: date) -> PlanEffect:
    """Let a plan take effect inside a transaction of the service that holds the lock of its layer.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside the transaction.
    plan : StoredPlan
        A published plan that has begun on the day. One that has ended by then gives events to nobody.
    day : datetime.date
        The day whose plans own buildings and open events from now on.
    """
    rerouted, buildings = None, None
    if plan.layer_kind == LayerKind.PARTITION:
        if plan.valid_to is None or day < plan.valid_to:
            hand_on(connection, plan, day)
        rerouted = _sums(rerouting.reroutes_of(connection, plan.id))
        buildings = layer_join(joining.join_buildings(connection, day=day, layer_id=plan.layer_id)[0])
    succession.set_took_effect(connection, plan.id)
    events = 0 if rerouted is None else rerouted.events
    audit.note(connection, "take-effect", f"plan {plan.id}", {"rerouted_events": events})
    tell(connection, plan, "in-effect")
    return PlanEffect(plan.name, plan.layer, rerouted, buildings)


def join_unowned(connection: sa.Connection, plan: StoredPlan, timezone: ZoneInfo) -> LayerJoin | None:
    """Join events that no area owns to the plans of their own days; None for an overlay."""
    if plan.layer_kind != LayerKind.PARTITION:
        return None
    return layer_join(joining.join_events(connection, timezone=timezone, layer_id=plan.layer_id)[0])


def tell(connection: sa.Connection, plan: StoredPlan, what: str) -> None:
    """Tell whoever listens what happened to a plan: ``published``, ``in-effect``, ``retired``."""
    told = {"plan": plan.name, "layer": plan.layer, "scope": plan.scope_code, "what": what}
    publications.announce(connection, told)


def _sums(ways: tuple[rerouting.Reroute, ...]) -> Rerouting:
    handed_over = sum(way.events for way in ways if way.from_code != way.to_code)
    return Rerouting(sum(way.events for way in ways), handed_over, ways)
