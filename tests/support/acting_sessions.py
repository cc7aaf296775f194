"""Accounts and roles put in by SQL, and sessions that act for them, without any code of gisgov."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from gisgov.store.privileges import ACTOR

Rows = list[tuple[Any, ...]]


def put_account(session: psycopg.Connection, name: str, *roles: tuple[str, str | None, str | None]) -> int:
    """Make an account with roles ``(role, layer, code)``, and return its id."""
    query = "INSERT INTO account (name, kind) VALUES (%s, 'person') RETURNING id"
    (made,) = session.execute(query, (name,)).fetchall()
    for role, layer, code in roles:
        session.execute(
            "INSERT INTO account_role (account_id, role, layer_id, area_code) "
            "VALUES (%s, %s, (SELECT id FROM layer WHERE name = %s), %s)",
            (made[0], role, layer, code),
        )
    return int(made[0])


@contextmanager
def acting(
    session: psycopg.Connection, account: int | str, *, scopes: str = ""
) -> Iterator[psycopg.Connection]:
    """Let a session of the service act for an account, as `gisgov.store.acting` does; nothing is kept."""
    with session.transaction(force_rollback=True):
        for name, value in (("gisgov.account", str(account)), ("gisgov.scopes", scopes), ("role", ACTOR)):
            session.execute("SELECT set_config(%s, %s, true)", (name, value))
        yield session


def seen(session: psycopg.Connection, table: str, column: str, account: int | str, **given: str) -> list[Any]:
    """Return what an account sees of a column, sorted."""
    with acting(session, account, **given):
        return sorted(row[0] for row in session.execute(f"SELECT {column} FROM {table}").fetchall())
