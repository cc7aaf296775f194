"""How a job goes on, as server-sent events: one each time that something changes, until it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final

from starlette.concurrency import run_in_threadpool

from api.context import Context
from api.job_infos import info_of
from gisgov.errors import GisgovError, NotFoundError, UnavailableError
from gisgov.services.jobs import find_job

MEDIA_TYPE: Final = "text/event-stream"

_EVERY_S: Final = 0.4
_HEARTBEAT_S: Final = 15.0
_RETRY_MS: Final = 3000


class Seats:
    """How many may watch at a time: each holds a connection of the service open.

    Parameters
    ----------
    most : int
        So many.
    what : str
        What they watch.
    instead : str
        What whoever finds no seat may do.
    """

    def __init__(self, most: int, what: str, instead: str) -> None:
        self._most = most
        self._what = what
        self._instead = instead
        self.taken = 0

    @contextmanager
    def taken_by_one(self) -> Iterator[None]:
        """Hold a seat as long as the block lasts."""
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    def refuse_when_full(self) -> None:
        """Refuse one more where all seats are taken.

        Raises
        ------
        UnavailableError
            They are.
        """
        if self.taken >= self._most:
            raise UnavailableError(
                f"{self.taken} {self._what} streams are open, which is as many as may be.",
                hint=f"{self._instead} from time to time, or try again in a while.",
            )


SEATS: Final = Seats(64, "progress", "Look at the job itself")


async def progress_events(context: Context, job_id: str, *, seats: Seats = SEATS) -> AsyncIterator[bytes]:
    """Yield the job as an event, whenever it stands otherwise than before, until it has ended.

    Between them come comments, so that nobody on the way takes the connection for dead. A database that is
    away for a while is waited for; a job that is removed, or lost to whoever watches, ends the stream.
    """
    with seats.taken_by_one():
        yield f"retry: {_RETRY_MS}\n\n".encode()
        clock = asyncio.get_running_loop().time
        last, told = b"", clock()
        while True:
            try:
                job = await run_in_threadpool(find_job, context.database, job_id)
            except NotFoundError:
                return
            except GisgovError:
                job = None
            if job is not None:
                info = await run_in_threadpool(info_of, job, context.jobs)
                event = b"event: job\ndata: " + info.model_dump_json().encode() + b"\n\n"
                if event != last:
                    yield event
                    last, told = event, clock()
                if job.state.has_ended:
                    return
            if clock() - told > _HEARTBEAT_S:
                yield b": still here\n\n"
                told = clock()
            await asyncio.sleep(_EVERY_S)
