"""For which department whoever acts may speak: its own people do, and whoever dispatches in its name."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from gisgov.errors import NotAllowed
from gisgov.services.access.reaching import rights_in_events
from gisgov.store.accounts import acting_department
from gisgov.store.acting import who_acts

DISPATCH: Final = "events.dispatch"
"""Whoever holds it for an event may do with it what is a department's to do, in its name."""


def speaks_for(connection: sa.Connection, department: str, event_id: int) -> bool:
    """Tell whether whoever acts is of a department; others who dispatch the event act in its name.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction that knows whose it is.
    department : str
        Code of the department.
    event_id : int
        The event that it is about.

    Returns
    -------
    bool
        True: one of its people. False: somebody else, in its name.

    Raises
    ------
    NotAllowed
        Neither.
    """
    own = acting_department(connection)
    if own == department:
        return True
    if DISPATCH not in rights_in_events(connection, [DISPATCH], [event_id])[event_id]:
        belongs = f"belongs to department {own}" if own else "belongs to no department"
        raise NotAllowed(
            f"{who_acts(connection)} does not act for department {department}: it {belongs}.",
            hint=f"Its people do, or in its name whoever holds {DISPATCH} for event {event_id}.",
        )
    return False
