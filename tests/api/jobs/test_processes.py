"""Where jobs lie, what their processes are told, and how these are started and ended."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from api.jobs import runner as runners
from api.jobs import supervision, worker
from api.jobs.orders import WorkOrder
from api.jobs.place import job_store
from api.jobs.runner import Runner
from gisgov.config import Settings
from gisgov.errors import InputError
from gisgov.services.jobs import Job, JobState, JobStore

URL = "postgresql://ann:mellon@db.example/town"


@pytest.fixture
def order(tmp_path: Path) -> WorkOrder:
    settings = Settings(jobs_dir=tmp_path / "jobs", job_processes=1, log_level="error")
    store = job_store(settings, URL)
    return WorkOrder.of(settings, store=store, database_url=URL, assets=tmp_path)


@pytest.fixture(autouse=True)
def _told() -> Iterator[None]:
    """Let loggers tell everything, whatever a service before this test was told."""
    before = structlog.get_config()
    structlog.reset_defaults()
    yield
    structlog.configure(**before)


def put(store: JobStore, kind: str = "check") -> Job:
    with store.draft() as draft:
        return store.submit(draft, kind=kind, title="x", parameters={}, request_id="r-1")


def test_jobs_lie_in_the_state_folder_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert job_store(Settings(), URL).folder.parent == tmp_path / "gisgov" / "jobs"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert job_store(Settings(), URL).folder.parent == tmp_path / ".local" / "state" / "gisgov" / "jobs"
    chosen = Settings(jobs_dir=tmp_path / "mine")
    assert job_store(chosen, URL).folder.parent == tmp_path / "mine"
    assert list(tmp_path.iterdir()) == []


def test_each_database_has_a_folder_of_its_own() -> None:
    def folder(url: str) -> Path:
        return job_store(Settings(jobs_dir=Path("jobs")), url).folder

    assert folder(URL) == folder("postgresql://ann:friend@db.example/town")
    others = [
        "postgresql://bob@db.example/town",
        "postgresql://ann@db.example/village",
        "postgresql:///town?host=/x",
    ]
    assert len({folder(url) for url in (URL, *others)}) == 4


def test_an_order_is_read_as_it_was_written(order: WorkOrder) -> None:
    assert WorkOrder.read(order.line()) == order
    assert order.line().count(b"\n") == 1
    assert (order.limit_s, order.processes, str(order.zone)) == (3600, 1, "Asia/Shanghai")
    assert order.store.folder == Path(order.folder)


def run_worker(*lines: bytes) -> int:
    """Run the process of a job with these lines on stdin and nothing behind them."""
    ran = subprocess.run(
        [sys.executable, "-m", "api.jobs.worker"], input=b"".join(lines), capture_output=True, check=False
    )
    assert b"Traceback" not in ran.stderr, ran.stderr.decode()
    return ran.returncode


def test_a_process_that_nobody_asks_ends(order: WorkOrder) -> None:
    job = put(order.store)
    assert run_worker() == worker.NOTHING_TO_DO
    assert run_worker(order.line()) == worker.NOTHING_TO_DO
    assert order.store.find(job.id) == job


def test_a_process_without_a_job_or_a_place_ends(order: WorkOrder) -> None:
    order.store.folder.mkdir(parents=True)
    assert run_worker(order.line(), b"begin\n") == worker.NOTHING_TO_DO
    job = put(order.store)
    with order.store.slot(1):
        assert run_worker(order.line(), b"begin\n") == worker.NOTHING_TO_DO
    assert order.store.find(job.id) == job


def test_what_nobody_foresaw_fails_the_job_and_is_logged(
    order: WorkOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the password is mellon")

    monkeypatch.setattr(worker, "_KINDS", {"check": fail})
    job = put(order.store)
    with structlog.testing.capture_logs() as lines, order.store.claim(limit_s=3600) as claim:
        assert claim is not None
        worker.do(claim, order)
    ended = order.store.find(job.id)
    assert (ended.state, ended.problem is not None and ended.problem.slug) == (JobState.FAILED, "unexpected")
    assert "mellon" not in str(ended.problem)
    (line,) = lines
    assert (line["event"], line["log_level"], line["exc_info"]) == ("job failed unexpectedly", "error", True)


@pytest.mark.parametrize(
    ("error", "state", "event"),
    [(None, JobState.DONE, "job done"), (InputError("No."), JobState.FAILED, "job failed")],
)
def test_how_a_job_ended_is_written_down(
    order: WorkOrder, monkeypatch: pytest.MonkeyPatch, error: Exception | None, state: JobState, event: str
) -> None:
    def do(*_: object) -> None:
        if error is not None:
            raise error

    monkeypatch.setattr(worker, "_KINDS", {"check": do})
    job = put(order.store)
    with structlog.testing.capture_logs() as lines, order.store.claim(limit_s=3600) as claim:
        assert claim is not None
        before = tempfile.tempdir
        worker.do(claim, order)
        assert tempfile.tempdir == before  # the next job, or a test, finds its folder
    assert order.store.find(job.id).state is state
    assert [line["event"] for line in lines] == [event]


class Programs:
    """Counts the processes that a runner starts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
        monkeypatch.setattr(runners, "_COMMAND", (sys.executable, "-c", program))
        self.started: list[Any] = []
        popen = subprocess.Popen

        def counted(*arguments: Any, **options: Any) -> Any:
            self.started.append(popen(*arguments, **options))
            return self.started[-1]

        monkeypatch.setattr(runners.subprocess, "Popen", counted)


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Programs]:
    return lambda program: Programs(monkeypatch, program)


