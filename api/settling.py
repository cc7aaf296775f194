"""What was changed is known to all before the change is answered: no answer after it is older."""

from __future__ import annotations

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.context import Context
from gisgov.errors import GisgovError

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# what is posted there changes nothing that is answered out of memory
_ASKING = ("/v1/resolve", "/v1/check", "/v1/session", "/v1/events")

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.settling")


class Settling:
    """ASGI middleware that lets whoever answers out of memory know of a change, then tells that it was made.

    Whoever publishes a plan and asks, whoever revokes a key and tries it, would otherwise be faster now and
    then than the database tells of changes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http" or scope["method"] not in _CHANGING or scope["path"].startswith(_ASKING):
            await self.app(scope, receive, send)
            return

        async def send_when_settled(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                await _settle(scope["app"].state.context)
            await send(message)

        await self.app(scope, receive, send_when_settled)


async def _settle(context: Context) -> None:
    try:
        await run_in_threadpool(context.indexes.settle)
    except GisgovError as error:  # then nothing is answered out of memory for long
        _log.warning("a change could not be told at once", reason=error.message)
