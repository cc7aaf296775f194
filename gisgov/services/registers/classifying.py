"""Use case: give events the item of the register that they say in words."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from gisgov.services.access import require_everywhere
from gisgov.store.acting import as_owner
from gisgov.store.classifying import classify_events, count_unclassified, is_much_unclassified
from gisgov.store.database import Database


@dataclass(frozen=True, slots=True)
class EventsClassified:
    """What became of events without an item.

    Attributes
    ----------
    classified : int
        Those that have one now.
    left : int
        Those whose words the register does not know, or that say none.
    """

    classified: int
    left: int


def is_much_to_classify(database: Database, most: int) -> bool:
    """Tell whether more than so many events wait for an item, too many to classify beside something else.

    Raises
    ------
    NotAllowed
        Whoever acts may not decide about the register.
    """
    with database.begin() as connection:
        require_everywhere(connection, "registers.approve")
        with as_owner(connection):
            return is_much_unclassified(connection, most)


def classify(database: Database, *, timezone: ZoneInfo) -> EventsClassified:
    """Classify the events that have no item of the register; those that have one keep it.

    Parameters
    ----------
    database : Database
        Where they are.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened.

    Raises
    ------
    NotAllowed
        Whoever acts may not decide about the register.
    """
    with database.begin() as connection:
        require_everywhere(connection, "registers.approve")
        with as_owner(connection):
            return EventsClassified(classify_events(connection, timezone.key), count_unclassified(connection))
