"""``gisgov serve``: started by a string, ended by ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running_services import free_port

from gisgov.cli.progress import notice


def test_other_hosts_are_refused_before_anything_starts(cli_without_database: Callable[..., Any]) -> None:
    ran = cli_without_database("serve", "--host", "0.0.0.0")  # noqa: S104
    assert ran.status == 2
    assert "others reach the service" in ran.stderr


def test_a_port_in_use_is_named(cli_without_database: Callable[..., Any]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = cli_without_database("serve", "--port", port)
    assert ran.status == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in ran.stderr
    assert "--port" in ran.stderr


def test_a_service_that_does_not_start_is_told_of(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("uvicorn.Server.run", lambda _: None)
    monkeypatch.setattr("gisgov.cli.serve.web_assets", lambda: tmp_path)
    ran = cli("serve", "--port", free_port())
    assert ran.status == 2
    assert "The service did not start." in ran.stderr
    assert ran.stdout == ""
    lines = [json.loads(line)["event"] for line in ran.stderr.splitlines()[:-1]]
    assert lines[0] == "Nobody can sign in yet: gisgov account add NAME --role administrator"
    assert lines[1].endswith("run `make web`. The API works without them.")
    cli("account", "add", "chen", "--role", "administrator")
    monkeypatch.setenv("GISGOV_LOG_FORMAT", "console")
    ran = cli("serve", "--port", port := free_port())
    assert ran.stdout.splitlines()[1:] == [
        f"map http://127.0.0.1:{port}/",
        f"API http://127.0.0.1:{port}/docs",
        "ctrl-C ends it.",
    ]


def test_a_terminal_is_spoken_to_in_words(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever sits at it reads the lines of the service, and a file what goes there."""
    monkeypatch.setattr("uvicorn.Server.run", lambda _: None)
    monkeypatch.setattr("gisgov.cli.serve.prepare_tiles", lambda: notice("Preparing"))
    monkeypatch.setattr("gisgov.cli.serve.run_service", lambda *_: None)
    monkeypatch.setenv("GISGOV_PREPARE_TILES", "true")
    told = cli("serve", "--port", free_port()).stderr
    assert "Preparing" in [json.loads(line)["event"] for line in told.splitlines()]
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    ran = cli("serve", "--port", free_port())
    assert ran.stderr == "Preparing\n"
    assert ran.stdout.endswith("ctrl-C ends it.\n")


def test_it_serves_until_ctrl_c(database_url: str) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gisgov", "serve", "--port", str(port)],
        env={**os.environ, "GISGOV_DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stderr is not None
        told = [process.stderr.readline()]
        while told[-1] and "ctrl-C" not in told[-1]:
            told.append(process.stderr.readline())
        assert any(f"http://127.0.0.1:{port}/" in line for line in told), process.communicate(timeout=30)
        status = wait_for(process, f"http://127.0.0.1:{port}/readyz")
        assert status["status"] == "ready"
        process.send_signal(signal.SIGINT)
        out, log = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, log
    assert out == ""
    lines = [json.loads(line) for line in [*told, *log.splitlines()]]
    assert lines[-1]["event"] == "The service has ended."
    (request,) = [line for line in lines if line["event"] == "request" and line["status"] == 200]
    assert (request["method"], request["path"], request["level"]) == ("GET", "/readyz", "info")
    assert {"request_id", "duration_ms", "timestamp"} <= request.keys()


def wait_for(process: subprocess.Popen[str], address: str) -> Any:
    """Ask the service until it answers, as long as its process lives."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.05)
    raise AssertionError(process.communicate())
