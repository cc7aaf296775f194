"""Lines of the access log, written as `gisgov.logs` writes them, many at once.

A line that goes through all of structlog costs more than the answer that it tells of. These are put together
at once, wait a moment, and are written with those that came after them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from functools import lru_cache
from typing import Final

import structlog

from gisgov.config import Settings
from gisgov.secrecy import redacted, without_known

_WAIT_S: Final = 0.1
_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.access")


class LogLines:
    """Lines that wait to be written.

    Parameters
    ----------
    settings : Settings
        Whether there are lines, and in which form.
    """

    def __init__(self, settings: Settings) -> None:
        self._is_wanted = settings.log_level in ("debug", "info")
        self._is_json = settings.log_format == "json"
        self._lines: list[str] = []
        self._second = 0
        self._until_second = ""

    def add(
        self,
        request_id: str,
        method: str,
        path: str,
        query: str,
        status: int,
        sent: int,
        begun: float,
        client: str | None,
    ) -> None:
        """Tell of a request: what `api.access_log` tells of others.

        Parameters
        ----------
        request_id, method, path, query : str
            Which request. None of them needs to be escaped in JSON, nor has the form of a secret.
        status, sent : int
            What was answered, and how many bytes.
        begun : float
            When, by `time.perf_counter`.
        client : str or None
            Who asked.
        """
        if not self._is_wanted:
            return
        took_ms = round((time.perf_counter() - begun) * 1000, 2)
        if not self._is_json:
            _log.info(
                "request",
                method=method,
                path=path,
                query=query,
                status=status,
                bytes=sent,
                duration_ms=took_ms,
                client=client,
                request_id=request_id,
            )
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(_WAIT_S, self.write)
        self._lines.append(
            f'{{"method": "{method}", "path": "{path}", "query": "{query}", "status": {status}, '
            f'"bytes": {sent}, "duration_ms": {took_ms}, "client": {_quoted(client)}, "event": "request", '
            f'"request_id": "{request_id}", "level": "info", "timestamp": "{self._now()}"}}\n'
        )

    def write(self) -> None:
        """Write what waits: a moment after the first of it came, and when the service ends."""
        lines, self._lines = self._lines, []
        if lines:
            sys.stderr.write(without_known("".join(lines)))
            sys.stderr.flush()

    def _now(self) -> str:
        second, micros = divmod(time.time_ns() // 1000, 1_000_000)
        if second != self._second:
            self._second = second
            self._until_second = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._until_second}.{micros:06d}Z"


@lru_cache(maxsize=1024)
def _quoted(client: str | None) -> str:
    return json.dumps(client if client is None else redacted(client), ensure_ascii=False)
