"""What happened to events since a version, in the order in which it was committed."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from gisgov.store.changes import Version, changes_since
from gisgov.store.statements import statement


@dataclass(frozen=True, slots=True)
class EventChanges:
    """What changed since a version.

    Attributes
    ----------
    version : Version
        The state that the changes lead to.
    ids : tuple of int or None
        Events that are new, changed or gone, each once, by its last change; None: any may be.
    accounts : bool
        Whether accounts, roles or keys changed.
    """

    version: Version
    ids: tuple[int, ...] | None
    accounts: bool


def event_changes(connection: sa.Connection, seen: Version) -> EventChanges:
    """Return what changed of events since a version was seen; see `gisgov.store.changes.changes_since`."""
    changes = changes_since(connection, seen)
    accounts = "account" in changes.rows
    ids = changes.rows.get("event", frozenset())
    if ids is None:
        return EventChanges(changes.version, None, accounts)
    if not ids:
        return EventChanges(changes.version, (), accounts)
    between = {"seen": seen.number, "now": changes.version.number}
    ordered = connection.scalars(statement("changed_events"), between)
    return EventChanges(changes.version, tuple(ordered), accounts)
