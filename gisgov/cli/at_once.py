"""Answers that are known as soon as the request is: sent without a task of their own."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle


class AnsweringAtOnce(HttpToolsProtocol):
    """The protocol of uvicorn, which asks the application for a whole answer before it begins a task for it.

    An application that has ``at_once(scope, headers)`` returns all that is to be sent, or None: then it is
    asked as every application is. Of an answer that takes microseconds the task would be the larger part.
    """

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        whole = None
        is_plain = cycle.keep_alive and not (cycle.waiting_for_100_continue or self.flow.write_paused)
        if is_plain and app is self.app:
            at_once = getattr(app, "at_once", None)
            whole = None if at_once is None else at_once(cycle.scope, cycle.default_headers)
        if whole is None:
            super()._start_asgi_task(cycle, app)
            return
        self.transport.write(whole)
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        cycle.on_response()
