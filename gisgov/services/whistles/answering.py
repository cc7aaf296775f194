"""Use cases: a department answers a whistle, and whoever called closes it."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from gisgov.errors import ConflictError, InputError, NotFoundError
from gisgov.governance.loop import Move
from gisgov.services.access import require_area, require_event
from gisgov.services.access.departments import speaks_for
from gisgov.services.loop.writing import write_steps
from gisgov.services.whistles.calling import HANDLE
from gisgov.services.whistles.reports import WhistleInfo, whistle_info
from gisgov.store import loop, whistles
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database


def answer_whistle(
    database: Database, whistle_id: int, department: str, answer: str, *, today: date
) -> WhistleInfo:
    """Answer for a department that was called; the last answer closes the whistle.

    Its own people answer, or whoever dispatches the event in its name, which is recorded.

    Parameters
    ----------
    database : Database
        Where the whistle is.
    whistle_id : int
        The whistle.
    department : str
        Code of the department.
    answer : str
        What it says, or did.
    today : datetime.date
        The day.

    Raises
    ------
    NotFoundError
        There is no such whistle where whoever acts may see events, or it does not call the department.
    NotAllowed
        Whoever acts may not handle the event, or is not of the department and does not dispatch the event.
    ConflictError
        The department has answered, or the whistle is closed.
    InputError
        The answer is empty.
    """
    words = answer.strip()
    if not words:
        raise InputError("An answer says something.", field="answer")
    with database.begin() as connection:
        event_id = whistle_info(connection, whistle_id).event_id
        require_event(connection, HANDLE, event_id)
        with as_owner(connection):
            stands = _locked(connection, whistle_id, event_id)
            call = next((one for one in stands.calls if one.department == department), None)
            if call is None:
                called = ", ".join(one.department for one in stands.calls)
                raise NotFoundError(
                    f"Whistle {whistle_id} does not call department {department}.",
                    hint=f"It calls {called}.",
                    field="department",
                )
            if call.answered_at is not None:
                raise ConflictError(
                    f"Department {department} answered whistle {whistle_id} on "
                    f"{call.answered_at:%Y-%m-%d %H:%M %Z}.",
                    hint="What is to be added is a note of the event.",
                )
            _refuse_closed(stands)
            on_behalf = not speaks_for(connection, department, event_id)
            if whistles.answer(connection, whistle_id, department, words, on_behalf=on_behalf):
                whistles.close(connection, whistle_id)
            told = {"answered": department, **({"on_behalf": True} if on_behalf else {})}
            _tell(connection, stands, words, told, today)
        return whistle_info(connection, whistle_id)


def close_whistle(database: Database, whistle_id: int, reason: str, *, today: date) -> WhistleInfo:
    """Close a whistle though departments have not answered: whoever called, or somebody of their area.

    Parameters
    ----------
    database, whistle_id, today
        See `answer_whistle`.
    reason : str
        Why the answers are not needed any more.

    Raises
    ------
    NotFoundError
        There is no such whistle where whoever acts may see events.
    NotAllowed
        Whoever acts may not handle the event, or belongs to another area than that which called.
    ConflictError
        It is closed already.
    InputError
        The reason is empty.
    """
    words = reason.strip()
    if not words:
        raise InputError("To close a whistle takes a reason.", field="reason")
    with database.begin() as connection:
        seen = whistle_info(connection, whistle_id)
        require_event(connection, HANDLE, seen.event_id)
        if seen.called_by != who_acts(connection) and seen.layer is not None and seen.area is not None:
            require_area(connection, HANDLE, seen.layer, seen.area)
        with as_owner(connection):
            stands = _locked(connection, whistle_id, seen.event_id)
            _refuse_closed(stands)
            whistles.close(connection, whistle_id)
            _tell(connection, stands, words, {"closed": True}, today)
        return whistle_info(connection, whistle_id)


def _locked(connection: sa.Connection, whistle_id: int, event_id: int) -> WhistleInfo:
    """Return a whistle as it stands until the transaction ends: its event is the lock of all its whistles."""
    loop.lock_standings(connection, [event_id])
    return whistle_info(connection, whistle_id)


def _refuse_closed(stands: WhistleInfo) -> None:
    if stands.closed_at is not None:
        raise ConflictError(f"Whistle {stands.id} was closed on {stands.closed_at:%Y-%m-%d %H:%M %Z}.")


def _tell(
    connection: sa.Connection, stands: WhistleInfo, words: str, details: dict[str, Any], today: date
) -> None:
    told = {"whistle": stands.id, **details}
    write_steps(connection, [Move(stands.event_id, "note", words, details=told)], today=today)
