"""A connection on which PostgreSQL tells of changes."""

from __future__ import annotations

import selectors
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from gisgov.store.changes import CHANNEL, Version, current_version
from gisgov.store.database import Database
from gisgov.store.failures import explained

_PATIENCE_S = 5
"""After this long without a word from the machine of the database the connection is given up."""

_PATIENT = {
    "connect_timeout": _PATIENCE_S,
    "keepalives_idle": _PATIENCE_S,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": _PATIENCE_S * 1000,
    "application_name": "gisgov listening",
}


class Listener:
    """A connection of its own that listens on the channel of changes; made by `listening`."""

    def __init__(self, connection: sa.Connection, driver: psycopg.Connection) -> None:
        self._connection = connection
        self._driver = driver

    def version(self) -> Version:
        """Ask the database which version it has now.

        Raises
        ------
        DatabaseUnavailable
            It does not answer.
        """
        with explained():
            return current_version(self._connection)

    def wait(self, seconds: float, also: int) -> None:
        """Wait until the database tells something, a file descriptor can be read, or the time is over.

        Parameters
        ----------
        seconds : float
            How long at most.
        also : int
            The file descriptor.

        Raises
        ------
        DatabaseUnavailable
            The connection is lost.
        """
        with explained():
            if self._was_told():  # while something else was asked
                return
            with selectors.DefaultSelector() as selector:
                selector.register(self._driver.fileno(), selectors.EVENT_READ)
                selector.register(also, selectors.EVENT_READ)
                selector.select(seconds)
            self._was_told()

    def _was_told(self) -> bool:
        """Take in all that was told so far; what it was is asked for, all at once."""
        return len(list(self._driver.notifies(timeout=0))) > 0


@contextmanager
def listening(database: Database) -> Iterator[Listener]:
    """Listen for changes until the block ends.

    Parameters
    ----------
    database : Database
        Whose changes; the connection is none of its pool.

    Yields
    ------
    Listener
        It hears of every change that is committed from now on.

    Raises
    ------
    DatabaseUnavailable
        The database cannot be reached.
    """
    engine = sa.create_engine(
        database.engine.url,
        poolclass=sa.NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args=_PATIENT,
    )
    with explained(), engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the one driver there is
        connection.execute(sa.text(f"LISTEN {CHANNEL}"))
        yield Listener(connection, driver)
