"""Errors of PostgreSQL in gisgov's own words: one table from SQLSTATE and constraint to an error class."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from gisgov.errors import (
    ConflictError,
    DatabaseUnavailable,
    GisgovError,
    InputError,
    NameTaken,
    NotAllowed,
    PlanPublished,
    TookTooLong,
    ValidityOverlap,
)

PUBLISHED = "GG001"
"""SQLSTATE that the triggers of published plans raise; no class of PostgreSQL begins with GG."""

GIVEN_UP = "57014"
"""SQLSTATE of a statement that was ended, because of its time or because somebody wished so."""

_CONSTRAINTS: dict[str, tuple[type[GisgovError], str]] = {
    "plan_validity_excl": (ValidityOverlap, "Another plan of this layer and scope is in force in that time"),
    "plan_name_key": (NameTaken, "A plan of that name exists"),
    "account_name_key": (NameTaken, "An account of that name exists"),
    "layer_name_key": (NameTaken, "A layer of that name exists"),
    "area_plan_id_code_key": (ConflictError, "An area of that code is in the plan already"),
    "block_code_key": (ConflictError, "A block of that code exists"),
    "staff_post_holder_excl": (ConflictError, "That holder holds that post already in that time"),
}

_AWAY = {
    "57P01": "The database was shut down",
    "57P02": "The database crashed",
    "57P03": "The database is starting up or shutting down",
    "53100": "The disk of the database is full",
    "53200": "The database is out of memory",
    "53300": "The database has too many connections",
    "3D000": "The database does not exist",
    "28000": "The database does not let this user in",
    "28P01": "The database does not accept the password",
}

_AGAIN = {
    "40001": "Someone else changed the same rows at the same moment",
    "40P01": "Someone else changed the same rows at the same moment",
    "55P03": "Someone else is changing the same rows",
}


@contextmanager
def explained() -> Iterator[None]:
    """Let errors of the database leave the block in gisgov's own words, as far as it has some."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        known = explain(error)
        if known is None:
            raise
        raise known from error
    except NoneFree as error:
        raise DatabaseUnavailable(
            "All connections to the database are in use.", hint="Ask again in some seconds."
        ) from error


def may_pass(error: GisgovError) -> bool:
    """Whether the same may go well in a while, without anybody mending anything."""
    origin = error.__cause__
    if isinstance(origin, DBAPIError):
        origin = origin.orig if isinstance(origin.orig, BaseException) else None
    state = origin.sqlstate if isinstance(origin, psycopg.Error) else None
    return isinstance(error, DatabaseUnavailable) or state in _AGAIN


def explain(error: DBAPIError | psycopg.Error) -> GisgovError | None:
    """Say in one sentence what PostgreSQL refused.

    Parameters
    ----------
    error : sqlalchemy.exc.DBAPIError or psycopg.Error
        As raised by a statement, a commit or an attempt to connect.

    Returns
    -------
    GisgovError or None
        ``None`` for what only a mistake in gisgov's own SQL can cause: such an error is left as it is.
    """
    origin = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(origin, psycopg.Error):
        return None
    state = origin.sqlstate or ""
    said = _one_line(origin)
    if state in _AWAY or state.startswith(("08", "58")):
        return DatabaseUnavailable(_sentence(_AWAY.get(state, "The database does not answer"), said))
    if state == GIVEN_UP:
        return TookTooLong(
            "The database gave up a statement that took longer than it may.",
            hint="Ask for less at a time, or in a quieter hour; GISGOV_STATEMENT_SECONDS allows longer.",
        )
    if state == "42P01":
        return DatabaseUnavailable(
            _sentence("The database lacks a table of gisgov", said), hint="Run `gisgov db migrate`."
        )
    if state == "42501":
        return NotAllowed(
            "The database refused the change: it reaches beyond the rights of this account.",
            hint="Whoever manages accounts can see which roles it holds, and where.",
        )
    if state in _AGAIN:
        return ConflictError(_sentence(_AGAIN[state], said), hint="Try again.")
    if state == PUBLISHED:
        return PlanPublished(_sentence(said), hint=origin.diag.message_hint)
    if state.startswith("23"):
        kind, words = _CONSTRAINTS.get(origin.diag.constraint_name or "", (ConflictError, said))
        return kind(_sentence(words, origin.diag.message_detail or ""))
    return _of_the_driver(origin, state, said)


def _of_the_driver(origin: psycopg.Error, state: str, said: str) -> GisgovError | None:
    """Judge errors of psycopg itself, which have no SQLSTATE, and of refused values (class 22)."""
    if isinstance(origin, psycopg.DataError):
        return InputError(_sentence("The database refused a value", said))
    if not state and isinstance(origin, psycopg.OperationalError | psycopg.InterfaceError):
        return DatabaseUnavailable(
            _sentence("The database does not answer", said), hint="Is it running, and is the URL right?"
        )
    return None


def _one_line(origin: psycopg.Error) -> str:
    text = origin.diag.message_primary or str(origin)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # libpq says which address it tried on the first line and why it failed on the last
    return lines[0] if lines else type(origin).__name__


def _sentence(words: str, detail: str = "") -> str:
    whole = f"{words.rstrip('.')}: {detail}" if detail and detail != words else words
    return whole.rstrip(".") + "."
