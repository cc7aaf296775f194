"""Structured logs: one line for every request, and one place that catches what nobody expected."""

from __future__ import annotations

import time

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import UNEXPECTED, problem_response
from api.request_id import request_id_of
from gisgov.secrecy import keep_secret, secrets_of_a_request

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.access")


class AccessLog:
    """ASGI middleware that logs every request and turns an unexpected error into a problem.

    The text of such an error goes to the log, under the id of the request; the caller gets the id alone. The
    line of an answer that ended before it was whole, at either end, says ``cut``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        started = time.perf_counter()
        status = 0
        sent_bytes = 0
        cut: dict[str, bool] = {}

        async def counted_send(message: Message) -> None:
            nonlocal status, sent_bytes, cut
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                sent_bytes += len(message.get("body", b""))
                cut = {"cut": True} if message.get("more_body", False) else {}
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id), secrets_of_a_request():
            _keep_credentials_secret(Headers(scope=scope))
            try:
                await self.app(scope, receive, counted_send)
            except Exception:
                _log.exception("unexpected error", method=scope["method"], path=scope["path"])
                if status:  # the answer has begun: all that is left is to break it off
                    raise
                response = problem_response(
                    UNEXPECTED,
                    "The service failed; its log tells why under the id of this request.",
                    request_id=request_id,
                )
                await response(scope, receive, counted_send)
            finally:
                _log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    query=_query_of(scope),
                    status=status,
                    bytes=sent_bytes,
                    duration_ms=round((time.perf_counter() - started) * 1000, 2),
                    client=scope["client"][0] if scope.get("client") else None,
                    **cut,
                )


def _keep_credentials_secret(headers: Headers) -> None:
    for name in ("Authorization", "Proxy-Authorization", "X-CSRF-Token"):
        value = headers.get(name, "")
        keep_secret(value, value.partition(" ")[2])
    for cookie in headers.get("Cookie", "").split(";"):
        keep_secret(cookie.partition("=")[2].strip())


def _query_of(scope: Scope) -> str:
    """Return the query as it came; the one of a sign-on holds nothing but what is secret."""
    query: str = scope["query_string"].decode("latin-1")
    return "" if scope["path"].startswith("/v1/session") else query
