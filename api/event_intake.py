"""Reports that arrive at one moment, taken in together: who comes while others are taken in goes next."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Coroutine, Hashable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from gisgov.errors import UnavailableError
from gisgov.services.indexes import LiveIndexes
from gisgov.services.ingesting import Ingested, Sending, ingest_events, ingest_together, shared

FEW: Final = 100
"""Whoever sends more at once has a transaction of their own: others would wait for it."""

_SHARE: Final = 0.25
_LONGEST_S: Final = 0.01
"""How long is waited after a transaction for others to come: a share of what it took, and no longer."""

_PATIENCE_S: Final = 1.0
_MOST_SLOW: Final = 4
"""After how long others go beside a transaction that takes long, a lock perhaps; and how many do."""

_FIRST: Final = asyncio.FIRST_COMPLETED


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What one request reports, and where it is answered."""

    sending: Sending
    answer: asyncio.Future[Ingested]


class EventIntake:
    """Takes in reports of requests, those of one actor that wait at one moment by one transaction.

    The first is taken in at once and alone. Who comes while others are taken in, or right after them, waits
    for company: a part of the time that the others took. Nobody waits for a transaction that takes long. Who
    is gone before it was their turn is left out.

    Parameters
    ----------
    indexes : LiveIndexes
        The areas in force.
    timezone : zoneinfo.ZoneInfo
        Where the day begins at midnight.
    """

    def __init__(self, indexes: LiveIndexes, timezone: ZoneInfo) -> None:
        self._indexes = indexes
        self._timezone = timezone
        self._waiting: dict[Hashable, deque[_Waiting]] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def take_in(self, sending: Sending) -> Ingested:
        """Take in what a request reports; see `gisgov.services.ingesting.ingest_events`."""
        if len(sending.reports) > FEW:
            return await run_in_threadpool(
                ingest_events, sending.database, self._indexes.on, sending.reports, timezone=self._timezone
            )
        one = _Waiting(sending, asyncio.get_running_loop().create_future())
        whose = sending.whose
        if whose in self._waiting:
            self._waiting[whose].append(one)
        else:
            self._waiting[whose] = deque([one])
            self._begin(self._work(whose))
        return await one.answer

    async def close(self) -> None:
        """Take in what waits still."""
        while self._working:
            await asyncio.gather(*self._working, return_exceptions=True)

    async def _work(self, whose: Hashable) -> None:
        """Take in what one actor reports until nothing waits any more."""
        queue = self._waiting[whose]
        slow: set[asyncio.Task[None]] = set()
        try:
            while together := _next(queue):
                began = time.perf_counter()
                taking = self._begin(self._take(together))
                done, slow = await asyncio.wait({*slow, taking}, timeout=_PATIENCE_S, return_when=_FIRST)
                if len(slow) >= _MOST_SLOW:
                    done, slow = await asyncio.wait(slow, return_when=_FIRST)
                # who was answered may have more to report
                if taking in done and (queue or len(together) > 1):
                    await asyncio.sleep(min(_LONGEST_S, _SHARE * (time.perf_counter() - began)))
        finally:
            del self._waiting[whose]
            for one in queue:
                _answer(one, _ending())

    async def _take(self, together: Sequence[_Waiting]) -> None:
        """Take in what goes together, and answer it."""
        try:
            sendings = [one.sending for one in together]
            told = await run_in_threadpool(
                ingest_together, self._indexes.on, sendings, timezone=self._timezone
            )
            for one, outcome in zip(together, told, strict=True):
                _answer(one, outcome)
        finally:
            for one in together:
                _answer(one, _ending())

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        # what it logs is of no request alone
        task = asyncio.create_task(work, context=Context())
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task


def _ending() -> UnavailableError:
    """Return the error for what the service does not come to any more."""
    return UnavailableError("The service ends.", hint="Send it again in some seconds.")


def _next(queue: deque[_Waiting]) -> list[_Waiting]:
    """Take those out of a queue that are taken in next; none where nobody waits."""
    present = [one for one in queue if not one.answer.done()]
    together = present[: shared([one.sending for one in present])]
    queue.clear()
    queue.extend(present[len(together) :])
    return together


def _answer(one: _Waiting, outcome: Ingested | Exception) -> None:
    if one.answer.done():  # answered, or gone
        return
    if isinstance(outcome, Exception):
        one.answer.set_exception(outcome)
    else:
        one.answer.set_result(outcome)


async def _intake(request: Request) -> EventIntake:
    intake = request.app.state.intake
    assert isinstance(intake, EventIntake)  # noqa: S101 - set by the lifespan
    return intake


InIntake = Annotated[EventIntake, Depends(_intake)]
"""What takes in the reports of requests."""
