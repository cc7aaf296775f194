"""Clients that never finish the head of a request, or make it very long, and hold a connection each."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from gisgov.cli.at_once import AnsweringAtOnce

HEAD_S = 20.0
"""How long the head of a request may take, from its first octet, or from the opening of the connection."""

MOST_HEAD_BYTES = 32_768


class BoundedHeads(AnsweringAtOnce):
    """The protocol of uvicorn, which closes connections on which the head of a request does not come in time.

    A head of more than `MOST_HEAD_BYTES` is answered by 400. Bodies have limits of their own, in
    `api.uploads`; connections that are idle after an answer one of uvicorn's.
    """

    head_s = HEAD_S
    _timer: asyncio.TimerHandle | None = None
    _is_in_head = False
    _fed = 0  # octets since the last message began, at least

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came; it may begin a head, or end it."""
        if self.answer_at_sight(data):
            if self._timer is not None:
                self._stop()
            return
        self._fed += len(data)
        super().data_received(data)
        if self._is_in_head and self._fed > MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")
        elif self._is_in_head or self._awaits_head():
            self._watch()
        elif self._timer is not None:
            self._stop()

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End a head; an error here is answered by 400."""
        if self._fed > MOST_HEAD_BYTES:  # of several messages perhaps
            length = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            if length > MOST_HEAD_BYTES:
                raise ValueError("The head of the request is too long.")
        self._is_in_head, self._fed = False, 0
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop()
        super().connection_lost(exc)

    def _awaits_head(self) -> bool:
        """Tell whether nothing is answered and no timer of uvicorn runs either, as after empty lines."""
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's own word for it lacks the None
        return self.timeout_keep_alive_task is None and (cycle is None or cycle.response_complete)

    def _watch(self) -> None:
        if self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(self.head_s, self.transport.close)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
