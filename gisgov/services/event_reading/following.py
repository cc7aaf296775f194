"""Events as they change: read once for all who follow them, and then who of them may see which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gisgov.services.event_reading.filters import EventFilter
from gisgov.services.loop import EventInfo, event_infos
from gisgov.store.changes import Version, current_version
from gisgov.store.database import Database
from gisgov.store.event_news import event_changes
from gisgov.store.event_reading import newest_events, seen_events
from gisgov.store.indexed_plans import begin_snapshot

MOST: Final = 10_000
"""Of more events than these at once each one is not told any more."""


@dataclass(frozen=True, slots=True)
class EventNews:
    """What changed since a version.

    Attributes
    ----------
    version : Version
        The state that the changes lead to.
    ids : tuple of int or None
        Events that are new, changed or gone, by their last change; None: too many to tell, or the log does
        not reach so far back.
    events : mapping of int to EventInfo
        As they stand at that version; those that are gone are missing.
    accounts : bool
        Whether accounts, roles or keys changed.
    """

    version: Version
    ids: tuple[int, ...] | None
    events: dict[int, EventInfo]
    accounts: bool


def version_now(database: Database) -> Version:
    """Return the version that the database has now."""
    with database.begin() as connection:
        return current_version(connection)


def read_news(database: Database, seen: Version) -> EventNews:
    """Read what changed of events since a version, as of one moment.

    Parameters
    ----------
    database : Database
        The service's own: all events are read; see `events_seen`.
    seen : Version
        What is known already.
    """
    with database.begin() as connection:
        begin_snapshot(connection)
        changes = event_changes(connection, seen)
        ids = changes.ids if changes.ids is None or len(changes.ids) <= MOST else None
        events = event_infos(connection, ids) if ids else ()
    return EventNews(changes.version, ids, {one.id: one for one in events}, changes.accounts)


@dataclass(frozen=True, slots=True)
class SeenEvents:
    """What of some news whoever acts may see.

    Attributes
    ----------
    ids : frozenset of int
        The events that they may see as they were read.
    moved_on : frozenset of int
        Those that they may see now, after a step that came since. What was read may be none of their
        business; the next news have it as they may see it.
    """

    ids: frozenset[int]
    moved_on: frozenset[int]


NOTHING_SEEN: Final = SeenEvents(frozenset(), frozenset())


def events_seen(database: Database, news: EventNews) -> SeenEvents:
    """Tell which events of some news whoever acts may see."""
    with database.begin() as connection:
        steps = seen_events(connection, [*news.events])
    ids = frozenset(one for one, step in steps.items() if news.events[one].step_number == step)
    return SeenEvents(ids, frozenset(steps) - ids)


def events_known(database: Database, asked: EventFilter) -> tuple[int, ...]:
    """Return the newest of the events that a filter asks for: a list that is followed begins so."""
    with database.begin() as connection:
        keys = newest_events(connection, asked.wanted(), after=None, limit=MOST)
    return tuple(event_id for _, event_id in reversed(keys))
