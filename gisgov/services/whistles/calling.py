"""Use case: a grid or street calls departments to an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError, NotFoundError
from gisgov.governance.limits import LimitPolicy
from gisgov.governance.loop import Move
from gisgov.services.access import require_area, require_event
from gisgov.services.limits.calendars import ensure_calendar
from gisgov.services.loop.writing import unknown_event, write_steps
from gisgov.services.policies import policy_in_force
from gisgov.services.whistles.reports import WhistleInfo, whistle_info
from gisgov.store import event_rows, loop, whistles
from gisgov.store.acting import as_owner
from gisgov.store.database import Database

HANDLE: Final = "events.handle"


def call_departments(
    database: Database,
    event_id: int,
    departments: Sequence[str],
    *,
    reason: str,
    same_day: bool = False,
    area: tuple[str, str] | None = None,
    today: date,
) -> WhistleInfo:
    """Call departments to an event; its history tells of it.

    Parameters
    ----------
    database : Database
        Where the event is.
    event_id : int
        The event.
    departments : sequence of str
        Their codes.
    reason : str
        Why they are called.
    same_day : bool
        Whether they have to answer by the end of the working day, because the grid cannot solve it; without
        it they have what the policy of time limits gives them.
    area : tuple of str, optional
        Layer and code of the area that calls: that on whose desk the event lies, which is the default, or
        one above it.
    today : datetime.date
        The day.

    Raises
    ------
    EventUnknown
        There is no such event where whoever acts may see events.
    NotAllowed
        Whoever acts may not handle the event, or not act for the area.
    NotFoundError
        There is no such department.
    ConflictError
        The event is over, or does not lie on the desk of the area, or a department was called already.
    InputError
        No department is named, or no reason.
    """
    codes, words = [*dict.fromkeys(departments)], reason.strip()
    if not codes:
        raise InputError("A whistle calls at least one department.", field="departments")
    if not words:
        raise InputError("A whistle says why the departments are called.", field="reason")
    with database.begin() as connection:
        if not event_rows.is_seen(connection, event_id):
            raise unknown_event(event_id)
        require_event(connection, HANDLE, event_id)
        caller = area or whistles.desk_area(connection, event_id)
        if caller is not None:
            require_area(connection, HANDLE, *caller)
        with as_owner(connection):
            _check(connection, event_id, codes, area)
            policy: LimitPolicy = policy_in_force(connection, "time-limits")
            if same_day or policy.whistle.unit.needs_calendar:
                ensure_calendar(connection, policy.calendar)
            try:
                whistle_id = whistles.add_whistle(
                    connection,
                    event_id,
                    caller,
                    codes,
                    reason=words,
                    same_day=same_day,
                    within=policy.whistle,
                    calendar=policy.calendar,
                )
            except sa.exc.IntegrityError as error:
                raise ConflictError(
                    f"The calendar {policy.calendar!r} ends before the departments have to answer.",
                    hint="Import it again: `gisgov import calendar` lays it out for twenty years from today.",
                ) from error
            told = {"whistle": whistle_id, "called": codes}
            write_steps(connection, [Move(event_id, "note", words, details=told)], today=today)
        return whistle_info(connection, whistle_id)


def _check(
    connection: sa.Connection, event_id: int, codes: Sequence[str], area: tuple[str, str] | None
) -> None:
    """Refuse a whistle that means nothing; no other one is written for the event until this one is."""
    standings, _ = loop.lock_standings(connection, [event_id])
    state = standings[event_id].state
    if not state.is_open:
        raise ConflictError(
            f"Event {event_id} is {state.value}: nobody is called to it any more.",
            hint="Reopen it first.",
        )
    if area is not None and not whistles.lies_on_desk(connection, event_id, *area):
        raise ConflictError(
            f"Event {event_id} lies neither on the desk of {area[0]} {area[1]} nor on one below.",
            hint="The area on whose desk it lies calls, or one above.",
            field="area",
        )
    unknown = whistles.unknown_departments(connection, codes)
    if unknown:
        raise NotFoundError(f"There is no department {unknown[0]}.", field="departments")
    called = whistles.still_called(connection, event_id, codes)
    if called:
        code, whistle_id = next(iter(called.items()))
        raise ConflictError(
            f"Department {code} was called to event {event_id} by whistle {whistle_id} and has not answered.",
            hint="Wait for the answer, or close that whistle.",
            field="departments",
        )
