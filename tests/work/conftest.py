"""Orders for workers on the test's own database, jobs that wait, and workers that do them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from killed_workers import start_worker
from trial_kinds import TRIALS

from gisgov.config import Settings
from gisgov.services.jobs import Input, Job, JobPlace, JobState, find_job, submit_job
from gisgov.store.database import Database
from gisgov.work.orders import WorkOrder

Put = Callable[..., Job]
Workers = Callable[..., Any]


@pytest.fixture
def place(tmp_path: Path) -> JobPlace:
    """Where jobs lie."""
    return JobPlace(tmp_path / "jobs", "here", 200, timedelta(hours=1))


@pytest.fixture
def order(place: JobPlace, database_url: str, tmp_path: Path) -> WorkOrder:
    """What workers are told: the kinds of the tests, and two processes."""
    settings = Settings(log_level="warning", jobs_waiting=200)
    order = WorkOrder.of(settings, place=place, database_url=database_url, assets=tmp_path)
    return replace(order, kinds=TRIALS)


@pytest.fixture
def put(database: Database, place: JobPlace) -> Put:
    """Put a job in: ``put("sleep", steps=3)``, with ``text`` as its file."""

    def putting(kind: str, *, text: str | None = None, title: str = "x", **parameters: Any) -> Job:
        with place.draft() as draft:
            inputs = {}
            if text is not None:
                (draft.inputs / "upload").write_text(text, encoding="utf-8")
                inputs["file"] = Input("upload", "网格.txt")
            return submit_job(database, draft, kind=kind, title=title, parameters=parameters, inputs=inputs)

    return putting


@pytest.fixture
def worker(order: WorkOrder) -> Workers:
    """Run a worker as long as a block lasts: ``with worker() as process``; it is killed at its end."""

    @contextmanager
    def working(told: WorkOrder = order) -> Iterator[subprocess.Popen[bytes]]:
        process = start_worker(told)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    return working


@pytest.fixture
def ended(database: Database) -> Callable[..., Job]:
    """Wait until a job stands so, or has ended."""

    def waiting(job: Job, *states: JobState) -> Job:
        while True:
            now = find_job(database, job.id)
            if now.state in states or (not states and now.state.has_ended):
                return now
            time.sleep(0.05)  # to look more often takes the time that it waits for

    return waiting