def test_nothing_is_started_without_a_job(order: WorkOrder, programs: Callable[[str], Programs]) -> None:
    started = programs("").started
    runner = Runner(order)
    runner.nudge()
    runner.close()
    runner.nudge()
    assert started == []


def test_a_program_that_does_not_even_start_is_not_started_again_and_again(
    order: WorkOrder, programs: Callable[[str], Programs]
) -> None:
    put(order.store)
    started = programs("import sys; sys.stdin.read(); sys.exit(1)").started
    runner = Runner(order)
    runner.nudge()
    assert started[0].wait() == 1
    runner.close()
    assert len(started) == 1


def test_a_process_that_died_before_it_was_asked_is_passed_over(
    order: WorkOrder, programs: Callable[[str], Programs]
) -> None:
    put(order.store)
    started = programs("").started
    runner = Runner(order)
    dead = runner._start()
    dead.wait()
    runner._ready = dead
    runner.nudge()
    runner.close()
    assert started[0] is dead
    assert len(started) == 2
    assert all(one.stdin.closed for one in started)


def test_one_that_dies_just_then_is_not_waited_for(
    order: WorkOrder, programs: Callable[[str], Programs], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(process: subprocess.Popen[bytes]) -> bool:
        runners._close(process)
        return process.wait() != 0

    put(order.store)
    programs("")
    monkeypatch.setattr(runners, "_begin", dies)
    runner = Runner(order)
    runner.nudge()
    assert not runner._at_work
    runner.close()


def test_after_a_job_the_next_process_is_made_ready(
    order: WorkOrder, programs: Callable[[str], Programs]
) -> None:
    put(order.store)
    started = programs("import sys; sys.stdin.readline(); sys.stdin.readline()").started
    runner = Runner(order)
    runner.nudge()
    while runner._ready is None:
        time.sleep(0.01)
    ready = runner._ready
    runner.nudge()
    assert ready in runner._at_work or ready.wait() == 0, "it was asked next"
    runner.close()
    assert ready in started


def test_a_pipe_that_is_broken_is_no_trouble(order: WorkOrder, programs: Callable[[str], Programs]) -> None:
    programs("")
    process = Runner(order)._start()
    process.wait()
    assert not runners._begin(process)


def test_a_process_at_work_is_ended_with_the_service(
    order: WorkOrder, programs: Callable[[str], Programs]
) -> None:
    job = put(order.store)
    started = programs(
        "import sys, time; sys.stdin.readline(); sys.stdin.readline(); time.sleep(600)"
    ).started
    runner = Runner(order)
    runner.nudge()
    runner.close()
    assert started[0].poll() == -9
    assert order.store.find(job.id) == job


def test_what_goes_wrong_for_a_while_is_logged_and_tried_again(
    order: WorkOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "_EVERY_S", 0.0)
    nudged = []

    class Full(Runner):
        def nudge(self, *, waited: timedelta = timedelta(0)) -> None:
            nudged.append(waited)
            raise OSError("No space left on device")

    async def look() -> None:
        async with supervision.supervised(order.store, Full(order)):
            while len(nudged) < 3:
                await asyncio.sleep(0)

    with structlog.testing.capture_logs() as lines:
        asyncio.run(look())
    assert {line["reason"] for line in lines} == {"No space left on device"}
    assert nudged[0] == timedelta(0), "what a service before this one has left"
    assert min(nudged[1:]) > timedelta(0), "what was taken in just now is the business of who took it in"


def test_jobs_are_kept_as_long_as_is_set(order: WorkOrder) -> None:
    short = replace(order, jobs_keep_hours=2)
    job = put(short.store)
    short.store.cancel(job.id)
    ended = short.store.find(job.id)
    assert ended.finished is not None
    assert ended.expires == ended.finished + timedelta(hours=2)


def test_a_process_reads_its_order_byte_by_byte(order: WorkOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    told = io.BytesIO(order.line())
    monkeypatch.setattr("builtins.open", lambda *_, **__: told)
    monkeypatch.setattr(worker.select, "select", lambda *_: ([], [], []))
    assert worker.main() == worker.NOTHING_TO_DO, "it waited too long"
