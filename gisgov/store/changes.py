"""What changed of what is served, and in which order: for whoever keeps a copy of it.

The log is written by triggers (``alembic/versions/0013_changes.py``), never from here. It is kept for some
thousand versions; whoever is further behind reads everything again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import sqlalchemy as sa

from gisgov.store.tables import change, change_head

CHANNEL: Final = "gisgov_changes"
"""PostgreSQL tells here of every new version, as its transaction commits: ``LISTEN gisgov_changes``."""

Subject: TypeAlias = Literal["plan", "staff", "account", "block", "building", "event"]
"""What may change: layers and plans that were published, staff posts and phones, accounts with their roles
and keys, blocks, buildings with their ratings and areas, events with their areas."""

SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)


@dataclass(frozen=True, slots=True)
class Version:
    """A state of what is served.

    Attributes
    ----------
    epoch : str
        Of the database: versions of another epoch tell nothing.
    number : int
        Grows with every transaction that changed something.
    """

    epoch: str
    number: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a version.

    Attributes
    ----------
    version : Version
        The state that the changes lead to.
    rows : mapping of Subject to frozenset of int or None
        Per subject that changed the ids of its rows (plan, block, building, event) that are new, changed or
        gone; None: any may be.
    """

    version: Version
    rows: Mapping[Subject, frozenset[int] | None]


def current_version(connection: sa.Connection) -> Version:
    """Return the version that the transaction sees."""
    row = connection.execute(sa.select(change_head.c.epoch, change_head.c.version)).one()
    return Version(str(row.epoch), row.version)


def begin_epoch(connection: sa.Connection) -> None:
    """Let every copy be made anew: this is another database, and its versions were there before."""
    connection.execute(sa.update(change_head).values(epoch=sa.func.gen_random_uuid()))
    connection.execute(sa.select(sa.func.pg_notify(CHANNEL, sa.cast(change_head.c.version, sa.Text))))


def changes_since(connection: sa.Connection, seen: Version) -> Changes:
    """Return what changed since a version was seen.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service's own; REPEATABLE READ where what changed is read with it.
    seen : Version
        The version that the copy is of.

    Returns
    -------
    Changes
        All subjects with None where the log does not reach back to ``seen``, or is of another epoch.
    """
    now = current_version(connection)
    if now == seen:
        return Changes(now, {})
    oldest = connection.scalar(sa.select(sa.func.min(change.c.version)))
    if now.epoch != seen.epoch or now.number < seen.number or oldest is None or oldest > seen.number + 1:
        return Changes(now, dict.fromkeys(SUBJECTS))
    query = sa.select(change.c.subject, change.c.row_ids).where(
        change.c.version > seen.number, change.c.version <= now.number
    )
    rows: dict[Subject, frozenset[int] | None] = {}
    for subject, ids in connection.execute(query):
        known = rows.get(subject, frozenset())
        rows[subject] = None if ids is None or known is None else known | frozenset(ids)
    return Changes(now, rows)


def newest_of_subjects(connection: sa.Connection, seen: Version | None) -> tuple[Version, dict[Subject, int]]:
    """Return the version now, and of each subject the newest version that changed it.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service's own that reads as of one moment.
    seen : Version, optional
        Subjects that did not change since are left out; None asks for all that the log tells of.

    Returns
    -------
    tuple of Version and dict
        The version now for every subject where the log does not reach back to ``seen``, or is of another
        epoch.
    """
    now = current_version(connection)
    if now == seen:
        return now, {}
    newest = sa.func.max(change.c.version).label("version")
    query = sa.select(change.c.subject, newest).group_by(change.c.subject)
    if seen is not None:
        oldest = connection.scalar(sa.select(sa.func.min(change.c.version)))
        reaches = oldest is not None and oldest <= seen.number + 1
        if now.epoch != seen.epoch or now.number < seen.number or not reaches:
            return now, dict.fromkeys(SUBJECTS, now.number)
        query = query.where(change.c.version > seen.number)
    rows = connection.execute(query.where(change.c.version.is_not(None)))
    return now, {row.subject: row.version for row in rows}
