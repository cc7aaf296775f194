"""Whether the service can do its work."""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.errors import DatabaseUnavailable
from gisgov.store import migrating
from gisgov.store.database import Database


@dataclass(frozen=True, slots=True)
class Readiness:
    """The database answers and has the tables of this version."""

    tables: str


def check_ready(database: Database) -> Readiness:
    """Ask the database whether it can be worked with.

    Parameters
    ----------
    database : Database
        The database asked.

    Raises
    ------
    DatabaseUnavailable
        It cannot be reached, lacks PostGIS, or its tables are of another version.
    """
    database.check()
    with database.own.begin() as connection:
        stored = migrating.stored_version(connection)
    newest = migrating.newest()
    if stored != newest:
        raise DatabaseUnavailable(
            f"The tables of the database have version {stored}, this gisgov needs {newest}.",
            hint="Run `gisgov db migrate`.",
        )
    return Readiness(newest)
