"""What commands stand on: the settings, and the database they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gisgov.cli.progress import notice
from gisgov.config import Settings, load_settings
from gisgov.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from gisgov.store.database import Database

__all__ = ["connect", "load_settings", "open_database"]


def open_database(settings: Settings | None = None, *, as_it_is: bool = False) -> Database:
    """Open the database, with its tables at the version that this gisgov works with.

    Parameters
    ----------
    settings : Settings, optional
        ``database_url`` names a real server, whose tables are left as they are. Without it the checkout's
        private database is used: made, started and migrated if need be. Read from the environment when not
        given.
    as_it_is : bool
        Neither look at the version of the tables nor change it.

    Returns
    -------
    gisgov.store.database.Database
        Closed by itself when the command that runs ends.

    Raises
    ------
    ProgramMissing
        PostgreSQL or PostGIS is not installed.
    DatabaseUnavailable
        It does not answer or could not be started, or its tables are of another version.
    ConflictError
        A newer gisgov made the private database.
    """
    from gisgov.embedded import url

    settings = load_settings() if settings is None else settings
    database = connect(url(settings, notice))
    if not as_it_is:
        try:
            _bring_to_version(database, private=settings.database_url is None)
        except BaseException:
            database.dispose()
            raise
    return database


def connect(url: str) -> Database:
    """Return the database of a URL, closed by itself when the command that runs ends."""
    from gisgov.store.database import Database

    database = Database(url)
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(database.dispose)
    return database


def _bring_to_version(database: Database, *, private: bool) -> None:
    from gisgov.store.migrating import migrate, newest, stored_version

    with database.begin() as connection:
        stored = stored_version(connection)
    if stored == newest():
        return
    if private:
        notice("making the tables" if stored is None else "bringing the tables to this version")
        migrate(database)
    elif stored is None:
        raise DatabaseUnavailable("The database has no tables of gisgov.", hint="Run `gisgov db migrate`.")
    else:
        raise DatabaseUnavailable(
            f"The tables of the database are of version {stored}, not of the one this gisgov works with.",
            hint="Run `gisgov db migrate`.",
        )
