"""One event and where it stands."""

from __future__ import annotations

from gisgov.errors import EventUnknown
from gisgov.services.loop import EventInfo, event_infos
from gisgov.services.loop.writing import unknown_event
from gisgov.store import event_rows
from gisgov.store.database import Database


def find_event(database: Database, event_id: int) -> EventInfo:
    """Return an event by its id.

    Raises
    ------
    EventUnknown
        There is no such event where whoever asks may see events.
    """
    with database.begin() as connection:
        found = event_infos(connection, [event_id])
    if not found:
        raise unknown_event(event_id)
    return found[0]


def find_event_by_key(database: Database, source: str, external_id: str) -> EventInfo:
    """Return an event by what its source calls it; see `find_event`."""
    with database.begin() as connection:
        event_id = event_rows.event_of_key(connection, source, external_id)
        found = () if event_id is None else event_infos(connection, [event_id])
    if not found:
        raise EventUnknown(
            f"There is no event {external_id} of {source} where you may see events.", field="external_id"
        )
    return found[0]
