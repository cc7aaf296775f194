"""One client of the live stream: what it follows, what waits for it, and how far it was told."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from api.event_streams.messages import left_message, reset_message
from gisgov.governance.access import Actor
from gisgov.services.event_reading import EventFilter, EventNews, SeenEvents
from gisgov.store.changes import Version
from gisgov.store.database import Database

MOST_WAITING: Final = 12_000
"""How many messages wait for a client at most: more than one change can tell of. They are shared by all
clients, so that one that does not read costs little."""

MOST_KNOWN: Final = 10_000
"""How many events that a client knows of are remembered, the latest."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a client is told of one reading of changes."""

    version: Version
    messages: tuple[bytes, ...]
    accounts: bool

    @property
    def weight(self) -> int:
        """As how many messages it counts: one of none has a place too."""
        return max(1, len(self.messages))


class Follower:
    """A client that follows events.

    Parameters
    ----------
    database : Database
        In the hands of whoever follows.
    actor : Actor
        Who that is.
    asked : EventFilter
        What is followed.
    still_admitted : callable
        Asks whether whoever follows still may, with the rights they had; it may wait for the database.
    most_waiting : int
        How many messages wait at most.
    """

    def __init__(
        self,
        database: Database,
        actor: Actor,
        asked: EventFilter,
        still_admitted: Callable[[], bool],
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self.database = database
        self.asked = asked
        self.still_admitted = still_admitted
        self.viewer = (actor.account_id, actor.name, actor.scopes)
        self.position: Version | None = None
        self.is_over = False
        self.is_behind = False
        self._most = most_waiting
        self._waiting: deque[Batch] = deque()
        self._count = 0
        self._known: OrderedDict[int, None] = OrderedDict()
        self._news = asyncio.Event()

    def know(self, ids: Iterable[int]) -> None:
        """Remember events that the client knows of already."""
        for one in ids:
            self._known[one] = None
            self._known.move_to_end(one)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def messages_of(
        self, news: EventNews, seen: SeenEvents, written: Mapping[int, bytes]
    ) -> tuple[bytes, ...]:
        """Return what a client is told of changes.

        Parameters
        ----------
        news : EventNews
            The changes.
        seen : SeenEvents
            What of them whoever follows may see.
        written : mapping of int to bytes
            The message of each event.
        """
        if news.ids is None:
            return (reset_message("changes", None),)
        told = []
        for one in news.ids:
            if one in seen.moved_on:
                continue
            event = news.events.get(one) if one in seen.ids else None
            if event is not None and self.asked.fits(event):
                self.know([one])
                told.append(written[one])
            elif one in self._known or (event is not None and self.asked.fits_but_for_state(event)):
                self._known.pop(one, None)
                told.append(left_message(one))
        return tuple(told)

    def put(self, batch: Batch) -> None:
        """Let something wait for the client; one for which too much waits is told no more."""
        if self.is_behind or self.is_over:
            return
        if self._count + batch.weight > self._most:
            self.is_behind = True
            self._waiting.clear()
        else:
            self._waiting.append(batch)
            self._count += batch.weight
        self._news.set()

    def end(self) -> None:
        """Tell the client nothing more: the service ends."""
        self.is_over = True
        self._news.set()

    async def take(self, seconds: float) -> Batch | None:
        """Return what waits, the oldest first; None where nothing came in time, or it is over or behind."""
        if not self._waiting and not self.is_behind and not self.is_over:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), seconds)
            except TimeoutError:
                return None
        if self.is_behind or self.is_over or not self._waiting:
            return None
        batch = self._waiting.popleft()
        self._count -= batch.weight
        return batch
