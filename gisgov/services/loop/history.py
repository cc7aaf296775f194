"""What was done with an event, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gisgov.services.loop.reading import desk_of
from gisgov.services.loop.reports import EventDesk
from gisgov.services.loop.writing import unknown_event
from gisgov.store import event_rows
from gisgov.store.database import Database
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class EventStepInfo:
    """One step of an event.

    Attributes
    ----------
    number : int
        Which of its steps, from 1.
    action : str
        What was done: a name of the machine.
    from_state, to_state : str or None, str
        Where the event was, and where it came to; None: it was new.
    at : datetime.datetime
        When.
    by_name, by_kind : str
        Who did it, and what sort of actor: ``person``, ``client``, ``operator``, or ``service`` for what
        followed of itself.
    reason : str or None
        Why, or what was done.
    desk : EventDesk or None
        Whose desk it went to; None: it stayed where it was.
    details : dict
        What else is remembered: ``duplicate`` of an event that was merged into this one or let go,
        ``stage`` and ``amount`` of an extension, ``category`` and ``level`` of a classification, ``plan``
        and areas of a re-routing.
    """

    number: int
    action: str
    from_state: str | None
    to_state: str
    at: datetime
    by_name: str
    by_kind: str
    reason: str | None
    desk: EventDesk | None
    details: Json


def event_history(database: Database, event_id: int) -> tuple[EventStepInfo, ...]:
    """Return the steps of an event in their order; none of one that came from a file.

    Raises
    ------
    EventUnknown
        There is no such event where whoever asks may see events.
    """
    with database.begin() as connection:
        if not event_rows.is_seen(connection, event_id):
            raise unknown_event(event_id)
        rows = event_rows.steps_of_event(connection, event_id)
    return tuple(
        EventStepInfo(
            number=row["number"],
            action=row["action"],
            from_state=row["from_state"],
            to_state=row["to_state"],
            at=row["at"],
            by_name=row["by_name"],
            by_kind=row["by_kind"],
            reason=row["reason"],
            desk=desk_of(row),
            details=row["details"],
        )
        for row in rows
    )
