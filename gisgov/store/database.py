"""The connection to PostgreSQL: one transaction at a time, and errors in gisgov's own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from gisgov.errors import InputError
from gisgov.governance.access import Actor, Errand
from gisgov.store.acting import ACTING, SET, settings_of
from gisgov.store.directly import rows_of
from gisgov.store.failures import explained
from gisgov.store.patience import keep_short

_DRIVER = "postgresql+psycopg"
_FREE_S = 10.0
"""How long a transaction waits for a connection while all are in use."""


class Database:
    """A PostGIS database of gisgov.

    Parameters
    ----------
    url : str
        URL of the database as libpq knows it (``postgresql://user@host/name``); nothing is connected
        before the first `begin`.
    silence_s : float, optional
        How long a statement may tell nothing before its connection is given up; any time if not given.

    Raises
    ------
    InputError
        The URL cannot be read or is not one of PostgreSQL.
    """

    def __init__(self, url: str, *, silence_s: float | None = None) -> None:
        self.engine = sa.create_engine(
            _with_driver(url), pool_pre_ping=True, pool_timeout=_FREE_S, hide_parameters=True
        )
        keep_short(self.engine, silence_s)
        self.actor: Actor | None = None
        self.errand = Errand()

    def acting(self, actor: Actor, errand: Errand) -> Database:
        """Return this database in the hands of an actor.

        Its transactions run with the actor's own rights, which row-level security holds them to, and the
        audit tells of the actor. Without one a transaction is the service's own. Connections are shared.

        Parameters
        ----------
        actor : Actor
            Who acts.
        errand : Errand
            What they are about.
        """
        acting = copy(self)
        acting.actor, acting.errand = actor, errand
        return acting

    @property
    def own(self) -> Database:
        """The same database in the hands of the service itself, for what is nobody's business."""
        own = copy(self)
        own.actor, own.errand = None, Errand()
        return own

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a transaction: committed at the end of the block, rolled back when an error leaves it.

        Yields
        ------
        sqlalchemy.Connection
            Inside the transaction.

        Raises
        ------
        DatabaseUnavailable
            The server cannot be reached, went away, stands still, or has no tables of gisgov; or all
            connections are in use for long.
        NameTaken, ValidityOverlap, PlanPublished, ConflictError
            A constraint or trigger of the database refused the change.
        NotAllowed
            Row-level security refused it: the actor's rights do not reach it.
        InputError
            The database refused a value.
        """
        with explained(), self.engine.begin() as connection:
            self.hand_over(connection)
            yield connection

    def hand_over(self, connection: sa.Connection) -> None:
        """Put a transaction that has just begun in the hands of whoever acts."""
        connection.info[ACTING] = self.actor
        if self.actor is not None:
            rows_of(connection, SET, settings_of(self.actor, self.errand))

    def check(self) -> None:
        """Ask the server something, as a probe of health does.

        Raises
        ------
        DatabaseUnavailable
            It does not answer, lacks PostGIS, or has no tables of gisgov.
        """
        with self.begin() as connection:
            connection.execute(sa.text("SELECT PostGIS_Lib_Version() FROM plan LIMIT 0"))

    def dispose(self) -> None:
        """Close all connections; the next `begin` opens new ones."""
        self.engine.dispose()


def _with_driver(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
        backend = parsed.drivername.partition("+")[0]
    except (ArgumentError, SQLAlchemyError, ValueError):
        backend = ""
    if backend not in ("postgresql", "postgres"):
        # the URL itself may hold a password and is not shown
        raise InputError(
            "The URL of the database is not one of PostgreSQL.",
            hint="Write it as postgresql://user:password@host:port/name.",
            field="database_url",
        )
    return parsed.set(drivername=_DRIVER)
