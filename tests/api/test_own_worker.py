"""The worker of a service: started when there is something to do, started again, ended with the service."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from api import own_worker
from api.own_worker import OwnWorker, looked_after
from gisgov.config import Settings
from gisgov.services.jobs import JobPlace, submit_job
from gisgov.store.database import Database
from gisgov.work.orders import WorkOrder
from gisgov.work.place import job_place

URL = "postgresql://ann:mellon@db.example/town"
# reads its order, and waits until its other end is closed
PATIENT = "import sys; sys.stdin.buffer.readline(); sys.stdin.buffer.read()"
STUBBORN = "import time; time.sleep(600)"

Made = Callable[..., OwnWorker]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    settings = Settings(jobs_dir=tmp_path / "jobs")
    order = WorkOrder.of(settings, place=job_place(settings, URL), database_url=URL, assets=tmp_path)
    workers = []

    def make(program: str = PATIENT, *, is_wanted: bool = True) -> OwnWorker:
        workers.append(OwnWorker(order, is_wanted=is_wanted, command=(sys.executable, "-c", program)))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()


def test_it_is_started_once(made: Made) -> None:
    worker = made()
    assert worker.pid is None
    worker.nudge()
    first = worker.pid
    worker.nudge()
    assert worker.pid == first is not None


def test_one_that_died_is_started_again(made: Made) -> None:
    worker = made("")
    worker.nudge()
    process = worker._process
    assert process is not None
    process.wait()
    worker.nudge()
    assert worker.pid not in (None, process.pid)


def test_none_is_started_where_others_do_the_jobs_or_after_the_end(made: Made) -> None:
    unwanted, ended = made(is_wanted=False), made()
    ended.close()
    for worker in (unwanted, ended):
        worker.nudge()
        assert worker.pid is None


def test_it_ends_in_order_with_the_service(made: Made) -> None:
    worker = made()
    worker.nudge()
    process = worker._process
    assert process is not None
    worker.close()
    assert process.returncode == 0


def test_one_that_does_not_end_is_killed(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_worker, "_PATIENCE_S", 0.0)
    worker = made(STUBBORN)
    worker.nudge()
    process = worker._process
    assert process is not None
    worker.close()
    assert process.returncode == -9


def test_it_is_started_for_what_a_service_before_has_left(
    made: Made, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_worker, "_EVERY_S", 0.01)
    worker = made()
    place = JobPlace(tmp_path / "jobs", "here", 3, timedelta(hours=1))

    async def look() -> None:
        async with looked_after(worker, database):
            await asyncio.sleep(0.1)
            assert worker.pid is None, "nothing is to be done"
            with place.draft() as draft:
                submit_job(database, draft, kind="check", title="x", parameters={})
            while worker.pid is None:
                await asyncio.sleep(0.01)

    asyncio.run(look())
    assert worker.pid is None, "it ended with the service"


def test_a_database_that_is_away_is_waited_for(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_worker, "_EVERY_S", 0.0)
    worker, away = made(), Database("postgresql://nobody@127.0.0.1:1/none")

    async def look() -> None:
        async with looked_after(worker, away):
            begin = time.monotonic()
            while time.monotonic() - begin < 0.2:
                await asyncio.sleep(0.01)

    asyncio.run(look())
    assert worker.pid is None


def test_it_is_started_when_the_day_of_a_plan_has_come(
    made: Made, database: Database, plant: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_worker, "_EVERY_S", 0.01)
    monkeypatch.setattr(own_worker, "_PLANS_EVERY_S", 0.01)
    worker = made()
    plant("grid", {}, plan="later", valid_from=date(2199, 1, 1))

    async def look() -> None:
        async with looked_after(worker, database):
            await asyncio.sleep(0.1)
            assert worker.pid is None, "the day is to come"
            plant("grid", {}, valid_from=date(2026, 1, 1), valid_to=date(2199, 1, 1))
            while worker.pid is None:
                await asyncio.sleep(0.01)

    asyncio.run(look())
