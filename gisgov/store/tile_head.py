"""Which version is the current one? Asked many times a second, over one connection of its own.

What a driver does around such a question takes longer than its answer, so libpq is asked itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg import pq
from psycopg.conninfo import make_conninfo
from psycopg.errors import error_from_result

from gisgov.errors import DatabaseUnavailable, TookTooLong
from gisgov.store.changes import SUBJECTS, Subject, Version
from gisgov.store.failures import explained

_ASK: Final = b"""
SELECT
    change_head.epoch,
    change_head.version,
    CASE
        WHEN change_head.version <> CAST($1 AS BIGINT) THEN (
            SELECT string_agg(DISTINCT change.subject, ',')
            FROM change
            WHERE change.version > CAST($1 AS BIGINT) AND change.version <= change_head.version
        )
    END,
    CASE WHEN change_head.version <> CAST($1 AS BIGINT) THEN (SELECT min(change.version) FROM change) END
FROM change_head
"""
# index: change_version_idx

_NAME: Final = b"head"
_CONNECT_S: Final = 5
_ANSWER_S: Final = 5.0
"""How long an answer may take that takes a millisecond: a database that needs longer stands still."""

_BEYOND_S: Final = 5.0  # how long the end of a statement that took too long may take to be told
_KEEP: Final[dict[str, Any]] = {
    "connect_timeout": _CONNECT_S,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


@dataclass(frozen=True, slots=True)
class Head:
    """The current version, and which subjects changed since the one that was seen before."""

    version: Version
    changed: frozenset[Subject]


@dataclass(slots=True, eq=False)
class _Line:
    """A connection, and who waits for its answer.

    Its descriptor is kept as a number: a connection that was lost does not tell it any more, and the system
    gives it to the next that is opened.
    """

    connection: pq.abc.PGconn
    descriptor: int
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[list[bytes | None]] | None = None

    def unheard(self) -> None:
        """Listen to it no more."""
        self.loop.remove_reader(self.descriptor)

    def tell(self, said: list[bytes | None] | Exception) -> None:
        """Hand over what it said, if somebody still waits."""
        if self.answer is None or self.answer.done():
            return
        if isinstance(said, Exception):
            self.answer.set_exception(said)
        else:
            self.answer.set_result(said)


class HeadAsker:
    """Asks the database for its version; the answer is never older than the question. One at a time.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        Of the service: whose database, as whom.
    limit_s : float
        How long an answer may take.
    """

    def __init__(self, engine: sa.Engine, limit_s: float) -> None:
        _, given = engine.dialect.create_connect_args(engine.url)
        known = {name: value for name, value in given.items() if name != "context"}  # of the driver
        self._conninfo = make_conninfo(**{**_KEEP, **known}).encode()
        self._limit_s = limit_s
        self._line: _Line | None = None

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
        except DatabaseUnavailable as error:
            if isinstance(error.__cause__, TimeoutError):
                raise  # it stands still, for another question too
            row = await self._row(number)  # the connection may have been broken for long
        epoch, current, changed, oldest = (None if one is None else one.decode() for one in row)
        version = Version(str(epoch), int(current or 0))
        if version == seen:
            return Head(version, frozenset())
        behind = seen is None or seen.epoch != version.epoch or version.number < number
        if behind or oldest is None or int(oldest) > number + 1:
            return Head(version, frozenset(SUBJECTS))
        named = (changed or "").split(",")
        return Head(version, frozenset(one for one in SUBJECTS if one in named))

    async def close(self) -> None:
        """Close the connection; the next question opens another."""
        line, self._line = self._line, None
        if line is not None:
            line.unheard()
            await asyncio.to_thread(line.connection.finish)

    async def _row(self, seen: int) -> list[bytes | None]:
        try:
            with explained():
                async with asyncio.timeout(min(self._limit_s, _ANSWER_S) + _BEYOND_S):
                    return await self._asked(str(seen).encode())
        except TimeoutError as error:
            await self.close()
            raise DatabaseUnavailable("The database does not answer.", hint="Is it running?") from error
        except BaseException:
            await self.close()
            raise

    async def _asked(self, seen: bytes) -> list[bytes | None]:
        line = self._line
        if line is None:
            connection = await asyncio.to_thread(self._connected)
            line = self._line = _Line(connection, connection.socket, asyncio.get_running_loop())
            line.loop.add_reader(line.descriptor, self._read, line)
        answer = line.answer = line.loop.create_future()
        try:
            line.connection.send_query_prepared(_NAME, [seen])
            line.connection.flush()  # so short a message is sent whole
            found: list[bytes | None] = await answer
        finally:
            line.answer = None
        return found

    def _read(self, line: _Line) -> None:
        """Take what the database said: the answer, or that the connection is over."""
        if line is not self._line:
            return
        try:
            line.connection.consume_input()
            if line.connection.is_busy():
                return
            found: list[list[bytes | None]] = []
            while (result := line.connection.get_result()) is not None:
                found.append(_row_of(result))
        except psycopg.Error as error:
            self._line = None
            line.unheard()  # before its number can be another's
            line.connection.finish()
            line.tell(error)
            return
        if found:
            line.tell(found[0])

    def _connected(self) -> pq.abc.PGconn:
        connection = pq.PGconn.connect(self._conninfo)
        if connection.status != pq.ConnStatus.OK:
            said = connection.get_error_message()
            connection.finish()
            raise psycopg.OperationalError(said)
        limit = f"SET statement_timeout = {round(self._limit_s * 1000)}".encode()
        for result in (connection.exec_(limit), connection.prepare(_NAME, _ASK)):
            if result.status != pq.ExecStatus.COMMAND_OK:
                error = error_from_result(result)
                connection.finish()
                raise error
        connection.nonblocking = 1
        return connection


def _row_of(result: pq.abc.PGresult) -> list[bytes | None]:
    if result.status != pq.ExecStatus.TUPLES_OK:
        raise error_from_result(result)
    return [result.get_value(0, column) for column in range(result.nfields)]
