"""Which version is the current one? Asked many times a second, over one connection of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg
import sqlalchemy as sa

from gisgov.errors import DatabaseUnavailable, TookTooLong
from gisgov.store.changes import SUBJECTS, Subject, Version
from gisgov.store.failures import explained

_ASK: Final = """
SELECT
    change_head.epoch,
    change_head.version,
    CASE
        WHEN change_head.version = %(seen)s THEN '{}'
        ELSE ARRAY(
            SELECT DISTINCT change.subject
            FROM change
            WHERE change.version > %(seen)s AND change.version <= change_head.version
        )
    END,
    CASE WHEN change_head.version <> %(seen)s THEN (SELECT min(change.version) FROM change) END
FROM change_head
"""
# index: change_version_idx

_CONNECT_S: Final = 5
_KEEP: Final[dict[str, Any]] = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


@dataclass(frozen=True, slots=True)
class Head:
    """The current version, and which subjects changed since the one that was seen before."""

    version: Version
    changed: frozenset[Subject]


class HeadAsker:
    """Asks the database for its version; the answer is never older than the question.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        Of the service: whose database, as whom.
    limit_s : float
        How long an answer may take.
    """

    def __init__(self, engine: sa.Engine, limit_s: float) -> None:
        _, given = engine.dialect.create_connect_args(engine.url)
        self._given = {"connect_timeout": _CONNECT_S, **_KEEP, **given}
        self._limit_ms = round(limit_s * 1000)
        self._connection: psycopg.AsyncConnection | None = None
        self._cursor: psycopg.AsyncCursor[Any] | None = None

    async def ask(self, seen: Version | None) -> Head:
        """Return the current version and what changed since one that was seen before.

        Raises
        ------
        DatabaseUnavailable
            The database does not answer; the next question connects anew.
        """
        number = -1 if seen is None else seen.number
        try:
            row = await self._row(number)
        except TookTooLong:
            raise
        except DatabaseUnavailable:
            row = await self._row(number)  # the connection may have been broken for long
        epoch, current, changed, oldest = row
        version = Version(str(epoch), current)
        if version == seen:
            return Head(version, frozenset())
        behind = seen is None or seen.epoch != version.epoch or current < number
        if behind or oldest is None or oldest > number + 1:
            return Head(version, frozenset(SUBJECTS))
        return Head(version, frozenset(changed))

    async def _row(self, seen: int) -> Any:
        try:
            with explained():
                cursor = self._cursor or await self._connected()
                await cursor.execute(_ASK, {"seen": seen}, prepare=True)
                (row,) = await cursor.fetchall()
        except BaseException:
            await self.close()
            raise
        return row

    async def close(self) -> None:
        """Close the connection; the next question opens another."""
        connection, self._connection, self._cursor = self._connection, None, None
        if connection is not None:
            await connection.close()

    async def _connected(self) -> psycopg.AsyncCursor[Any]:
        self._connection = await psycopg.AsyncConnection.connect(autocommit=True, **self._given)
        self._cursor = self._connection.cursor()
        await self._cursor.execute(f"SET statement_timeout = {self._limit_ms}")
        return self._cursor
