"""Use case: somebody takes a step with an event."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from gisgov.errors import InputError, NotAllowed, NotFoundError, StepConflict
from gisgov.governance.loop import DeskKind, DeskName, Item, Move, Need, Step, Transition, loop_machine
from gisgov.governance.loop.walking import known_action, owning_department
from gisgov.services.access import is_program, require_event
from gisgov.services.access.departments import speaks_for
from gisgov.services.loop.reading import event_infos
from gisgov.services.loop.reports import EventInfo
from gisgov.services.loop.writing import unknown_event, write_steps
from gisgov.store import desks, event_rows, loop
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.registers import categories_in_force


def take_step(database: Database, event_id: int, step: Step, *, today: date) -> EventInfo:
    """Take one step with an event, in the name of whoever acts.

    Parameters
    ----------
    database : Database
        Where the event is.
    event_id : int
        The event.
    step : Step
        What is to be done.
    today : datetime.date
        The day whose plans say what desks there are.

    Returns
    -------
    EventInfo
        Where the event stands then, also for those from whose desk it went.

    Raises
    ------
    EventUnknown
        There is no such event where whoever acts may see events.
    NotAllowed
        Whoever acts does not hold the right that the step needs, for this event; or a person has to decide,
        or the department on whose desk it lies.
    IllegalTransition
        The event stands where the step cannot be taken.
    StepConflict
        Somebody took a step since.
    InputError, NotFoundError, ConflictError
        Something is missing, or what the step names is not there.
    """
    transition = known_action(loop_machine(), step.action)
    if transition.right is None:
        raise InputError(f"The service alone writes {step.action!r}.", field="action")
    with database.begin() as connection:
        if Need.PERSON in transition.needs and is_program(connection):
            raise NotAllowed(f"A person decides to {step.action} an event: no program does.")
        _check_reached(connection, transition.right, event_id)
        if step.merged_into is not None:
            _check_reached(connection, transition.right, step.merged_into)
        if step.desk is not None:
            check_desk(connection, step.desk, today)
        with as_owner(connection):
            _check_standing(connection, transition, event_id, step)
            move = Move(
                event_id,
                step.action,
                _stripped(step.reason),
                step.desk,
                step.merged_into,
                step.details,
                step.at,
                _item(connection, transition, step, today),
            )
            write_steps(connection, [move], today=today)
            return event_infos(connection, [event_id])[0]


def check_desk(connection: sa.Connection, desk: DeskName, day: date) -> None:
    """Refuse a desk that is not there on a day.

    Raises
    ------
    NotFoundError
        There is no such area in force, or no such department.
    """
    if desk.kind is DeskKind.AREA and not desks.has_area(connection, desk.layer, desk.code, day):
        raise NotFoundError(f"No area {desk.code} of {desk.layer} is in force on {day}.", field="desk")
    if desk.department is not None and not desks.has_department(connection, desk.department):
        raise NotFoundError(f"There is no department {desk.department}.", field="desk")


def _check_reached(connection: sa.Connection, right: str, event_id: int) -> None:
    if not event_rows.is_seen(connection, event_id):
        raise unknown_event(event_id)
    require_event(connection, right, event_id)


def _check_standing(connection: sa.Connection, transition: Transition, event_id: int, step: Step) -> None:
    """Refuse a step of an event that somebody did something with since, or that a department has to take."""
    if step.expects is None and Need.DEPARTMENT not in transition.needs:
        return
    # both at once, in the order of their ids: two that merge them crosswise wait for each other, no more
    both = [event_id] if step.merged_into is None else [event_id, step.merged_into]
    standings, _ = loop.lock_standings(connection, both)
    standing = standings[event_id]
    number = standing.number
    if step.expects not in (None, number):
        raise StepConflict(
            f"Event {event_id} is at step {number}, not {step.expects}: somebody did something since.",
            step_number=number,
            hint="Look at it again.",
            field="expects",
        )
    department = owning_department(transition, standing.desk_kind, standing.department)
    if department is not None:
        speaks_for(connection, department, event_id)


def _item(connection: sa.Connection, transition: Transition, step: Step, today: date) -> Item | None:
    """Return what an event is classified as; None where the step says nothing of it."""
    code = step.details.get("category") if Need.CATEGORY in transition.needs else None
    if code is None:
        return None
    known = categories_in_force(connection, today).get(str(code))
    if known is None:
        raise NotFoundError(f"No item {code} of the register is in force on {today}.", field="category")
    return Item(known.id, known.code)


def _stripped(reason: str | None) -> str | None:
    return (reason or "").strip() or None
