"""Workers and their processes: jobs done, tried again, ended, given up, taken up."""

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
from killed_workers import processes_below

from gisgov.services.days import local_day
from gisgov.services.jobs import Job, JobPlace, JobState, cancel_job, find_job, job_log, retry_job
from gisgov.store.database import Database
from gisgov.work.orders import WorkOrder

Put = Callable[..., Job]
Ended = Callable[..., Job]
Workers = Callable[..., Any]


def files_of(place: JobPlace, job: Job) -> set[str]:
    folder = place.of(job)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"arriving"}


def rows_of(database: Database) -> list[str]:
    with database.begin() as connection:
        return sorted(connection.scalars(sa.text("SELECT file_name || ' ' || sha256 FROM import_batch")))


def entries(database: Database) -> int:
    with database.begin() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) or 0


def test_a_job_is_done_with_its_effect_and_its_results(
    database: Database, place: JobPlace, put: Put, worker: Workers, ended: Ended
) -> None:
    job = put("rows", text="ground", title="first", parts=2)
    with worker():
        done = ended(job)
        assert (done.state, done.attempt, done.problem) == (JobState.DONE, 1, None)
        assert [one.name for one in place.results(done)] == ["part-0.txt", "part-1.txt"]
        assert rows_of(database) == ["first 0", "first 1"]
        assert [one.line for one in job_log(database, job.id)] == ["wrote 2 rows"]
        while entries(database):
            time.sleep(0.01)
    assert files_of(place, job) == {f"attempt-1/results/part-{number}.txt" for number in range(2)}


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
            time.sleep(0.02)
        with database.begin() as connection:
            connection.execute(sa.text("UPDATE event SET state = 'rejected' WHERE id = :id"), {"id": first})
        while len(classes()) < 3:
            time.sleep(0.02)
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
            time.sleep(0.02)
    assert find_job(database, job.id).state is JobState.DONE


def test_what_people_must_mend_is_not_tried_again(
    database: Database, place: JobPlace, put: Put, worker: Workers, ended: Ended
) -> None:
    job, surprise, unknown = put("fail", text="ground"), put("surprise"), put("nothing")
    with worker():
        failed = ended(job)
        assert (failed.state, failed.attempt, failed.attempts_left) == (JobState.FAILED, 1, 0)
        assert failed.problem is not None
        assert (failed.problem.slug, failed.problem.field) == ("invalid-input", "file")
        told = ended(surprise).problem
        assert told is not None
        assert (told.slug, "mellon" in told.message) == ("unexpected", False)
        told = ended(unknown).problem
        assert told is not None
        assert "'nothing'" in told.message
        while entries(database):
            time.sleep(0.01)
    assert files_of(place, job) == {"inputs/upload"}, "it may be tried again by people"


def test_what_may_pass_is_tried_again_after_a_while(
    database: Database, put: Put, worker: Workers, ended: Ended
) -> None:
    job = put("stumble", times=1)
    with worker():
        done = ended(job)
    assert (done.state, done.attempt) == (JobState.DONE, 2)


def test_a_process_that_dies_again_and_again_fails_its_job(
    database: Database, put: Put, worker: Workers, ended: Ended
) -> None:
    job, hopeless = put("crash", times=1), put("crash", times=9)
    with worker():
        assert (ended(job).state, ended(job).attempt) == (JobState.DONE, 2)
        failed = ended(hopeless)
    assert (failed.state, failed.attempt) == (JobState.FAILED, 3)
    assert failed.problem is not None
    assert failed.problem.slug == "job-died"


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


def test_people_have_a_failed_job_tried_again(
    database: Database, place: JobPlace, put: Put, worker: Workers, ended: Ended
) -> None:
    job = put("crash", times=3, text="ground")
    with worker():
        assert ended(job).state is JobState.FAILED
        again = retry_job(database, place, job.id)
        assert (again.state, again.attempt, again.problem) == (JobState.WAITING, 4, None)
        assert ended(again).state is JobState.DONE
