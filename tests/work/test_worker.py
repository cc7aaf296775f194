"""Workers and their processes: jobs ended, given up, taken up; and what workers do beside them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import hazard_ground
import pytest
import shapely
import sqlalchemy as sa
from job_traces import entries, files_of, rows_of
from killed_workers import processes_below

from gisgov.services.days import local_day
from gisgov.services.jobs import Job, JobPlace, JobState, cancel_job, find_job
from gisgov.store.database import Database
from gisgov.work.orders import WorkOrder

Put = Callable[..., Job]
Ended = Callable[..., Job]
Workers = Callable[..., Any]


def test_plans_take_effect_when_their_day_has_come(
    database: Database, plant: Callable[..., None], worker: Workers
) -> None:
    square = shapely.box(114, 22.5, 114.01, 22.51)
    plant("grid", {"A": square}, valid_from=date(2026, 1, 1), valid_to=date(2199, 1, 1))
    plant("grid", {"B": square}, plan="later", valid_from=date(2199, 1, 1))

    def in_effect() -> list[str]:
        with database.begin() as connection:
            names = sa.text("SELECT name FROM plan WHERE took_effect_at IS NOT NULL")
            return list(connection.scalars(names))

    with worker():
        while not in_effect():
            time.sleep(0.01)
    assert in_effect() == ["grid-2026"]


def test_ratings_follow_events_while_jobs_are_done(
    database: Database, put: Put, worker: Workers, ended: Ended
) -> None:
    hazard_ground.settle(database)
    today = local_day(None, hazard_ground.ZONE)
    job = put("sleep", steps=1)

    def classes() -> list[str]:
        return [one[0] for one in hazard_ground.ratings(database, "a1")]

    with worker(), worker():
        first = hazard_ground.event(database, "e1", day=today)
        while len(classes()) < 2:
            time.sleep(0.05)
        with database.begin() as connection:
            connection.execute(sa.text("UPDATE event SET state = 'rejected' WHERE id = :id"), {"id": first})
        while len(classes()) < 3:
            time.sleep(0.05)
        ended(job)
    assert classes() == ["safe", "warning", "safe"]


def test_jobs_are_done_whatever_keeps_ratings_from_following(
    database: Database, put: Put, worker: Workers
) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE risk_followed RENAME COLUMN day TO night"))
    job = put("sleep", steps=1)
    until = time.monotonic() + 60.0
    with worker():
        while not find_job(database, job.id).state.has_ended and time.monotonic() < until:
            time.sleep(0.05)
    assert find_job(database, job.id).state is JobState.DONE


def test_a_job_that_takes_too_long_is_ended_by_the_kernel(
    order: WorkOrder, put: Put, worker: Workers, ended: Ended
) -> None:
    job = put("sleep")
    with worker(replace(order, limit_s=1)):
        failed = ended(job)
    assert (failed.state, failed.attempt) == (JobState.FAILED, 1)
    assert failed.problem is not None
    assert (failed.problem.slug, "1 s" in failed.problem.message) == ("job-timed-out", True)


def test_a_job_that_runs_is_cancelled_with_its_process(
    database: Database, place: JobPlace, put: Put, worker: Workers, ended: Ended
) -> None:
    job = put("sleep", text="ground")
    with worker() as process:
        ended(job, JobState.RUNNING)
        cancel_job(database, place, job.id)
        assert find_job(database, job.id).state is JobState.CANCELLED
        while len(processes_below(process.pid)) > 1 or place.of(job).exists() or entries(database):
            time.sleep(0.01)
        cancel_job(database, place, job.id)
        assert ended(put("rows", parts=1)).state is JobState.DONE, "the worker goes on"


@pytest.mark.parametrize("killed", ["worker", "process"])
def test_a_killed_job_is_taken_up_again_and_leaves_no_trace(
    database: Database, place: JobPlace, put: Put, worker: Workers, ended: Ended, killed: str
) -> None:
    job = put("rows", title="once", parts=4, pause_s=0.3)
    with worker() as first:
        ended(job, JobState.RUNNING)
        while not (place.attempt(job, 1) / "results" / "part-0.txt").exists():
            time.sleep(0.01)
        if killed == "worker":
            first.kill()
        else:
            for pid in processes_below(first.pid):
                os.kill(pid, signal.SIGKILL)
        with worker():
            done = ended(job)
            while entries(database):
                time.sleep(0.01)
    assert (done.state, done.attempt) == (JobState.DONE, 2)
    assert rows_of(database) == [f"once {number}" for number in range(4)]
    assert files_of(place, job) == {f"attempt-2/results/part-{number}.txt" for number in range(4)}


def test_a_worker_that_ends_in_order_lets_its_jobs_wait_again(
    database: Database, place: JobPlace, put: Put, worker: Workers, ended: Ended
) -> None:
    job = put("sleep")
    with worker() as first:
        ended(job, JobState.RUNNING)
        first.send_signal(signal.SIGTERM)
        assert first.wait() == 0
    waits = find_job(database, job.id)
    assert (waits.state, waits.attempt, waits.attempts_left) == (JobState.WAITING, 2, 4)
    assert files_of(place, job) == set()
    assert entries(database) == 1


def test_processes_die_with_their_worker(put: Put, worker: Workers, ended: Ended) -> None:
    job = put("sleep")
    with worker() as process:
        ended(job, JobState.RUNNING)
        below = processes_below(process.pid)
        assert below
        process.kill()
        process.wait()
        while any(_is_alive(pid) for pid in below):
            time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
