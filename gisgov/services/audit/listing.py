"""Use case: what was changed by whom, in a period, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gisgov.services.audit.period import Period
from gisgov.store import audit as store
from gisgov.store.database import Database
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry of the audit.

    Attributes
    ----------
    position : int
        Its place in the chain, from 1 on.
    committed_at : datetime
        When what it tells of took effect.
    at : str or None
        When it was done, within its transaction.
    account, kind : str or None
        Who did it: an account (``person``, ``client``), an operator of the machine (``operator``), nobody in
        particular (``anonymous``), the service itself (``service``) or a login of the database (``login``).
    login : str or None
        The login of the database that did it.
    operation, origin, request_id : str or None
        The route or command, where it came from, and the id of the request.
    verb : str or None
        ``insert``, ``update``, ``delete`` or ``truncate``; else what a note tells of.
    table, rows : str or int or None
        The table, and how many of its rows changed.
    changes : tuple of dict
        Of few rows each: its ``key``, ``before``, ``after``, and which columns changed ``also``.
    together : dict or None
        Of many rows: ``first`` and ``last`` key, ``sha256`` of all changes, and how many changed in each of
        the ``columns``.
    subject, details : str or dict or None
        Of a note: what it is about.
    sha256 : str
        Hash of this entry and, through it, of all before.
    """

    position: int
    committed_at: datetime
    at: str | None
    account: str | None
    kind: str | None
    login: str | None
    operation: str | None
    origin: str | None
    request_id: str | None
    verb: str | None
    table: str | None
    rows: int | None
    changes: tuple[Json, ...]
    together: Json | None
    subject: str | None
    details: Json | None
    sha256: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries of the audit.

    Attributes
    ----------
    entries : tuple of AuditEntry
        The newest first.
    after : int or None
        Position to go on after; None on the last page.
    """

    entries: tuple[AuditEntry, ...]
    after: int | None


def list_audit(
    database: Database,
    period: Period,
    *,
    account: str | None = None,
    after: int | None = None,
    limit: int = 100,
) -> AuditPage:
    """List what was changed in a period, the newest first.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks: without the right to the audit they see none of it.
    period : Period
        By the moment of taking effect.
    account : str, optional
        Only what this one did.
    after : int, optional
        Position that the page before ended with.
    limit : int
        Most entries on the page.
    """
    with database.begin() as connection:
        found = store.entries(
            connection,
            since=period.since,
            until=period.until,
            account=account,
            before=after,
            limit=limit + 1,
        )
    listed = tuple(_entry(one) for one in found[:limit])
    return AuditPage(listed, listed[-1].position if len(found) > limit else None)


def _entry(stored: store.StoredEntry) -> AuditEntry:
    told = stored.content
    together: Json = {name: told[name] for name in ("first", "last", "sha256", "columns") if name in told}
    return AuditEntry(
        position=stored.position,
        committed_at=stored.committed_at,
        at=told.get("at"),
        account=told.get("account"),
        kind=told.get("kind"),
        login=told.get("login"),
        operation=told.get("operation"),
        origin=told.get("origin"),
        request_id=told.get("request_id"),
        verb=told.get("verb"),
        table=told.get("table"),
        rows=told.get("rows"),
        changes=tuple(told.get("changes", ())),
        together=together or None,
        subject=told.get("subject"),
        details=told.get("details"),
        sha256=stored.sha256,
    )
