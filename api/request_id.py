"""An id for every request: taken from the caller when it is sane, made otherwise, echoed and logged."""

from __future__ import annotations

import os
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
# What may stand in a log line, a header and a sentence without escaping, and is no novel.
_TOGETHER = 256
_ids: list[str] = []
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def request_id_of(scope: Scope) -> str:
    """Return the id of the request."""
    return str(scope["state"]["request_id"])


def request_id(given: str) -> str:
    """Return the id that a caller gave, if it is sane, or a new one."""
    return given if given and _SANE.fullmatch(given) else _new_id()


def _new_id() -> str:
    """Return 16 random octets, drawn many at a time: to ask for them takes longer than all else."""
    try:
        return _ids.pop()
    except IndexError:
        drawn = os.urandom(16 * _TOGETHER).hex()
        _ids.extend(drawn[i : i + 32] for i in range(32, len(drawn), 32))
        return drawn[:32]


class RequestIds:
    """ASGI middleware that gives every request an id (``scope["state"]["request_id"]``) and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own = request_id(Headers(scope=scope).get(HEADER, ""))
        scope.setdefault("state", {})["request_id"] = own

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = own
            await send(message)

        await self.app(scope, receive, send_with_id)
