"""Events that say in words what they are about get the item of the register that is called so."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from gisgov.store.acting import as_owner
from gisgov.store.statements import statement
from gisgov.store.tables import event

_OF_THE_FILE: Final = (
    "AND (event.source, event.external_id) IN (SELECT source, external_id FROM incoming_event)"
)


def classify_incoming(connection: sa.Connection, timezone: str) -> int:
    """Classify the events of a file that wait, before they go in; return how many.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside the transaction in which they wait.
    timezone : str
        Its calendar says on which day an event happened.
    """
    with as_owner(connection):
        return _classify(connection, "incoming_event", "", timezone)


def classify_updated(connection: sa.Connection, timezone: str) -> int:
    """Classify those events of a file that were known and not classified; see `classify_incoming`."""
    with as_owner(connection):
        return _classify(connection, "event", _OF_THE_FILE, timezone)


def classify_events(connection: sa.Connection, timezone: str) -> int:
    """Classify all events that are not; return how many. What is classified stays as it is.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`.
    timezone : str
        Its calendar says on which day an event happened.
    """
    return _classify(connection, "event", "", timezone)


def is_much_unclassified(connection: sa.Connection, most: int) -> bool:
    """Whether more events than so many say a category and have no item; inside ``as_owner``."""
    waiting = sa.select(event.c.id).where(event.c.category_id.is_(None), event.c.category.is_not(None))
    beyond = waiting.offset(most).limit(1)
    return connection.scalar(beyond) is not None


def count_unclassified(connection: sa.Connection) -> int:
    """Return how many events are of no item of the register; inside ``as_owner``."""
    query = sa.select(sa.func.count()).select_from(event).where(event.c.category_id.is_(None))
    return int(connection.execute(query).scalar_one())


def _classify(connection: sa.Connection, events: str, among: str, timezone: str) -> int:
    asked = statement("classify_events", event=events, among=among)
    return connection.execute(asked, {"timezone": timezone}).rowcount
