"""Structured logs: one line for every request, and one place that catches what nobody expected."""

from __future__ import annotations

import logging
import sys
import time
from typing import TextIO

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import UNEXPECTED, problem_response
from api.request_id import request_id_of

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.access")


def configure_logging(level: str, log_format: str) -> None:
    """Send all log lines, uvicorn's too, to stderr.

    Parameters
    ----------
    level : str
        Least level that is written: debug, info, warning or error.
    log_format : str
        ``json`` for collectors, ``console`` for people.
    """
    least = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
    handler = _StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers = [handler] if name == "uvicorn" else []
        logger.propagate = name == "uvicorn.error"
    logging.getLogger("uvicorn").setLevel(least)
    logging.getLogger("uvicorn.access").disabled = True  # AccessLog below writes these lines


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to the stderr of the moment, as structlog does, not to the one of the start."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


class AccessLog:
    """ASGI middleware that logs every request and turns an unexpected error into a problem.

    The text of such an error goes to the log, under the id of the request; the caller gets the id alone.
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

        async def counted_send(message: Message) -> None:
            nonlocal status, sent_bytes
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                sent_bytes += len(message.get("body", b""))
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
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
                    query=scope["query_string"].decode("latin-1"),
                    status=status,
                    bytes=sent_bytes,
                    duration_ms=round((time.perf_counter() - started) * 1000, 2),
                    client=scope["client"][0] if scope.get("client") else None,
                )
