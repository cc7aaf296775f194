"""One event and where it stands."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from gisgov.errors import EventUnknown
from gisgov.services.loop import EventInfo, event_infos
from gisgov.services.loop.reports import EventBuilding
from gisgov.services.loop.writing import unknown_event
from gisgov.store import event_rows
from gisgov.store.database import Database
from gisgov.store.event_buildings import building_of_event


def find_event(database: Database, event_id: int) -> EventInfo:
    """Return an event by its id.

    Raises
    ------
    EventUnknown
        There is no such event where whoever asks may see events.
    """
    with database.begin() as connection:
        found = _found(connection, event_id)
    if found is None:
        raise unknown_event(event_id)
    return found


def find_event_by_key(database: Database, source: str, external_id: str) -> EventInfo:
    """Return an event by what its source calls it; see `find_event`."""
    with database.begin() as connection:
        event_id = event_rows.event_of_key(connection, source, external_id)
        found = None if event_id is None else _found(connection, event_id)
    if found is None:
        raise EventUnknown(
            f"There is no event {external_id} of {source} where you may see events.", field="external_id"
        )
    return found


def _found(connection: sa.Connection, event_id: int) -> EventInfo | None:
    events = event_infos(connection, [event_id])
    link = building_of_event(connection, event_id)
    if not events or link is None:
        return events[0] if events else None
    return replace(events[0], building=EventBuilding(*link))
