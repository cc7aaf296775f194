"""What commands stand on: the settings, and the database they name."""

from __future__ import annotations

import getpass
import os
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
        In the hands of the operator, or of the account whose key is in the settings. Closed by itself when
        the command that runs ends.

    Raises
    ------
    ProgramMissing
        PostgreSQL or PostGIS is not installed.
    DatabaseUnavailable
        It does not answer or could not be started, or its tables are of another version.
    ConflictError
        A newer gisgov made the private database.
    SignInRefused, NotAllowed
        The key in the settings is not right, or not for this command.
    """
    from gisgov.embedded import url

    settings = load_settings() if settings is None else settings
    database = connect(url(settings, notice))
    try:
        if not as_it_is:
            _bring_to_version(database, private=settings.database_url is None)
        return _in_hands(database, settings)
    except BaseException:
        database.dispose()
        raise


def connect(url: str) -> Database:
    """Return the database of a URL, closed by itself when the command that runs ends."""
    from gisgov.store.database import Database

    database = Database(url)
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(database.dispose)
    return database


def _in_hands(database: Database, settings: Settings) -> Database:
    """Return a database in the hands of whoever runs the command: of a key's account, or of the operator."""
    from gisgov.governance.access import Errand, operator
    from gisgov.services.access import admit
    from gisgov.services.accounts import actor_of_key

    context = click.get_current_context(silent=True)
    command = "gisgov" if context is None else context.command_path
    errand = Errand(command, "cli")
    if settings.key is None:
        return database.acting(operator(_user()), errand)
    actor = actor_of_key(database, settings.key.get_secret_value())
    admit(actor, command)
    return database.acting(actor, errand)


def _user() -> str:
    """Return who runs the command, by the name of the machine's user; in a container it may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _bring_to_version(database: Database, *, private: bool) -> None:
    from gisgov.store.migrating import is_current, migrate, stored_version

    with database.begin() as connection:
        stored = stored_version(connection)
        if is_current(connection):
            return
    if private:
        notice("making the tables" if stored is None else "bringing the tables to this version")
        migrate(database)
    elif stored is None:
        raise DatabaseUnavailable("The database has no tables of gisgov.", hint="Run `gisgov db migrate`.")
    else:
        raise DatabaseUnavailable(
            f"The tables of the database (version {stored}), or its copy of the rights, are not of this one.",
            hint="Run `gisgov db migrate`.",
        )
