"""The audit: read by period and account, in the words that were hashed, and verified; notes of one's own.

What changes in tables is written by triggers (``alembic/versions/0007_audit.py``), never from here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.statements import statement
from gisgov.store.tables import audit_entry, audit_link
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry in its place: ``content`` is what was hashed with it."""

    position: int
    committed_at: datetime
    sha256: str
    content: Json


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the chain without gaps: its first and last position, and the hash of the last."""

    first: int
    last: int
    sha256: str


def note(
    connection: sa.Connection,
    verb: str,
    subject: str,
    details: Json | None = None,
    *,
    seldom: timedelta | None = None,
) -> None:
    """Write an entry of something that changes no row, such as a sign-in.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction: the entry is kept if that is.
    verb : str
        What happened.
    subject : str
        The account, key or file that it happened to. Never a text that somebody typed.
    details : dict, optional
        More of it, without personal data.
    seldom : datetime.timedelta, optional
        Write nothing where the same happened to the same subject within this time.
    """
    connection.execute(
        sa.text("SELECT audit_note(:verb, :subject, CAST(:details AS JSONB), :seldom)").bindparams(
            sa.bindparam("seldom", type_=sa.Interval)
        ),
        {"verb": verb, "subject": subject, "details": json.dumps(details or {}), "seldom": seldom},
    )


def entries(
    connection: sa.Connection,
    *,
    since: datetime | None,
    until: datetime | None,
    account: str | None,
    before: int | None,
    limit: int,
) -> list[StoredEntry]:
    """Return entries that were committed in a period (the end excluded), the newest first.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    since, until : datetime.datetime or None
        The period; None leaves it open.
    account : str or None
        Only what this one did.
    before : int or None
        Only positions below this one.
    limit : int
        Most entries.
    """
    link, entry = audit_link.c, audit_entry.c
    query = sa.select(link.position, link.committed_at, link.sha256, entry.content).join_from(
        audit_link, audit_entry, entry.id == link.entry_id
    )
    query = query.where(*_within(since, until))
    if account is not None:
        query = query.where(entry.account == account)
    if before is not None:
        query = query.where(link.position < before)
    query = query.order_by(link.position.desc()).limit(limit)
    return [StoredEntry(*row) for row in connection.execute(query)]


def stretch(connection: sa.Connection, since: datetime | None, until: datetime | None) -> Stretch | None:
    """Return the part of the chain that was committed in a period (its end excluded), if there is one."""
    link = audit_link.c
    bounds = sa.select(func.min(link.position), func.max(link.position)).where(*_within(since, until))
    first, last = connection.execute(bounds).one()
    if first is None:
        return None
    digest = connection.scalar(sa.select(link.sha256).where(link.position == last))
    return Stretch(first, last, str(digest))


def lines(connection: sa.Connection, first: int, last: int) -> Iterator[str]:
    """Yield the lines from one position to another, exactly as they were hashed, without line ends."""
    link, entry = audit_link.c, audit_entry.c
    line = func.audit_line(link.position, link.committed_at, link.previous_sha256, entry.content)
    query = (
        sa.select(line)
        .join_from(audit_link, audit_entry, entry.id == link.entry_id)
        .where(link.position.between(first, last))
        .order_by(link.position)
    )
    yield from connection.scalars(query)


def examine(connection: sa.Connection, expected: int | None) -> sa.Row[Any]:
    """Return what ``sql/verify_audit.sql`` finds, with the hash of a position that is expected."""
    return connection.execute(statement("verify_audit"), {"expected": expected}).one()


def place_of(connection: sa.Connection, found: sa.Row[Any]) -> int | None:
    """Return the position that the first wrong entry or link belongs to; None if it belongs nowhere."""
    given = {name: getattr(found, name) for name in ("entry_id", "position", "fault", "sha256_before")}
    place: int | None = connection.scalar(statement("misplaced_audit"), given)
    return place


def _within(since: datetime | None, until: datetime | None) -> Iterator[sa.ColumnElement[bool]]:
    if since is not None:
        yield audit_link.c.committed_at >= since
    if until is not None:
        yield audit_link.c.committed_at < until
