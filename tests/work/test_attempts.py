"""Attempts that one worker makes: jobs done, failed, tried again by itself and by people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from job_traces import entries, files_of, rows_of
from killed_workers import start_worker
from trial_kinds import TRIALS

from gisgov.config import Settings
from gisgov.services.jobs import Job, JobPlace, JobState, job_log, retry_job
from gisgov.store.database import Database
from gisgov.work.orders import WorkOrder

Put = Callable[..., Job]
Ended = Callable[..., Job]


@pytest.fixture(scope="module")
def database(module_database_url: str) -> Iterator[Database]:
    """The database of the worker."""
    opened = Database(module_database_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> JobPlace:
    """Where its jobs lie."""
    return JobPlace(tmp_path_factory.mktemp("jobs"), "here", 200, timedelta(hours=1))


@pytest.fixture(scope="module", autouse=True)
def _worker(
    place: JobPlace, module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The one worker of all tests here: to start one takes longer than what it does."""
    assets = tmp_path_factory.mktemp("assets")
    order = WorkOrder.of(
        Settings(log_level="warning"), place=place, database_url=module_database_url, assets=assets
    )
    process = start_worker(replace(order, kinds=TRIALS))
    yield
    process.kill()
    process.communicate()


def test_a_job_is_done_with_its_effect_and_its_results(
    database: Database, place: JobPlace, put: Put, ended: Ended
) -> None:
    job = put("rows", text="ground", title="first", parts=2)
    done = ended(job)
    assert (done.state, done.attempt, done.problem) == (JobState.DONE, 1, None)
    assert [one.name for one in place.results(done)] == ["part-0.txt", "part-1.txt"]
    assert rows_of(database) == ["first 0", "first 1"]
    assert [one.line for one in job_log(database, job.id)] == ["wrote 2 rows"]
    while entries(database):
        time.sleep(0.05)
    assert files_of(place, job) == {f"attempt-1/results/part-{number}.txt" for number in range(2)}


def test_what_people_must_mend_is_not_tried_again(
    database: Database, place: JobPlace, put: Put, ended: Ended
) -> None:
    job, surprise, unknown = put("fail", text="ground"), put("surprise"), put("nothing")
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
        time.sleep(0.05)
    assert files_of(place, job) == {"inputs/upload"}, "it may be tried again by people"


def test_what_may_pass_is_tried_again_after_a_while(database: Database, put: Put, ended: Ended) -> None:
    job = put("stumble", times=1)
    done = ended(job)
    assert (done.state, done.attempt) == (JobState.DONE, 2)


def test_a_process_that_dies_again_and_again_fails_its_job_and_people_try_it_again(
    database: Database, place: JobPlace, put: Put, ended: Ended
) -> None:
    job, hopeless = put("crash", times=1), put("crash", times=3, text="ground")
    assert (ended(job).state, ended(job).attempt) == (JobState.DONE, 2)
    failed = ended(hopeless)
    assert (failed.state, failed.attempt) == (JobState.FAILED, 3)
    assert failed.problem is not None
    assert failed.problem.slug == "job-died"
    again = retry_job(database, place, hopeless.id)
    assert (again.state, again.attempt, again.problem) == (JobState.WAITING, 4, None)
    assert ended(again).state is JobState.DONE
