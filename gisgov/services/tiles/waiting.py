"""Work that several requests wait for: done once, and ended when nobody waits for it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from gisgov.errors import Cancelled, DatabaseUnavailable
from gisgov.store.database import Database
from gisgov.store.tile_reading import Reading

Result = TypeVar("Result")


@dataclass(slots=True)
class Patience:
    """How long a request waits.

    Attributes
    ----------
    limit_s : float
        How long at most for one piece of work.
    gone : callable
        Returns what is done as soon as whoever asked is gone.
    """

    limit_s: float
    gone: Callable[[], Coroutine[Any, Any, None]]

    async def until(self, work: asyncio.Task[Any]) -> None:
        """Wait for work.

        Raises
        ------
        Cancelled
            Whoever asked is gone.
        DatabaseUnavailable
            It takes longer than the request may wait.
        """
        if work.done():
            return
        gone = asyncio.ensure_future(self.gone())
        try:
            await asyncio.wait({work, gone}, timeout=self.limit_s, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return
            if gone.done():
                raise Cancelled("Whoever asked is gone.")
            raise DatabaseUnavailable(
                "The tiles of this layer are being made.", hint="Ask again in some seconds."
            )
        finally:
            gone.cancel()


@dataclass(slots=True, eq=False)
class _Entry:
    work: asyncio.Task[Any]
    reading: Reading
    waiting: int = 0
    is_kept: bool = False


class SharedWork:
    """Pieces of work by their keys, each done once for all who wait for it.

    Parameters
    ----------
    database : Database
        Where it reads.
    limit_s : float
        How long one statement may take.
    """

    def __init__(self, database: Database, limit_s: float) -> None:
        self._database = database
        self._limit_s = limit_s
        self._entries: dict[Hashable, _Entry] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def join(
        self, key: Hashable, start: Callable[[Reading], Awaitable[Result]], patience: Patience
    ) -> Result:
        """Wait for a piece of work, and begin it if nobody has.

        Parameters
        ----------
        key : hashable
            Which work it is.
        start : callable
            Begins it, with a reading of its own.
        patience : Patience
            How long to wait. When all who waited are gone, what is read in the database is ended; work that
            took too long for somebody goes on, so that it is done when they ask again.
        """
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = self._begun(key, start)
        entry.waiting += 1
        try:
            await patience.until(entry.work)
        except DatabaseUnavailable:
            entry.is_kept = True
            raise
        finally:
            entry.waiting -= 1
            if not entry.waiting and not entry.is_kept and not entry.work.done():
                self._end(key, entry)
        result: Result = entry.work.result()
        return result

    async def close(self) -> None:
        """End all that is under way."""
        for key, entry in [*self._entries.items()]:
            self._end(key, entry)
        if self._ending:
            await asyncio.wait(self._ending)

    def _begun(self, key: Hashable, start: Callable[[Reading], Awaitable[Result]]) -> _Entry:
        reading = Reading(self._database, self._limit_s)

        async def work() -> Result:
            try:
                return await start(reading)
            finally:
                if self._entries.get(key) is entry:
                    del self._entries[key]

        entry = _Entry(asyncio.ensure_future(work()), reading)
        entry.work.add_done_callback(_retrieve)
        return entry

    def _end(self, key: Hashable, entry: _Entry) -> None:
        """Let it be begun anew by whoever comes next, and end what it does in the database."""
        del self._entries[key]

        async def end() -> None:
            await asyncio.to_thread(entry.reading.give_up)
            await asyncio.wait({entry.work})

        ending = asyncio.ensure_future(end())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


def _retrieve(work: asyncio.Task[Any]) -> None:
    """Look at how work ended, so that nobody is told of an error that nobody waited for."""
    if not work.cancelled():
        work.exception()
