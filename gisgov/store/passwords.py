"""Hashes of passwords, and what locks a name out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from gisgov.store.tables import account, account_password, sign_in_failure

EVERYBODY = "*"
"""Stands for all addresses together."""
_FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredPassword:
    """The password of an account that may sign in; ``is_one_time`` if it must be changed first."""

    account_id: int
    hash: str
    is_one_time: bool


def find_password(connection: sa.Connection, name: str) -> StoredPassword | None:
    """Return the password of an account that is not disabled; None too where a one-time password is over."""
    row = connection.execute(
        sa.select(account.c.id, account_password.c.hash, account_password.c.expires_at.is_not(None))
        .join_from(account, account_password)
        .where(
            account.c.name == name,
            account.c.disabled_at.is_(None),
            func.coalesce(account_password.c.expires_at > func.now(), True),
        )
    ).first()
    return None if row is None else StoredPassword(*row)


def put_password(
    connection: sa.Connection, account_id: int, hashed: str, *, lasts: timedelta | None = None
) -> None:
    """Give an account a password; ``lasts`` makes it a one-time password that ends by itself."""
    values = {
        "hash": hashed,
        "changed_at": func.now(),
        "expires_at": None if lasts is None else func.now() + lasts,
    }
    put = insert(account_password).values(account_id=account_id, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["account_id"], set_=values))


def renew_hash(connection: sa.Connection, account_id: int, old: str, new: str) -> None:
    """Store the same password under another hash, unless it was changed meanwhile."""
    connection.execute(
        sa.update(account_password)
        .where(account_password.c.account_id == account_id, account_password.c.hash == old)
        .values(hash=new)
    )


def lock_left_s(connection: sa.Connection, name: str, client: str) -> float:
    """Return for how many seconds a name is locked for a client, or `EVERYBODY`; 0 if it is not."""
    left = func.extract("epoch", sign_in_failure.c.locked_until - func.now())
    found = connection.scalar(sa.select(left).where(*_subject(name, client)))
    return max(0.0, float(found or 0))


def count_failure(connection: sa.Connection, name: str, client: str) -> int:
    """Count an attempt as failed, and return how many failed in a row; it waits for those before it."""
    connection.execute(
        sa.delete(sign_in_failure).where(sign_in_failure.c.failed_at < func.now() - _FORGOTTEN)
    )
    put = insert(sign_in_failure).values(name_sha256=_hashed(name), client=client, failures=1)
    counted = put.on_conflict_do_update(
        index_elements=["name_sha256", "client"],
        set_={"failures": sign_in_failure.c.failures + 1, "failed_at": func.now()},
    )
    return int(connection.execute(counted.returning(sign_in_failure.c.failures)).scalar_one())


def lock_name(connection: sa.Connection, name: str, client: str, *, until: datetime) -> None:
    """Lock a name for a client, or for `EVERYBODY`."""
    connection.execute(sa.update(sign_in_failure).where(*_subject(name, client)).values(locked_until=until))


def forgive(connection: sa.Connection, name: str, client: str | None = None) -> None:
    """Forget the failures of a name: of a client and those counted for all, or without one of everybody."""
    forgotten = sa.delete(sign_in_failure).where(sign_in_failure.c.name_sha256 == _hashed(name))
    if client is not None:
        forgotten = forgotten.where(sign_in_failure.c.client.in_([client, EVERYBODY]))
    connection.execute(forgotten)


def _subject(name: str, client: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return sign_in_failure.c.name_sha256 == _hashed(name), sign_in_failure.c.client == client


def _hashed(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
