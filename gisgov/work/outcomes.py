"""What becomes of a job when an attempt at it has ended without the end of the job."""

from __future__ import annotations

import signal
from dataclasses import asdict
from typing import Final

import sqlalchemy as sa

from gisgov.errors import JobDied, JobTimedOut, NotFoundError
from gisgov.services.jobs import JobPlace, JobProblem, find_job
from gisgov.store import jobs
from gisgov.store.database import Database
from gisgov.store.queue import close_entry, forsaken, put_in_queue
from gisgov.work.child import AGAIN, FAILED
from gisgov.work.processes import Ended

_FIRST_DELAY_S: Final = 2.0
_LONGEST_DELAY_S: Final = 300.0

_DIED: Final = JobProblem.of(
    JobDied(
        "The process that did the job died before it was done.",
        hint="Ask again; where that happens again, the machine has too little memory for it.",
    )
)


def delay_s(attempt: int) -> float:
    """Return how long the next attempt waits after this one: 2 s, then twice as long each time.

    Examples
    --------
    >>> [delay_s(attempt) for attempt in (1, 2, 3, 20)]
    [2.0, 4.0, 8.0, 300.0]
    """
    return min(_FIRST_DELAY_S * 2.0 ** (attempt - 1), _LONGEST_DELAY_S)


def judge(database: Database, place: JobPlace, job_id: str, attempt: int, ended: Ended, limit_s: int) -> None:
    """Write down what becomes of a job after an attempt, and remove what that has left.

    Parameters
    ----------
    database : Database
        In the service's own hands.
    place : JobPlace
        Where the files of jobs lie.
    job_id, attempt
        The attempt.
    ended : Ended
        How its process ended.
    limit_s : int
        How long it might take.
    """
    outcome, problem = _told(ended)
    if ended.status == -signal.SIGALRM:
        error = JobTimedOut(
            f"The job took longer than {limit_s:,} s and was ended.",
            hint="Ask for less at a time, or allow more time with GISGOV_JOB_MINUTES.",
        )
        outcome, problem = FAILED, JobProblem.of(error)
    with database.begin() as connection:
        if outcome == FAILED:
            jobs.fail(connection, job_id, attempt, place.keep, asdict(problem))
        elif outcome == AGAIN:
            _again(connection, place, job_id, attempt, problem, delay_s(attempt))
    tidy(database, place, job_id, attempt)


def put_back(database: Database, place: JobPlace, job_id: str, attempt: int) -> None:
    """Let a job wait again whose worker is to end; the attempt does not count."""
    with database.begin() as connection:
        if jobs.try_again(connection, job_id, attempt, more=1):
            jobs.set_queue_id(connection, job_id, put_in_queue(connection, job_id, attempt + 1))
    tidy(database, place, job_id, attempt)


def take_up(database: Database, place: JobPlace) -> int:
    """Let the jobs of workers that died wait again; return how many entries of the queue those had."""
    with database.begin() as connection:
        left = forsaken(connection)
        for entry in left:
            if entry.id is not None:
                close_entry(connection, entry.id)
            _again(connection, place, entry.job_id, entry.attempt, _DIED, 0.0)
    for entry in left:
        tidy(database, place, entry.job_id, entry.attempt)
    return len(left)


def tidy(database: Database, place: JobPlace, job_id: str, attempt: int) -> None:
    """Remove what is not needed any more of the files of a job, as it now stands."""
    try:
        job = find_job(database, job_id)
    except NotFoundError:
        place.forget(place.name, job_id)
    else:
        place.tidy(job, attempt)


def _told(ended: Ended) -> tuple[str, JobProblem]:
    """Return the outcome that a process told of; of one that died, that it is to be tried again."""
    if ended.answer is None:
        return AGAIN, _DIED
    problem = ended.answer["problem"]
    return ended.answer["outcome"], _DIED if problem is None else JobProblem(**problem)


def _again(
    connection: sa.Connection, place: JobPlace, job_id: str, attempt: int, problem: JobProblem, delay: float
) -> None:
    """Let a job wait for its next attempt if it has one left; else it has failed."""
    row = jobs.find_row(connection, job_id)
    if row is None:
        return
    if attempt >= row.attempts:
        jobs.fail(connection, job_id, attempt, place.keep, asdict(problem))
    elif jobs.try_again(connection, job_id, attempt):
        entry = put_in_queue(connection, job_id, attempt + 1, delay_s=delay)
        jobs.set_queue_id(connection, job_id, entry)
