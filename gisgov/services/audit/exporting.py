"""Use case: a copy of the audit for others to check without gisgov."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from gisgov.services.audit.period import Period
from gisgov.store import audit as store
from gisgov.store.database import Database

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Export:
    """A part of the chain, as lines of JSON.

    Attributes
    ----------
    stretch : Stretch or None
        Its first and last position and the hash of the last; None where nothing happened in the period.
    lines : iterator of str
        Each entry exactly as it was hashed, and at the end one with the last position and its hash. Read
        from the database as they are taken, a part at a time: a slow reader holds no transaction open.
    """

    stretch: store.Stretch | None
    lines: Iterator[str]


def export_audit(database: Database, period: Period) -> Export:
    """Export what was committed in a period; that it was exported becomes an entry itself.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks: without the right to the audit they get none of it.
    period : Period
        By the moment of taking effect, so that no position between is left out.
    """
    with database.begin() as connection:
        found = store.stretch(connection, period.since, period.until)
        span = {} if found is None else {"first": found.first, "last": found.last}
        store.note(connection, "audit-export", "audit", span)
    return Export(found, _lines(database, found))


def _lines(database: Database, found: store.Stretch | None) -> Iterator[str]:
    if found is None:
        return
    for first in range(found.first, found.last + 1, _AT_ONCE):
        with database.begin() as connection:
            part = [*store.lines(connection, first, min(first + _AT_ONCE - 1, found.last))]
        yield from part
    yield json.dumps({"position": found.last, "sha256": found.sha256})
