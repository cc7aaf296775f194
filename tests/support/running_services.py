"""The service as a process of its own, as people start it, and what it wrote."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What the service answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Running:
    """A service that runs."""

    process: subprocess.Popen[bytes]
    port: int
    log: IO[bytes]
    trusted: Path | None = None

    @property
    def base(self) -> str:
        """Its address."""
        return f"{'http' if self.trusted is None else 'https'}://127.0.0.1:{self.port}"

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        host: str = "localhost",
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Ask something under a name, whatever name the machine has."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(self.connection()) as connection:
            connection.request(method, path, body, {"Host": host, **given})
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def connection(self) -> http.client.HTTPConnection:
        """Return a connection to it."""
        if self.trusted is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        context = ssl.create_default_context(cafile=str(self.trusted))
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=context)

    def written(self) -> list[str]:
        """Return the lines of its log so far."""
        self.log.seek(0)
        return self.log.read().decode().splitlines()

    def end(self) -> list[str]:
        """End it as ctrl-C does, and return the lines of its log."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        return self.written()


@contextlib.contextmanager
def running(
    database_url: str, *options: str, trusted: Path | None = None, port: int = 0, **settings: str
) -> Iterator[Running]:
    """Run ``gisgov serve`` with options and settings (``hosts="a.example"``) until the block ends."""
    port = port or free_port()
    variables = {f"GISGOV_{name.upper()}": value for name, value in settings.items()}
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            [sys.executable, "-m", "gisgov", "serve", "--port", str(port), *options],
            env={**os.environ, "GISGOV_DATABASE_URL": database_url, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        service = Running(process, port, log, trusted)
        try:
            _wait(service)
            yield service
        finally:
            process.kill()


def _wait(service: Running) -> None:
    while service.process.poll() is None:
        with contextlib.suppress(ConnectionError):
            service.ask("/healthz")
            return
        time.sleep(0.05)
    raise AssertionError(service.written())
