"""Open events follow their areas to a new plan: desks that change hands, and who is above them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from gisgov.governance.loop import TRIAGE, DeskKind, DeskName, Move
from gisgov.services.loop.writing import write_steps
from gisgov.store import loop, rerouting
from gisgov.store.acting import as_owner
from gisgov.store.plans import StoredPlan


def hand_on(connection: sa.Connection, plan: StoredPlan, day: date) -> None:
    """Give open events to the areas of a plan that takes effect, and their desks with them.

    An event lies on the desk of the area that owns it now, if it lay on that of the area it left, or of one
    that is in force no more; where none owns it, it waits for whoever dispatches. One that was handed over to
    an area that is still in force stays there. Each that moves has a step ``reroute`` that tells from where.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service.
    plan : StoredPlan
        A plan of a partition that is in force on the day.
    day : datetime.date
        The day.
    """
    last = rerouting.last_reroute(connection)
    rerouting.reroute_events(connection, plan, day)
    with as_owner(connection):
        moves = [
            Move(
                one.event_id,
                "reroute",
                desk=TRIAGE if one.code is None else DeskName(DeskKind.AREA, plan.layer, one.code),
                details={"plan": plan.name, "layer": plan.layer, "from": one.former_code, "to": one.code},
            )
            for one in loop.desks_to_follow(connection, plan.layer_id, day, after=last)
        ]
        write_steps(connection, moves, today=day)
        told = loop.events_told_through(connection, plan.id, plan.layer_id)
        if told:
            loop.tell_desks(connection, told, day)
