"""The one transaction of a job that has an effect: committed with the end of the job, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import sqlalchemy as sa

from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.failures import explained


class FinalDatabase(Database):
    """A database whose transactions are all parts of one, which `committed` ends.

    Whatever a service begins and ends on it is a part of that transaction: seen by later parts, and by
    nobody else before the job is done. A part that fails is taken back; the parts before it stay.
    """

    _connection: sa.Connection | None = None

    @classmethod
    def of(cls, database: Database) -> Self:
        """Return such a database in the same hands, with connections of the same pool."""
        final = cls.__new__(cls)
        final.engine, final.actor, final.errand = database.engine, database.actor, database.errand
        return final

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a part of the transaction; see `gisgov.store.database.Database.begin`."""
        with explained():
            connection = self._opened()
            with connection.begin_nested():
                yield connection

    @contextmanager
    def committed(self) -> Iterator[sa.Connection]:
        """Commit the whole transaction after the block, which runs in it as the service itself."""
        try:
            with explained():
                connection = self._opened()
                with as_owner(connection):
                    yield connection
                connection.commit()
        finally:
            self.close()

    def close(self) -> None:
        """Take back what was not committed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _opened(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self.engine.connect()
            self._connection.begin()
            self.hand_over(self._connection)
        return self._connection
