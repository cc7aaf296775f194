"""What commands stand on: the settings, and the database they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gisgov.cli.progress import notice
from gisgov.config import Settings, load_settings
from gisgov.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from gisgov.store.database import Database

__all__ = ["load_settings", "open_database"]


def open_database(settings: Settings | None = None) -> Database:
    """Open the database, with its tables at the version that this gisgov works with.

    Parameters
    ----------
    settings : Settings, optional
        ``database_url`` names a real server, whose tables are left as they are. Without it the checkout's
        private database is used: made, started and migrated if need be. Read from the environment when not
        given.

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
    """
    from gisgov.embedded import url
    from gisgov.store.database import Database
    from gisgov.store.migrating import migrate, newest, stored_version

    settings = load_settings() if settings is None else settings
    database = Database(url(settings, notice))
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(database.dispose)
    with database.begin() as connection:
        stored = stored_version(connection)
    if stored != newest():
        if settings.database_url:
            raise DatabaseUnavailable(_other_version(stored), hint="Run `gisgov db migrate`.")
        notice("making the tables" if stored is None else "bringing the tables to this version")
        migrate(database)
    return database


def _other_version(stored: str | None) -> str:
    if stored is None:
        return "The database has no tables of gisgov."
    return f"The tables of the database are of version {stored}, which is not the one this gisgov works with."
