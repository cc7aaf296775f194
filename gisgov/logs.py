"""Log lines: all of them to stderr, as JSON or as text."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog

from gisgov.secrecy import redacted_value


def configure_logging(level: str, log_format: str) -> None:
    """Send all log lines, those of uvicorn, the queue and other libraries too, to stderr, without secrets.

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
        processors=[*shared, _without_secrets, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
    handler = _StderrHandler()
    handler.addFilter(_is_told_once)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_secrets,
                renderer,
            ],
        )
    )
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "procrastinate"):
        logger = logging.getLogger(name)
        logger.handlers = [handler] if name in ("uvicorn", "procrastinate") else []
        logger.propagate = name == "uvicorn.error"
    logging.getLogger("uvicorn").setLevel(least)
    # what it tells of each job, `gisgov.work` tells too
    logging.getLogger("procrastinate").setLevel(max(least, logging.WARNING))
    logging.getLogger("uvicorn.access").disabled = True  # `api.access_log` writes these lines
    root = logging.getLogger()  # Python would write what other libraries warn of as it is
    root.handlers = [*(one for one in root.handlers if not isinstance(one, _StderrHandler)), handler]
    root.setLevel(max(least, logging.WARNING))


def _is_told_once(record: logging.LogRecord) -> bool:
    """Whether a line says what no other does: of an answer that was cut `api.access_log` tells."""
    return record.msg != "ASGI callable returned without completing response."


def _without_secrets(
    _logger: object, _method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {name: redacted_value(value, name) for name, value in line.items()}


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to the stderr of the moment, as structlog does, not to the one of the start."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr
