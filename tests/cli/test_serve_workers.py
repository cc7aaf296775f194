"""``gisgov serve --workers``: several processes on one port, of which one has the worker of the service."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from running_services import Running, running

from gisgov.services.jobs import JobPlace, submit_job
from gisgov.store.database import Database


def children(process: int, program: bytes = b"spawn_main") -> list[int]:
    """Return the children of a process that run a program: those that answer, which Python spawned."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    found = [child for task in tasks for child in task.read_text().split()]
    return [int(one) for one in found if program in Path(f"/proc/{one}/cmdline").read_bytes()]


def wait_until(what: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def service(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two processes, and a job that one before them has left."""
    folder = tmp_path_factory.mktemp("jobs")
    database = Database(module_database_url)
    with JobPlace(folder, "before", 3, timedelta(hours=1)).draft() as draft:
        submit_job(database, draft, kind="check", title="x", parameters={})
    database.dispose()
    with running(module_database_url, "--workers", "2", jobs_dir=str(folder)) as started:
        yield started


def test_one_of_them_has_the_worker(service: Running) -> None:
    def workers() -> list[int]:
        return [one for each in children(service.process.pid) for one in children(each, b"gisgov.work")]

    wait_until(workers)
    wait_until(lambda: sum("startup complete" in line for line in service.written()) == 2)
    for _ in range(20):
        assert len(workers()) == 1
        time.sleep(0.02)


def test_it_goes_on_when_one_dies_and_ends_in_order(service: Running) -> None:
    first = children(service.process.pid)
    assert len(first) == 2
    os.kill(first[0], signal.SIGKILL)
    wait_until(lambda: len(set(children(service.process.pid)) - set(first)) == 1)
    assert service.ask("/readyz").status == 200
    lines = service.end()
    assert service.process.returncode == 0
    assert json.loads(lines[-1])["event"] == "The service has ended."
    assert all(json.loads(line)["level"] for line in lines)
