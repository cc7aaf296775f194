"""Answers that are known as soon as the request is: sent without a task of their own."""

from __future__ import annotations

from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle


class AnsweringAtOnce(HttpToolsProtocol):
    """The protocol of uvicorn, which asks the application for a whole answer before it begins a task for it.

    An application may have four methods, of which the first two return all that is to be sent, or None:

    ``at_once(scope, headers)``
        asked with a request that was read, before a task is begun: of an answer that takes microseconds the
        task would be the larger part.
    ``at_sight(data, client, scheme, headers)``
        asked with what came on the wire, before it is read, where nothing is pending on the connection: of
        such an answer reading would be the larger part.
    ``soon(scope, headers, ready)``
        asked like ``at_once``, after it, for what takes a moment but no task: returns what has the methods
        ``whole()``, which returns all that is to be sent or None, and ``give_up()``, and calls ``ready`` with
        it when one of the two is to be called; or returns None, and calls nothing.
    ``learn(data, scope)``
        told how uvicorn's parser read a piece that was answered at once. An application that answers at sight
        only what was read before needs no parser of its own, and can be no other opinion than this one.
    """

    _is_between = True  # the parser waits for the first octet of a request
    _piece: bytes | None = None  # what it reads, when all of it came since it waited
    _answered = 0.0  # by the clock of the loop
    _unsent: bytes | None = None
    _at_sight: Any = None  # the application's, once it was asked for

    def answer_at_sight(self, data: bytes) -> bool:
        """Answer what came, if the application knows it; otherwise it has to be read."""
        self._piece = None
        if self._unsent is not None:
            self._send()
        if not self._is_between:
            return False
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's own word for it lacks the None
        is_free = (cycle is None or cycle.response_complete) and not self.flow.write_paused
        if not is_free or self.limit_concurrency is not None or self.transport.is_closing():
            return False
        if self._at_sight is None:
            self._at_sight = getattr(self.app, "at_sight", _nothing)
        state = self.server_state
        whole: bytes | None = self._at_sight(data, self.client, self.scheme, state.default_headers)
        if whole is None:
            self._piece = data
            return False
        # sent when all that came by now is answered: whoever waits for answers is woken once, not for each,
        # which would take a third of the time that all of this takes
        self._unsent = whole
        self.loop.call_soon(self._send)
        state.total_requests += 1
        # a timer for each answer would cost more than many an answer: the one there is looks at the clock
        self._answered = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._wait_for_more(self.timeout_keep_alive)
        return True

    def eof_received(self) -> None:
        """Send what is unsent, before the connection is closed."""
        self._send()
        super().eof_received()

    def shutdown(self) -> None:
        """Send what is unsent, before the connection is closed."""
        self._send()
        super().shutdown()

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        self._is_between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """End a request; after one that asks for another protocol the parser reads no more."""
        self._is_between = not self.parser.should_upgrade()
        super().on_message_complete()

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection, unless something was answered at sight since the timer was set."""
        left_s = self._answered + self.timeout_keep_alive - self.loop.time()
        if left_s > 0:
            self._wait_for_more(left_s)
        else:
            super().timeout_keep_alive_handler()

    def _send(self) -> None:
        whole, self._unsent = self._unsent, None
        if whole is not None and not self.transport.is_closing():
            self.transport.write(whole)

    def _wait_for_more(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if app is not self.app or not self._is_plain(cycle):
            super()._start_asgi_task(cycle, app)
            return
        at_once = getattr(app, "at_once", None)
        whole = None if at_once is None else at_once(cycle.scope, cycle.default_headers)
        if whole is not None:
            self._answer(cycle, whole, self._piece)
            return
        soon = getattr(app, "soon", None)
        ready = partial(self._answer_now, cycle, app)
        if soon is None or soon(cycle.scope, cycle.default_headers, ready) is None:
            super()._start_asgi_task(cycle, app)

    def _answer_now(self, cycle: RequestResponseCycle, app: Any, soon: Any) -> None:
        """Send an answer that has become ready, or let the application make it."""
        if self._is_plain(cycle) and not (cycle.disconnected or self.transport.is_closing()):
            whole = soon.whole()
            if whole is not None:
                self._answer(cycle, whole)
                return
        else:
            soon.give_up()
        super()._start_asgi_task(cycle, app)

    def _is_plain(self, cycle: RequestResponseCycle) -> bool:
        return cycle.keep_alive and not (cycle.waiting_for_100_continue or self.flow.write_paused)

    def _answer(self, cycle: RequestResponseCycle, whole: bytes, piece: bytes | None = None) -> None:
        """Send an answer; ``piece`` is what it answers, if that was all that came."""
        self.transport.write(whole)
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        if piece is not None:
            learn = getattr(self.app, "learn", None)
            if learn is not None:
                learn(piece, cycle.scope)
        cycle.on_response()


def _nothing(*_: object) -> None:
    """Answer at sight for an application that does not."""
