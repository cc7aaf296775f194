"""The conversation of a batch: points are read and answered in turns, while answers are being sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Final, NamedTuple

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.batches.batch import Batch, Stop, problem_of
from api.batches.body import SILENCE_S, Body
from api.batches.outbox import Outbox
from api.batches.steps import next_step
from api.problems import Refusal

_SHORT_BYTES: Final = 1 << 20
"""An answer that is all there and no longer than this is sent with its length."""

_LINGER_S: Final = 10.0
"""How long the rest of a stopped batch is read and dropped: a connection that is closed while something still
comes in may lose what was sent last, which is why the batch stopped."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.batches")


class _Said(NamedTuple):
    """A piece of an answer; or why no more follows."""

    piece: bytes
    stop: Stop | None = None


async def answer(batch: Batch, receive: Receive, *, headers: Mapping[str, str], media_type: str) -> Response:
    """Answer a batch: as a whole where it is short and all there, otherwise as a stream.

    Parameters
    ----------
    batch : Batch
        The work.
    receive : Receive
        Gives the body.
    headers : mapping of str to str
        Of the answer.
    media_type : str
        Its format.

    Raises
    ------
    GisgovError, Refusal
        Why the batch stopped before anything of its answer was sent.
    ClientDisconnect
        The client went away.
    """
    body = Body(receive)
    said = _conversation(batch, body)
    first = b""
    try:
        async for piece, stop in said:
            if stop is not None:
                raise stop
            first += piece
            if first and not (body.is_whole and len(first) < _SHORT_BYTES):
                return BatchStream(batch, body, said, first, headers=headers, media_type=media_type)
    except BaseException:
        await body.close()
        raise
    await body.close()
    return Response(first, headers=dict(headers), media_type=media_type)


async def _conversation(batch: Batch, body: Body) -> AsyncIterator[_Said]:
    """Yield the pieces of an answer, each as soon as it can be given."""
    while True:
        try:
            chunk = await body.take()
        except Refusal as error:
            yield _Said(b"", error)
            return
        work = batch.finish() if chunk is None else batch.feed(chunk)
        is_last = False
        while not is_last:
            step = await next_step(work)
            is_last = step.is_last
            yield _Said(step.piece)
            if step.stop is not None:
                yield _Said(b"", step.stop)
                return
            body.check()
        if chunk is None:
            return


class BatchStream(Response):
    """Sends answers while points still come, and ends when whoever asked goes away."""

    def __init__(
        self,
        batch: Batch,
        body: Body,
        said: AsyncIterator[_Said],
        first: bytes,
        *,
        headers: Mapping[str, str],
        media_type: str,
    ) -> None:
        super().__init__(None, headers=dict(headers), media_type=media_type)
        del self.headers["Content-Length"]
        self._batch = batch
        self._body = body
        self._said = said
        self._first = first
        self._is_cut = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Handle the rest of the conversation, as ASGI has it."""
        with Outbox() as outbox:
            await outbox.put(self._first)
            tasks = asyncio.create_task(self._work(outbox)), asyncio.create_task(self._send(send, outbox))
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            finally:
                for task in tasks:
                    task.cancel()
                ended = await asyncio.gather(*tasks, return_exceptions=True)
                await self._body.close()
        self._tell(ended)

    def _tell(self, ended: Iterable[BaseException | None]) -> None:
        failed = [one for one in ended if isinstance(one, Exception)]
        if any(isinstance(one, ClientDisconnect | TimeoutError) for one in failed):
            _log.info("batch abandoned", points=self._batch.count)
        elif failed:
            raise failed[0]

    async def _work(self, outbox: Outbox) -> None:
        async for piece, stop in self._said:
            await outbox.put(piece)
            if stop is not None:
                self._is_cut = True
                await outbox.put(self._batch.stopped(stop))
                _log.warning("batch stopped", points=self._batch.count, reason=problem_of(stop)["detail"])
        outbox.close()
        if self._is_cut:
            await self._body.drop_rest(_LINGER_S)

    async def _send(self, send: Send, outbox: Outbox) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await self._sent(send, start)
        while (piece := await outbox.take()) is not None:
            await self._sent(send, {"type": "http.response.body", "body": piece, "more_body": True})
        if not self._is_cut:  # what is cut does not end as HTTP has it either: nobody takes it for whole
            await self._sent(send, {"type": "http.response.body", "body": b"", "more_body": False})

    async def _sent(self, send: Send, message: Message) -> None:
        """Send something, and wait as long as points still come, or a while, until it is taken."""
        sending = asyncio.ensure_future(send(message))
        try:
            while not (await asyncio.wait({sending}, timeout=SILENCE_S))[0]:
                if self._body.is_whole:
                    raise TimeoutError
        finally:
            sending.cancel()
        await sending
