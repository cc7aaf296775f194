"""Sessions and keys: whose they are, by the hash of what was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func

from gisgov.governance.access import Actor, ActorKind
from gisgov.store.accounts import GRANTS, grants_of
from gisgov.store.directly import rows_of
from gisgov.store.tables import account, account_session, api_key

_SEEN_EVERY = timedelta(minutes=1)
"""When something was last used is written at most this often: reads stay reads."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session that is in force: whose, and until when at the latest."""

    actor: Actor
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key as it is stored."""

    id: str
    account: str
    scopes: tuple[str, ...] | None
    title: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyActor:
    """Who comes with a key that is in force, until when, and whether its use is to be noted anew."""

    secret_sha256: bytes
    actor: Actor
    expires_at: datetime
    is_due: bool


_WHO = (account.c.id, account.c.name, account.c.kind, GRANTS)


def _actor(row: Any, scopes: Sequence[str] | None = None) -> Actor:
    limited = None if scopes is None else frozenset(scopes)
    return Actor(row.name, ActorKind(row.kind), row.id, grants_of(row.grants), limited)


def insert_session(
    connection: sa.Connection, token_sha256: bytes, account_id: int, *, client: str, lasts: timedelta
) -> datetime:
    """Begin a session, forget those that are over, and return when it ends at the latest."""
    connection.execute(sa.delete(account_session).where(account_session.c.expires_at < func.now()))
    made = sa.insert(account_session).values(
        token_sha256=token_sha256, account_id=account_id, client=client, expires_at=func.now() + lasts
    )
    ends: datetime = connection.execute(made.returning(account_session.c.expires_at)).scalar_one()
    return ends


def find_session(
    connection: sa.Connection, token_sha256: bytes, *, idle: timedelta, notes: bool = True
) -> StoredSession | None:
    """Return the session of a token, of an account that is not disabled, and note that it was seen."""
    row = connection.execute(
        sa.select(*_WHO, account_session.c.expires_at, _is_due(account_session.c.seen_at))
        .join_from(account_session, account)
        .where(
            account_session.c.token_sha256 == token_sha256,
            account_session.c.expires_at > func.now(),
            account_session.c.seen_at > func.now() - idle,
            account.c.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    if row.is_due and notes:
        seen = sa.update(account_session).where(account_session.c.token_sha256 == token_sha256)
        connection.execute(seen.values(seen_at=func.now()))
    return StoredSession(_actor(row), row.expires_at)


def delete_session(connection: sa.Connection, token_sha256: bytes) -> None:
    """End one session."""
    connection.execute(sa.delete(account_session).where(account_session.c.token_sha256 == token_sha256))


def delete_sessions(connection: sa.Connection, account_id: int) -> None:
    """End all sessions of an account."""
    connection.execute(sa.delete(account_session).where(account_session.c.account_id == account_id))


def insert_key(
    connection: sa.Connection,
    key_id: str,
    account_id: int,
    secret_sha256: bytes,
    *,
    scopes: Sequence[str] | None,
    title: str,
    expires_at: datetime,
) -> None:
    """Give an account a key."""
    connection.execute(
        sa.insert(api_key).values(
            id=key_id,
            account_id=account_id,
            secret_sha256=secret_sha256,
            scopes=None if scopes is None else list(scopes),
            title=title,
            expires_at=expires_at,
        )
    )


def find_key_actor(connection: sa.Connection, key_id: str) -> KeyActor | None:
    """Return who comes with a key; None where it is over or revoked, or its account disabled."""
    rows = rows_of(connection, _KEY_ACTOR, {"key_id": key_id})
    if not rows:
        return None
    (row,) = rows
    return KeyActor(bytes(row.secret_sha256), _actor(row, row.scopes), row.expires_at, row.is_due)


def note_use(connection: sa.Connection, key_id: str) -> None:
    """Note that a key was used just now, unless another request did so meanwhile."""
    connection.execute(
        sa.update(api_key)
        .where(api_key.c.id == key_id, _is_due(api_key.c.last_used_at))
        .values(last_used_at=func.now())
    )


def keys_of(connection: sa.Connection, account_id: int) -> tuple[StoredKey, ...]:
    """Return the keys of an account that were not revoked, the newest first."""
    query = _KEYS.where(api_key.c.account_id == account_id).order_by(
        api_key.c.created_at.desc(), api_key.c.id
    )
    return tuple(_key(row) for row in connection.execute(query))


def find_key(connection: sa.Connection, key_id: str) -> StoredKey | None:
    """Return one key that was not revoked."""
    row = connection.execute(_KEYS.where(api_key.c.id == key_id)).first()
    return None if row is None else _key(row)


def end_key(connection: sa.Connection, key_id: str, *, after: timedelta) -> None:
    """Let a key end after a while, unless it ends before."""
    ends = func.least(api_key.c.expires_at, func.now() + after)
    connection.execute(sa.update(api_key).where(api_key.c.id == key_id).values(expires_at=ends))


def revoke_key(connection: sa.Connection, key_id: str) -> None:
    """End a key at once."""
    connection.execute(sa.update(api_key).where(api_key.c.id == key_id).values(revoked_at=func.now()))


_KEYS = (
    sa.select(
        api_key.c.id,
        account.c.name.label("account"),
        api_key.c.scopes,
        api_key.c.title,
        api_key.c.created_at,
        api_key.c.expires_at,
        api_key.c.last_used_at,
    )
    .join_from(api_key, account)
    .where(api_key.c.revoked_at.is_(None))
)


def _key(row: Any) -> StoredKey:
    values = dict(row._mapping)
    scopes = values.pop("scopes")
    return StoredKey(scopes=None if scopes is None else tuple(scopes), **values)


def _is_due(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    due = sa.or_(column.is_(None), column < func.now() - _SEEN_EVERY)
    return due.label("is_due")


# asked with every request of a program
_KEY_ACTOR = (
    sa.select(
        *_WHO,
        api_key.c.secret_sha256,
        api_key.c.scopes,
        api_key.c.expires_at,
        _is_due(api_key.c.last_used_at),
    )
    .join_from(api_key, account)
    .where(
        api_key.c.id == sa.bindparam("key_id"),
        api_key.c.revoked_at.is_(None),
        api_key.c.expires_at > func.now(),
        account.c.disabled_at.is_(None),
    )
)
