"""Sessions: who has signed in, by a random token that the browser keeps and the database knows hashed."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from gisgov.errors import SignInRefused
from gisgov.governance.access import Actor, ActorKind
from gisgov.store import audit, credentials
from gisgov.store.accounts import find_account
from gisgov.store.acting import as_owner
from gisgov.store.database import Database

SESSION_LASTS = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun.

    Attributes
    ----------
    token : str
        What the browser shows from now on; it is stored nowhere.
    csrf_token : str
        What its pages say with every change.
    expires : datetime.datetime
        When it ends at the latest.
    """

    token: str
    csrf_token: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is in force."""

    actor: Actor
    csrf_token: str
    expires: datetime


def open_session(
    database: Database, account_name: str, *, client: str, lasts: timedelta = SESSION_LASTS
) -> NewSession:
    """Begin a session of a person who has proven who they are.

    Parameters
    ----------
    database : Database
        The service's, or in anybody's hands.
    account_name : str
        Name of the account.
    client : str
        Address that asks.
    lasts : datetime.timedelta
        How long it lasts at most.

    Raises
    ------
    SignInRefused
        No person has an account of this name, or it is disabled.
    """
    token = secrets.token_urlsafe(32)
    with database.begin() as connection, as_owner(connection):
        found = find_account(connection, account_name)
        if found is None or found.disabled_at is not None or found.kind is not ActorKind.PERSON:
            raise SignInRefused("There is no account here that this sign-on may use.")
        expires = credentials.insert_session(connection, hashed(token), found.id, client=client, lasts=lasts)
        audit.note(connection, "sign-in", f"account {account_name}")
    return NewSession(token, csrf_token_of(token), expires)


def find_session(
    database: Database, token: str, *, idle: timedelta = SESSION_IDLE, notes: bool = True
) -> Session | None:
    """Return the session of a token; None where it is over, or never was.

    Parameters
    ----------
    database : Database
        The service's.
    token : str
        What the browser showed.
    idle : datetime.timedelta
        A session that was not used for so long is over.
    notes : bool
        Whether this counts as using it.
    """
    with database.begin() as connection, as_owner(connection):
        found = credentials.find_session(connection, hashed(token), idle=idle, notes=notes)
    return None if found is None else Session(found.actor, csrf_token_of(token), found.expires_at)


def end_session(database: Database, token: str) -> None:
    """End the session of a token, if there is one."""
    with database.begin() as connection, as_owner(connection):
        credentials.delete_session(connection, hashed(token))


def csrf_token_of(token: str) -> str:
    """Return what pages of a session say with every change; the session's token does not follow from it."""
    return base64.urlsafe_b64encode(hashed(f"csrf {token}")).decode().rstrip("=")


def hashed(secret: str) -> bytes:
    """Return the hash of a random secret as it is stored."""
    return hashlib.sha256(secret.encode()).digest()
