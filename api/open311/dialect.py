"""What clients of Open311 do otherwise: keys as a parameter, and errors as a list in JSON or XML."""

from __future__ import annotations

import json
from collections import deque
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.open311.forms import MEDIA, written
from api.problems import MEDIA_TYPE

PREFIX: Final = "/open311/"
MOST_BYTES: Final = 100_000
_FORM: Final = "application/x-www-form-urlencoded"


class Dialect:
    """ASGI middleware that speaks Open311 below `PREFIX`.

    A key that stands in ``api_key``, in the query or the form, is taken as if it stood in ``Authorization``.
    Problems leave as lists of ``code`` and ``description``, in the form that the address names; what cannot
    be read is 400, as GeoReport has it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        scope, receive = await _with_key(scope, receive)
        form = "xml" if scope["path"].endswith(".xml") else "json"
        held: list[Message] = []

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_problem(message):
                held.append(message)
            elif held:
                await _tell(held.pop(), message, form, send)
            else:
                await send(message)

        await self.app(scope, receive, send_told)


def _is_problem(start: Message) -> bool:
    return bool(Headers(raw=start["headers"]).get("Content-Type", "").startswith(MEDIA_TYPE))


async def _tell(start: Message, body: Message, form: str, send: Send) -> None:
    problem = json.loads(body["body"] or b"{}")
    status = 400 if start["status"] == 422 else start["status"]
    parts = [problem.get("detail"), problem.get("hint")]
    parts += [one["detail"] for one in problem.get("errors", []) if one["detail"] != problem.get("detail")]
    words = " ".join(part for part in parts if part)
    told = written("errors", "error", [{"code": status, "description": words}], form)
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["Content-Type"], headers["Content-Length"] = MEDIA[form], str(len(told))
    await send({**start, "status": status, "headers": headers.raw})
    await send({**body, "body": told if body["body"] else b""})


async def _with_key(scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """Return the request with the key of its parameters, if it shows no other."""
    headers = Headers(scope=scope)
    if "Authorization" in headers:
        return scope, receive
    key = _key_of(scope["query_string"])
    if key is None and headers.get("Content-Type", "").startswith(_FORM):
        begun = await _begin(receive)
        key = _key_of(b"".join(message.get("body", b"") for message in begun))
        receive = _replaying(begun, receive)
    if key is None:
        return scope, receive
    shown = (b"authorization", b"Bearer " + key.encode("latin-1", "replace"))
    return {**scope, "headers": [*scope["headers"], shown]}, receive


def _key_of(text: bytes) -> str | None:
    pairs = parse_qsl(text.decode("latin-1"))
    return next((value.strip() for name, value in pairs if name == "api_key" and value.strip()), None)


async def _begin(receive: Receive) -> list[Message]:
    """Read a body as far as any form goes; what is longer is refused by whoever reads it whole."""
    begun: list[Message] = []
    size = 0
    while size <= MOST_BYTES:
        message = await receive()
        begun.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
    return begun


def _replaying(begun: list[Message], receive: Receive) -> Receive:
    waiting = deque(begun)

    async def replay() -> Message:
        return waiting.popleft() if waiting else await receive()

    return replay
