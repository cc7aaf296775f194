"""Clients of the live stream of events, each a thread that keeps what it was told."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Callable
from typing import Any


class LiveClient:
    """Follows events as a browser does: it comes again by itself, and says where it was."""

    def __init__(self, port: int, headers: dict[str, str], query: str = "", *, returns: bool = True) -> None:
        self.told: list[tuple[str, Any]] = []
        self.last: str | None = None
        self.statuses: list[int] = []
        self.local_port = 0
        self._port, self._headers, self._query, self._returns = port, headers, query, returns
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def names(self) -> list[str]:
        return [name for name, _ in self.told]

    def events(self) -> list[dict[str, Any]]:
        return [data for name, data in self.told if name == "event"]

    def wait(self, condition: Callable[[LiveClient], bool], seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not condition(self):
            assert time.monotonic() < until, (self.statuses, self.told[-5:])
            time.sleep(0.01)

    def close(self) -> None:
        self._is_closed = True

    def has_ended(self) -> bool:
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._is_closed:
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._follow()
            if not self._returns:
                return
            time.sleep(0.05)

    def _follow(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        with contextlib.closing(connection):
            again = {} if self.last is None else {"Last-Event-ID": self.last}
            address = f"/v1/events/stream{self._query}"
            connection.request("GET", address, headers={"Host": "localhost", **self._headers, **again})
            self.local_port = connection.sock.getsockname()[1]
            answer = connection.getresponse()
            self.statuses.append(answer.status)
            if answer.status != 200:
                self._returns = self._returns and answer.status not in (401, 403)
                return
            name, data = "", ""
            while not self._is_closed and (line := answer.readline()):
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    data = value
                elif field == "id":
                    self.last = value
                elif not field and name:
                    self.told.append((name, json.loads(data)))
                    name = data = ""
