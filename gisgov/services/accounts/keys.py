"""Keys that programs come with: ``ggk_<id>_<secret>``, known here by the hash of their secret."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from gisgov.errors import InputError, NotAllowed, NotFoundError, SignInRefused
from gisgov.governance.access import Actor, Extent, rights_table
from gisgov.services.access import require_everywhere
from gisgov.services.accounts.managing import MANAGE, found_account
from gisgov.services.accounts.records import KeyInfo, NewKey, key_info
from gisgov.services.accounts.sessions import hashed
from gisgov.store import credentials
from gisgov.store.acting import as_owner
from gisgov.store.credentials import StoredKey
from gisgov.store.database import Database

USUAL = timedelta(days=90)
LONGEST = timedelta(days=366)
GRACE = timedelta(days=1)
"""How long a key that was replaced goes on."""

_MARK = "ggk"
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_ID_LENGTH = 12
_LONGEST_TITLE = 200


def make_key(
    database: Database,
    account: str,
    *,
    scopes: Collection[str] | None = None,
    title: str = "",
    expires: datetime | None = None,
    longest: timedelta = LONGEST,
) -> NewKey:
    """Make a key of an account; its secret is told this once.

    Parameters
    ----------
    database : Database
        In the hands of whoever manages accounts.
    account : str
        Whose it is.
    scopes : collection of str, optional
        Rights that it is limited to; those of the account if not given.
    title : str
        What it is for.
    expires : datetime.datetime, optional
        When it ends; in 90 days if not given.
    longest : datetime.timedelta
        How long a key may last.

    Raises
    ------
    InputError
        It would last too long or be over already, or a scope is no right.
    NotFoundError
        There is no such account.
    NotAllowed
        It would have more rights than the key that asks for it.
    """
    asked = _within_own(database.actor, None if scopes is None else _checked_scopes(scopes))
    if len(title) > _LONGEST_TITLE:
        raise InputError(f"The title is longer than {_LONGEST_TITLE} characters.", field="title")
    now = datetime.now(UTC)
    ends = now + min(USUAL, longest) if expires is None else expires
    if not now < ends <= now + longest:
        raise InputError(f"A key lasts {longest.days} days at most, and ends in the future.", field="expires")
    with database.begin() as connection:
        require_everywhere(connection, MANAGE)
        with as_owner(connection):
            owner = found_account(connection, account)
            return _made(connection, owner.id, scopes=asked, title=title, expires=ends)


def list_keys(database: Database, account: str) -> tuple[KeyInfo, ...]:
    """Return the keys of an account that were not revoked, the newest first.

    Raises
    ------
    NotFoundError
        There is no such account.
    """
    with database.begin() as connection:
        require_everywhere(connection, MANAGE)
        with as_owner(connection):
            owner = found_account(connection, account)
            return tuple(key_info(one) for one in credentials.keys_of(connection, owner.id))


def rotate_key(
    database: Database, key_id: str, *, grace: timedelta = GRACE, longest: timedelta = LONGEST
) -> NewKey:
    """Make a key in the place of another, which goes on for a while: nothing stands still meanwhile.

    It is limited to the same rights and lasts as long as the other did.

    Raises
    ------
    NotFoundError
        There is no such key, or it was revoked.
    """
    with database.begin() as connection:
        require_everywhere(connection, MANAGE)
        with as_owner(connection):
            old = _found(connection, key_id)
            _within_own(database.actor, None if old.scopes is None else frozenset(old.scopes))
            owner = found_account(connection, old.account)
            lasts = min(old.expires_at - old.created_at, longest)
            credentials.end_key(connection, old.id, after=grace)
            ends = datetime.now(UTC) + lasts
            return _made(connection, owner.id, scopes=old.scopes, title=old.title, expires=ends)


def revoke_key(database: Database, key_id: str) -> None:
    """End a key at once.

    Raises
    ------
    NotFoundError
        There is no such key, or it was revoked already.
    """
    with database.begin() as connection:
        require_everywhere(connection, MANAGE)
        with as_owner(connection):
            credentials.revoke_key(connection, _found(connection, key_id).id)


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who comes with a key, and until when it is in force at the latest."""

    actor: Actor
    expires: datetime


def actor_of_key(database: Database, key: str) -> Actor:
    """Return who comes with a key; see `holder_of_key`."""
    return holder_of_key(database, key).actor


def holder_of_key(database: Database, key: str) -> KeyHolder:
    """Return who comes with a key.

    Parameters
    ----------
    database : Database
        The service's.
    key : str
        As shown.

    Raises
    ------
    SignInRefused
        It is no key, or not one that is in force; which of these, nobody is told.
    """
    mark, _, rest = key.partition("_")
    key_id, _, secret = rest.partition("_")
    refused = SignInRefused("The key is not right, or not in force any more.")
    if mark != _MARK or len(key_id) != _ID_LENGTH or not key.isascii() or "\0" in key:
        raise refused
    with database.begin() as connection:
        found = credentials.find_key_actor(connection, key_id)
        if found is None:
            raise refused
        if not hmac.compare_digest(found.secret_sha256, hashed(secret)):
            raise refused
        if found.is_due:
            credentials.note_use(connection, key_id)
    return KeyHolder(found.actor, found.expires_at)


def _made(
    connection: sa.Connection,
    account_id: int,
    *,
    scopes: Collection[str] | None,
    title: str,
    expires: datetime,
) -> NewKey:
    key_id = "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))
    secret = secrets.token_urlsafe(32)
    credentials.insert_key(
        connection,
        key_id,
        account_id,
        hashed(secret),
        scopes=None if scopes is None else sorted(scopes),
        title=title,
        expires_at=expires,
    )
    return NewKey(**asdict(key_info(_found(connection, key_id))), key=f"{_MARK}_{key_id}_{secret}")


def _found(connection: sa.Connection, key_id: str) -> StoredKey:
    found = credentials.find_key(connection, key_id)
    if found is None:
        raise NotFoundError(f"There is no key {key_id!r}.", field="key")
    return found


def _within_own(actor: Actor | None, scopes: frozenset[str] | None) -> frozenset[str] | None:
    """Return the rights of a key that somebody makes: with a key that is limited, none beyond its own."""
    own = None if actor is None else actor.scopes
    if own is None:
        return scopes
    if scopes is None or not scopes <= own:
        raise NotAllowed(
            "A key that is limited makes no key with more rights.", hint=f"It has {', '.join(sorted(own))}."
        )
    return scopes


def _checked_scopes(scopes: Collection[str]) -> frozenset[str]:
    rights = rights_table().rights
    known = [one.name for one in rights.values() if one.needs_role or one.extent is Extent.SELF]
    for scope in scopes:
        if scope not in known:
            raise InputError(
                f"{scope!r} is no right that a key can be limited to.",
                hint=f"Rights are {', '.join(known)}.",
                field="scopes",
            )
    if not scopes:
        raise InputError("A key without any right is of no use.", field="scopes")
    return frozenset(scopes)
