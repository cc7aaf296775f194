"""Writing steps inside a transaction: set by set, whoever asks and whatever they follow from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from gisgov.errors import ConflictError, EventUnknown
from gisgov.governance.events import EventState
from gisgov.governance.loop import DeskName, Move, Moved, loop_machine
from gisgov.governance.loop.walking import Standing, Walked, walk
from gisgov.services.limits import on_steps
from gisgov.store import loop
from gisgov.store.acting import as_owner

_DUPLICATE = "duplicate"


def write_steps(connection: sa.Connection, moves: Sequence[Move], *, today: date) -> tuple[Moved, ...]:
    """Take steps with events; all of them, or none.

    It asks nobody for a right: whoever calls it did. Several steps of one event are taken in their order.
    Limits of time begin and end with them. A step that gives an event to a desk lets the area and those
    above it see the event; a merge is told in the history of the other event too.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    moves : sequence of Move
        The steps. A new event stands at ``reported`` with no step, and its first is ``report``.
    today : datetime.date
        The day whose plans say which areas are above a desk.

    Returns
    -------
    tuple of Moved
        What was written, in the order of the moves; what follows in other events comes right after.

    Raises
    ------
    EventUnknown
        There is no event of an id.
    IllegalTransition
        An event stands where its step cannot be taken.
    ConflictError
        A duplicate would be merged into an event that is closed, or a duplicate itself.
    InputError
        A step lacks what it needs, or there is no such action.
    """
    if not moves:
        return ()
    with as_owner(connection):
        ids = {move.event_id for move in moves} | {move.merged_into for move in moves if move.merged_into}
        standings, now = loop.lock_standings(connection, ids)
        unknown = sorted(ids - set(standings))
        if unknown:
            raise unknown_event(unknown[0])
        steps, last = _walked(standings, moves, now)
        loop.add_steps(connection, steps)
        loop.settle(connection, last.values())
        routed = sorted(key for key, (_, desk) in last.items() if desk is not None)
        if routed:
            loop.tell_desks(connection, routed, today)
        moved = tuple(one.moved for one in steps)
        on_steps(connection, moved)
    return moved


def unknown_event(event_id: int) -> EventUnknown:
    """Return the error for an event that is not there, or not for whoever asks."""
    return EventUnknown(f"There is no event {event_id} where you may see events.", field="id")


def _walked(
    standings: dict[int, Standing], moves: Sequence[Move], now: datetime
) -> tuple[list[loop.NewStep], dict[int, tuple[Walked, DeskName | None]]]:
    """Walk all moves; return the steps, and of each event the last with the desk it was given."""
    machine = loop_machine()
    steps: list[loop.NewStep] = []
    last: dict[int, tuple[Walked, DeskName | None]] = {}
    for move in moves:
        for one in _with_followers(standings, move):
            walked = walk(machine, standings[one.event_id], one, now)
            standings[one.event_id] = walked.standing
            before = last.get(one.event_id)
            desk = walked.desk or (None if before is None else before[1])
            last[one.event_id] = walked, desk
            own = machine.transition(one.action).right is None
            steps.append(loop.NewStep(walked.moved, one.reason, walked.desk, own))
    return steps, last


def _with_followers(standings: dict[int, Standing], move: Move) -> Iterator[Move]:
    """Yield a move, and what it means for the event that this one is or was a duplicate of."""
    former = standings[move.event_id].merged_into
    yield move
    if move.merged_into is not None:
        _check_original(standings[move.merged_into], move.event_id)
        yield Move(move.merged_into, "absorb", move.reason, details={_DUPLICATE: move.event_id}, at=move.at)
    elif former is not None and standings[move.event_id].merged_into is None:
        yield Move(former, "release", move.reason, details={_DUPLICATE: move.event_id}, at=move.at)


def _check_original(original: Standing, duplicate: int) -> None:
    if original.event_id == duplicate:
        raise ConflictError(f"Event {duplicate} is no duplicate of itself.", field="merged_into")
    if original.state is EventState.MERGED:
        raise ConflictError(
            f"Event {original.event_id} is a duplicate of event {original.merged_into} itself.",
            hint=f"Merge it into event {original.merged_into}.",
            field="merged_into",
        )
    if not original.state.is_open:
        raise ConflictError(
            f"Event {original.event_id} is {original.state.value}: nobody deals with it any more.",
            hint="Reopen it first, or merge into one that is open.",
            field="merged_into",
        )
