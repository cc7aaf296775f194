"""What the audit holds, and hands that tamper with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa

from gisgov.store.database import Database

TABLES = ("audit_entry", "audit_link", "audit_head")


def told(database: Database, since: int = 0) -> list[dict[str, Any]]:
    """Return the contents of the audit behind a position, in order."""
    query = (
        "SELECT entry.content FROM audit_link AS link JOIN audit_entry AS entry ON entry.id = link.entry_id "
        "WHERE link.position > :since ORDER BY link.position"
    )
    with database.begin() as connection:
        return [*connection.scalars(sa.text(query), {"since": since})]


def head(database: Database) -> int:
    """Return the last position."""
    with database.begin() as connection:
        return int(connection.scalar(sa.text("SELECT position FROM audit_head")) or 0)


def fill(database: Database, count: int) -> None:
    """Write entries in transactions of their own."""
    for number in range(count):
        with database.begin() as connection:
            connection.execute(sa.text("SELECT audit_note('test', :it, '{}')"), {"it": f"n{number}"})


@contextmanager
def unguarded(url: str) -> Iterator[psycopg.Connection]:
    """Open a session of an owner who has switched the guards of the audit off."""
    with psycopg.connect(url.replace("+psycopg", "")) as session:
        for table in TABLES:
            session.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield session
        for table in TABLES:
            session.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


EVENT = "INSERT INTO event (source, external_id, state, occurred_at, description, geom, crs) SELECT 's', "
EVENT += "'E' || i, 'reported', '2026-01-01T08:00+08', 'SECRET', "
EVENT += "ST_SetSRID(ST_MakePoint(114 + i * 0.0001, 22), 4326), 'EPSG:4326' "
EVENT += "FROM generate_series({first}, {last}) AS i"


def run(database: Database, *statements: str) -> list[dict[str, Any]]:
    """Run statements in one transaction, and return what the audit tells of it."""
    before = head(database)
    with database.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    return told(database, before)


def libpq(url: str) -> str:
    return url.replace("+psycopg", "")
