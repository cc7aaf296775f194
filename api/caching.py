"""ETag and If-None-Match for reads: an answer that has not changed is not sent again."""

from __future__ import annotations

import hashlib
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST_COMPRESSED: Final = 1024
"""Bytes of an answer that is worth compressing."""


def matches(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match header names ``etag`` by weak comparison (RFC 9110, 13.1.2).

    Examples
    --------
    >>> matches('W/"a", "b"', 'W/"b"'), matches("*", '"a"'), matches("", '"a"')
    (True, True, False)
    """
    named = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in named or etag.removeprefix("W/") in named


class EntityTags:
    """ASGI middleware that tags successful GET answers under one prefix by their content.

    The tag is weak: the same answer may leave compressed or not. Answers are held whole while they are
    hashed; what is below the prefix is bounded by its paging. Files bring a tag of their own and pass, and so
    do streams, which nobody could hold.
    """

    def __init__(self, app: ASGIApp, *, prefix: str) -> None:
        self.app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(self._prefix):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("If-None-Match", "")
        start: Message | None = None  # held back until the whole body is known
        body = bytearray()

        async def send_tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_untagged(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    for whole in _tagged(start, bytes(body), asked):
                        await send(whole)

        await self.app(scope, receive, send_tagged)


def _is_untagged(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    is_stream = headers.get("Content-Type", "").startswith("text/event-stream")
    return start["status"] == 200 and "ETag" not in headers and not is_stream


def _tagged(start: Message, body: bytes, asked: str) -> tuple[Message, Message]:
    """Return the messages of an answer with its tag, or those of 304 where the caller has it already."""
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = MutableHeaders(scope=start)
    headers["ETag"] = etag
    headers.setdefault("Cache-Control", "no-cache")  # keep it, but ask each time
    if matches(asked, etag):
        headers.add_vary_header("Accept-Encoding")
        for name in ("Content-Length", "Content-Type"):
            del headers[name]
        return {**start, "status": 304}, {"type": "http.response.body", "body": b""}
    return start, {"type": "http.response.body", "body": body}
