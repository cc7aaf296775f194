"""First steps of events that come in: taken before the events are written, so that each is written once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from gisgov.governance.events import EventState
from gisgov.governance.loop import Move, Moved, loop_machine
from gisgov.governance.loop.walking import Standing, Walked, walk
from gisgov.services.limits import on_steps
from gisgov.store import loop

_NO_ID = 0


@dataclass(frozen=True, slots=True)
class Begun:
    """An event that is about to be written, after its first steps.

    Attributes
    ----------
    standing : Standing
        Where it will stand.
    steps : tuple of Walked
        What was done with it.
    """

    standing: Standing
    steps: tuple[Walked, ...]


def begin_event(
    moves: Sequence[Move], *, source: str, level: str | None, category_id: int | None, at: datetime
) -> Begun:
    """Take the first steps of an event that has no id yet; see `gisgov.governance.loop.walking.walk`."""
    standing = Standing(_NO_ID, EventState.REPORTED, 0, source, level=level, category_id=category_id)
    steps = []
    for move in moves:
        walked = walk(loop_machine(), standing, move, at)
        steps.append(walked)
        standing = walked.standing
    return Begun(standing, tuple(steps))


def write_first_steps(connection: sa.Connection, begun: Sequence[tuple[int, Begun]]) -> tuple[Moved, ...]:
    """Write the first steps of events that were written as they stand after them, and let limits begin.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`.
    begun : sequence of tuple
        The id of each event, and its steps.
    """
    steps = [
        loop.NewStep(replace(one.moved, event_id=event_id), None, one.desk, own=False)
        for event_id, event in begun
        for one in event.steps
    ]
    moved = tuple(one.moved for one in steps)
    if moved:
        loop.add_steps(connection, steps)
        on_steps(connection, moved)
    return moved
