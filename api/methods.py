"""HEAD and OPTIONS for every address: HEAD is GET without its body, OPTIONS names the methods."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """ASGI middleware that answers HEAD with the headers of GET."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)


class Options:
    """ASGI middleware that answers OPTIONS (204) with the methods that a refusal of it would name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self.app(scope, receive, send)
            return
        allow: str | None = None

        async def send_unless_refused(message: Message) -> None:
            nonlocal allow
            if message["type"] == "http.response.start" and message["status"] == 405:
                allow = Headers(raw=message["headers"])["Allow"]
            if allow is None:
                await send(message)

        await self.app(scope, receive, send_unless_refused)
        if allow is not None:
            await Response(status_code=204, headers={"Allow": allow})(scope, receive, send)
