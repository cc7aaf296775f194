"""Signing in with a password, and changing it."""

from __future__ import annotations

from datetime import timedelta

from gisgov.errors import InputError, PasswordExpired
from gisgov.governance.access.passwords import weakness
from gisgov.services.accounts.attempts import checked_password, typed_name
from gisgov.services.accounts.hashing import hash_password
from gisgov.services.accounts.sessions import SESSION_LASTS, NewSession, open_session
from gisgov.store import credentials, passwords
from gisgov.store.acting import as_owner
from gisgov.store.database import Database


def sign_in(
    database: Database,
    name: str,
    password: str,
    *,
    client: str,
    new_password: str | None = None,
    lasts: timedelta = SESSION_LASTS,
) -> NewSession:
    """Begin a session of whoever knows the password of an account.

    Parameters
    ----------
    database : Database
        The service's, or in anybody's hands.
    name, password : str
        As typed.
    client : str
        Address that asks.
    new_password : str, optional
        What the password becomes; a one-time password must be changed so.
    lasts : datetime.timedelta
        How long the session lasts at most.

    Raises
    ------
    SignInRefused
        The name or the password is not right.
    PasswordExpired
        It is right, and must be changed.
    InputError
        The new password cannot be taken.
    AccountLocked
        Too many attempts failed.
    """
    stored = checked_password(database, name, password, client=client)
    if new_password is not None:
        _replace(database, stored.account_id, typed_name(name), password, new_password)
    elif stored.is_one_time:
        raise PasswordExpired(
            "The password was made for one use.", hint="Sign in with it and a new password of your own."
        )
    return open_session(database, typed_name(name), client=client, lasts=lasts)


def change_password(database: Database, name: str, password: str, new_password: str, *, client: str) -> None:
    """Give an account another password; all its sessions end.

    Raises
    ------
    SignInRefused, AccountLocked
        The old password is not right.
    InputError
        The new password cannot be taken.
    """
    stored = checked_password(database, name, password, client=client)
    _replace(database, stored.account_id, name, password, new_password)


def _replace(database: Database, account_id: int, name: str, old: str, new: str) -> None:
    reason = "is the old one" if new == old else weakness(new, name=name)
    if reason is not None:
        raise InputError(f"The new password {reason}.", field="new_password")
    hashed = hash_password(new)
    with database.begin() as connection, as_owner(connection):
        passwords.put_password(connection, account_id, hashed)
        credentials.delete_sessions(connection, account_id)
