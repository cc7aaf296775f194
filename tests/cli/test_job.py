"""``gisgov job`` and ``gisgov worker``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gisgov.cli import job as commands
from gisgov.config import Settings
from gisgov.services.jobs import Job, JobPlace, find_job, submit_job
from gisgov.store import jobs
from gisgov.store.database import Database
from gisgov.work.place import job_place

Cli = Callable[..., Any]
KEEP = timedelta(hours=1)
PROBLEM = {"slug": "invalid-input", "message": "Row 7 is broken.", "hint": "Mend it.", "field": "file"}


@pytest.fixture
def place(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> JobPlace:
    monkeypatch.setenv("GISGOV_JOBS_DIR", str(tmp_path / "jobs"))
    return job_place(Settings(), database_url)


@pytest.fixture
def put(database: Database, place: JobPlace) -> Callable[..., Job]:
    def putting(title: str = "网格.gpkg") -> Job:
        with place.draft() as draft:
            return submit_job(database, draft, kind="trial", title=title, parameters={})

    return putting


def begin(database: Database, job: Job) -> None:
    with database.begin() as connection:
        assert jobs.start(connection, job.id, 1, 5)


def finish(database: Database, job: Job) -> None:
    with database.begin() as connection:
        assert jobs.finish(connection, job.id, 1, KEEP)


def test_jobs_are_listed_and_shown(cli: Cli, database: Database, put: Callable[..., Job]) -> None:
    assert cli("job", "list").stdout == "There are no jobs.\n"
    first, second = put("first"), put("second")
    begin(database, first)
    with database.begin() as connection:
        jobs.tell_progress(connection, first.id, 1, "counting", 1200, 4000)
    assert [line.split()[0] for line in cli("job", "list").stdout.splitlines()[1:]] == [second.id, first.id]
    (running,) = cli("job", "list", "--state", "running", "--json").json()
    assert (running["id"], running["progress"]["done"]) == (first.id, 1200)
    shown = cli("job", "show", first.id).stdout
    assert "trial first: running" in shown
    assert "counting: 1,200 of 4,000" in shown
    unknown = cli("job", "show", "0" * 32)
    assert (unknown.status, "There is no job" in unknown.stderr) == (2, True)


def test_a_job_tells_and_leaves_files(
    cli: Cli, database: Database, place: JobPlace, put: Callable[..., Job], tmp_path: Path
) -> None:
    job = put()
    assert cli("job", "log", job.id).stdout == "The job has told nothing.\n"
    begin(database, job)
    results = place.attempt(job, 1) / "results"
    results.mkdir(parents=True)
    (results / "report.json").write_text("{}", encoding="utf-8")
    with database.begin() as connection:
        jobs.add_line(connection, job.id, 1, "1,204 rows")
    finish(database, job)
    assert cli("job", "log", job.id).stdout.endswith("  1,204 rows\n")
    assert "result report.json  2 bytes" in cli("job", "show", job.id).stdout
    target = tmp_path / "mine.json"
    fetch = ("job", "result", job.id, "report.json", "--output", target)
    assert cli(*fetch).stderr == f"{target}: 2 bytes\n"
    assert target.read_text(encoding="utf-8") == "{}"
    assert "--force" in cli(*fetch).stderr
    assert cli(*fetch, "--force").status == 0
    assert cli("job", "result", job.id, "none.json").status == 2


def test_jobs_are_ended_removed_and_tried_again(
    cli: Cli, database: Database, put: Callable[..., Job]
) -> None:
    job = put()
    begin(database, job)
    with database.begin() as connection:
        jobs.fail(connection, job.id, 1, KEEP, PROBLEM)
    assert "Row 7 is broken. Mend it." in cli("job", "show", job.id).stdout
    assert cli("job", "watch", job.id).status == 1
    assert "trial 网格.gpkg: waiting" in cli("job", "retry", job.id).stdout
    assert cli("job", "cancel", job.id).status == 0
    assert cli("job", "show", job.id, "--json").json()["state"] == "cancelled"
    assert cli("job", "cancel", job.id).status == 0
    assert cli("job", "show", job.id).status == 2


def test_a_job_is_watched_until_it_has_ended(
    cli: Cli, database: Database, put: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_LOOK_S", 0.01)
    seen: list[tuple[str, int | None, int]] = []

    def shows(items: Any, *, label: str, total: int | None = None) -> Any:
        done = 0
        for one in items:
            yield one
            done += 1
        seen.append((label, total, done))

    monkeypatch.setattr(commands, "progress", lambda: shows)
    job = put()

    def goes_on() -> None:
        begin(database, job)
        for label in ("reading", "storing"):
            for done in range(4):
                with database.begin() as connection:
                    jobs.tell_progress(connection, job.id, 1, label, done, 3)
                time.sleep(0.05)
        finish(database, job)

    doer = threading.Thread(target=goes_on)
    doer.start()
    ran = cli("job", "watch", job.id)
    doer.join()
    assert (ran.status, "done" in ran.stdout) == (0, True)
    assert [(label, total) for label, total, _ in seen] == [("reading", 3), ("storing", 3)]


def test_a_worker_works_until_ctrl_c(
    database_url: str, database: Database, place: JobPlace, put: Callable[..., Job]
) -> None:
    job = put()
    process = subprocess.Popen(
        [sys.executable, "-m", "gisgov", "worker", "--jobs", "1"],
        env={**os.environ, "GISGOV_DATABASE_URL": database_url, "GISGOV_LOG_LEVEL": "error"},
        stderr=subprocess.PIPE,
        text=True,
    )
    while not find_job(database, job.id).state.has_ended:
        time.sleep(0.05)
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    assert process.returncode == 0
    assert told.splitlines() == [
        f"Doing up to 1 jobs at a time; their files are in {place.folder}.",
        "The worker has ended.",
    ]
    problem = find_job(database, job.id).problem
    assert problem is not None
    assert "knows no job of the kind 'trial'" in problem.message
