"""Attempts at a password: each counts as failed until it proves right, and a name with too many is locked."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from gisgov.errors import AccountLocked, SignInRefused
from gisgov.governance.access.passwords import MOST
from gisgov.services.accounts.hashing import hash_password, is_outdated, is_right
from gisgov.store import audit, passwords
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.passwords import EVERYBODY, StoredPassword

FREE = 5
"""Attempts that one address has at a name before it waits."""
FREE_OF_ALL = 50
"""Attempts that all addresses together have: somebody elsewhere does not lock a person out so soon."""
_FIRST_S, _LONGEST_S = 60, 900
_NOTED_EVERY = timedelta(minutes=1)


def checked_password(database: Database, name: str, password: str, *, client: str) -> StoredPassword:
    """Return the password of an account if it is the one given.

    Whether there is such an account shows in nothing: neither in the answer, nor in the time it takes, nor in
    what locks.

    Parameters
    ----------
    database : Database
        The service's, or in anybody's hands.
    name : str
        As typed.
    password : str
        As typed.
    client : str
        Address that asks.

    Raises
    ------
    SignInRefused
        No account has this name and this password, or it may not sign in.
    AccountLocked
        Too many attempts failed; this one was not looked at.
    """
    name = typed_name(name)
    with database.begin() as connection, as_owner(connection):
        _refuse_locked(connection, name, client)
        stored = passwords.find_password(connection, name)
        for whose, free in ((client, FREE), (EVERYBODY, FREE_OF_ALL)):
            failures = passwords.count_failure(connection, name, whose)
            if failures >= free:
                until = datetime.now(UTC) + lock_time(failures - free)
                passwords.lock_name(connection, name, whose, until=until)
    if not is_right(None if stored is None else stored.hash, password[: MOST + 1]) or stored is None:
        # a name that nobody has may be a password in the wrong place; all the same it takes as long
        subject = "no account" if stored is None else f"account {name}"
        with database.begin() as connection, as_owner(connection):
            audit.note(connection, "sign-in-refused", subject, seldom=_NOTED_EVERY)
        raise SignInRefused("The name or the password is not right.")
    renewed = hash_password(password) if is_outdated(stored.hash) else None
    with database.begin() as connection, as_owner(connection):
        passwords.forgive(connection, name, client)
        if renewed is not None:
            passwords.renew_hash(connection, stored.account_id, stored.hash, renewed)
    return stored


def typed_name(name: str) -> str:
    """Return the name of an account as it was typed: names have small letters and no spaces around them."""
    return name.strip().lower()


def lock_time(times: int) -> timedelta:
    """Return how long a name is locked that was locked so many times before in a row.

    Examples
    --------
    >>> [lock_time(times).seconds for times in (0, 1, 2, 9)]
    [60, 120, 240, 900]
    """
    return timedelta(seconds=min(_FIRST_S * 2 ** min(times, 10), _LONGEST_S))


def _refuse_locked(connection: sa.Connection, name: str, client: str) -> None:
    left_s = max(passwords.lock_left_s(connection, name, whose) for whose in (client, EVERYBODY))
    if left_s > 0:
        raise AccountLocked(
            "Too many wrong passwords were given for this name.",
            retry_after_s=math.ceil(left_s),
            hint="Wait, or ask whoever manages accounts for a one-time password.",
        )
