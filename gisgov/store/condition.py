"""How a database is: what it runs on, how big it is, and which version of the tables it holds."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from gisgov.store.migrating import stored_version


@dataclass(frozen=True, slots=True)
class Condition:
    """What a database says of itself.

    Attributes
    ----------
    postgresql, postgis : str or None
        Versions; no PostGIS where its extension was not made.
    tables : str or None
        Version of gisgov's tables; None where there are none.
    size_bytes : int
        Of this database on the server's disk.
    """

    postgresql: str
    postgis: str | None
    tables: str | None
    size_bytes: int


def condition(connection: sa.Connection) -> Condition:
    """Ask a database how it is."""
    question = """
        SELECT current_setting('server_version') AS postgresql,
               (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS postgis,
               pg_database_size(current_database()) AS size_bytes
    """
    row = connection.execute(sa.text(question)).one()
    return Condition(row.postgresql, row.postgis, stored_version(connection), row.size_bytes)
