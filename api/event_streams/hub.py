"""What reads changes of events for all who follow them in this process."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool

from api.event_streams.follower import Batch, Follower
from api.event_streams.messages import event_message
from gisgov.errors import GisgovError
from gisgov.services.event_reading import (
    NOTHING_SEEN,
    EventNews,
    SeenEvents,
    events_seen,
    read_news,
    version_now,
)
from gisgov.store.changes import Version
from gisgov.store.database import Database

_BEAT_S: Final = 1.0
"""How long nothing may be heard of the database before it is asked."""

_LOOK_S: Final = 0.25
"""How often is looked whether the service ends."""

_GAP_S: Final = 0.02
"""How long after a reading the next one begins at the earliest: changes of that time are read together."""

_AGAIN_S: Final = 0.3

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.events")


class EventHub:
    """Reads what changed of events, once for all, and lets it wait for each who follows.

    It reads only while somebody follows. A database that is away is waited for: what changed meanwhile is in
    its log.

    Parameters
    ----------
    database : Database
        The service's own.
    """

    def __init__(self, database: Database) -> None:
        self._database = database.own
        self._followers: set[Follower] = set()
        self._joining = asyncio.Lock()
        self._seen: Version | None = None
        self._heard: Version | None = None
        self._wake = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._is_ending = ending_of_server()

    def hear(self, version: Version) -> None:
        """Take notice that the database has a version; from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._hear, version)

    async def join(self, follower: Follower) -> Version:
        """Begin to tell a client of all changes after the version that is returned.

        Raises
        ------
        DatabaseUnavailable
            The database does not answer.
        """
        async with self._joining:
            if self._reading is None or self._reading.done():
                self._seen = await run_in_threadpool(version_now, self._database)
                self._followers.add(follower)
                self._reading = asyncio.create_task(self._read())
            self._followers.add(follower)
            assert self._seen is not None  # noqa: S101 - set as reading began
            follower.position = self._seen
            return self._seen

    def leave(self, follower: Follower) -> None:
        """Tell a client nothing more."""
        self._followers.discard(follower)
        self._wake.set()

    async def close(self) -> None:
        """End all streams."""
        for one in self._followers:
            one.end()
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading

    def _hear(self, version: Version) -> None:
        self._heard = version
        self._wake.set()

    async def _read(self) -> None:
        while self._followers:
            if await self._ends_before_news():
                for one in self._followers:
                    one.end()
                return
            if not self._followers or self._seen is None:
                return
            try:
                news, written = await run_in_threadpool(read_and_write, self._database, self._seen)
            except GisgovError as error:
                await self._wait_for_database(error)
                continue
            except Exception:  # whatever it is: those who follow wait meanwhile
                _log.exception("changes of events could not be read")
                await asyncio.sleep(_BEAT_S)
                continue
            if news.version != self._seen:
                followers = tuple(self._followers)
                self._seen = news.version  # whoever joins from here on is told of what comes after
                await self._tell(news, written, followers)
            await asyncio.sleep(_GAP_S)

    async def _ends_before_news(self) -> bool:
        """Wait until there may be news; tell whether the service ends before."""
        until = self._loop.time() + _BEAT_S
        while self._followers and self._loop.time() < until:
            if self._is_ending():
                return True
            if self._heard is not None and self._heard != self._seen:
                self._heard = None  # heard again, if it is not what is read now
                return False
            if self._heard is not None:  # nothing new, and the database is there
                self._heard, until = None, self._loop.time() + _BEAT_S
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _LOOK_S)
        return self._is_ending()

    async def _tell(
        self, news: EventNews, written: Mapping[int, bytes], followers: tuple[Follower, ...]
    ) -> None:
        viewers: dict[object, list[Follower]] = defaultdict(list)
        for one in followers:
            viewers[one.viewer].append(one)
        for group in viewers.values():
            seen = await self._seen_by(group[0], news)
            for one in group:
                one.put(Batch(news.version, one.messages_of(news, seen, written), news.accounts))
                await asyncio.sleep(0)  # of many changes to many clients others are answered between

    async def _seen_by(self, follower: Follower, news: EventNews) -> SeenEvents:
        while news.events and not self._is_ending():
            try:
                return await run_in_threadpool(events_seen, follower.database, news)
            except GisgovError as error:
                await self._wait_for_database(error)
        return NOTHING_SEEN

    async def _wait_for_database(self, error: GisgovError) -> None:
        _log.info("live events wait for the database", reason=error.message)
        await asyncio.sleep(_AGAIN_S)


def read_and_write(database: Database, seen: Version) -> tuple[EventNews, dict[int, bytes]]:
    """Read what changed since a version, and write the message of each event; not on the loop."""
    news = read_news(database, seen)
    return news, {key: event_message(event) for key, event in news.events.items()}


def ending_of_server() -> Callable[[], bool]:
    """Return what tells whether the server that runs this application was told to end.

    It ends only after the answers that are on their way, and a stream would be for ever. The server says
    nothing to the application before; but it is the one that signals of this process go to.
    """
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return lambda: bool(getattr(server, "should_exit", False))
