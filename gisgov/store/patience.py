"""How long a database is waited for: one that stands still takes questions and answers none."""

from __future__ import annotations

import time
from typing import Any, Final, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.abc import PQGen

_Answer = TypeVar("_Answer")

_ANSWER_S: Final = 5.0
"""How long a connection may take to tell that it lives."""

_INTERVAL_S: Final = 0.1

_KEEP: Final[dict[str, Any]] = {
    "connect_timeout": round(_ANSWER_S),
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""What libpq is told, unless the URL says otherwise: a machine or a network that is gone is noticed."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is given up when nothing comes for a while of what is waited for.

    PostgreSQL ends a statement that takes too long (``statement_timeout``), but not while it stands still
    itself, and neither the network nor a socket on the same machine tells of that.

    Attributes
    ----------
    silence_s : float
        How long nothing may come; long answers may take as long as they keep coming.
    """

    silence_s = _ANSWER_S

    def wait(
        self, gen: PQGen[_Answer], interval: float = _INTERVAL_S, timeout: float | None = None
    ) -> _Answer:
        """Wait for something, as psycopg has it.

        Raises
        ------
        psycopg.OperationalError
            Nothing came. The connection is closed.
        """
        return super().wait(self._attended(gen), interval, timeout)

    def _attended(self, gen: PQGen[_Answer]) -> PQGen[_Answer]:
        heard = time.monotonic()
        try:
            wish = next(gen)
            while True:
                ready = yield wish
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > self.silence_s:
                    self.close()
                    raise psycopg.OperationalError(f"nothing came for {self.silence_s:g} s")
                wish = gen.send(ready)
        except StopIteration as end:
            answer: _Answer = end.value
            return answer
        finally:
            gen.close()


def keep_short(engine: sa.Engine, silence_s: float | None) -> None:
    """Let the connections of an engine be waited for no longer than makes sense.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        Nothing has connected by it yet.
    silence_s : float or None
        How long a statement may tell nothing; None is any time, though connecting has an end.
    """

    @sa.event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, _args: Any, given: dict[str, Any]) -> psycopg.Connection[Any]:
        kind = psycopg.Connection if silence_s is None else PatientConnection
        return kind.connect(**{**_KEEP, **given})

    if silence_s is None:
        return

    @sa.event.listens_for(engine, "checkout")  # after the pool has asked it whether it lives
    def _lend(connection: PatientConnection, _record: Any, _proxy: Any) -> None:
        connection.silence_s = silence_s

    @sa.event.listens_for(engine, "checkin")
    def _return(connection: PatientConnection | None, _record: Any) -> None:
        if connection is not None:
            connection.silence_s = _ANSWER_S
