"""``gisgov serve --workers``: several processes on one port, of which one has the worker of the service."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running_services import Running, running


def children(process: int) -> list[int]:
    """Return the processes that answer: children that Python spawned."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(one) for one in found if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def wait_until(what: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def service(module_database_url: str) -> Iterator[Running]:
    with running(module_database_url, "--workers", "2") as started:
        yield started


def test_it_goes_on_when_one_dies_and_ends_in_order(service: Running) -> None:
    first = children(service.process.pid)
    assert len(first) == 2
    os.kill(first[0], signal.SIGKILL)
    wait_until(lambda: len(set(children(service.process.pid)) - set(first)) == 1)
    assert service.ask("/readyz").status == 200
    lines = service.end()
    assert service.process.returncode == 0
    assert lines[-1] == "The service has ended."
    assert all(json.loads(line)["level"] for line in lines[:-1])
