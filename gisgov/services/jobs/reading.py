"""Use cases: see jobs as they stand; row-level security shows people their own."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from gisgov.errors import NotFoundError
from gisgov.services.jobs.records import Input, Job, JobProblem, JobProgress, JobState, LogLine
from gisgov.store import jobs
from gisgov.store.database import Database

_ID = re.compile(r"[0-9a-f]{32}")


def find_job(database: Database, job_id: str) -> Job:
    """Return a job as it stands.

    Raises
    ------
    NotFoundError
        There is no such job, no longer, or it is not for whoever asks.
    """
    row = None
    if _ID.fullmatch(job_id):
        with database.begin() as connection:
            row = jobs.find_row(connection, job_id)
    if row is None:
        raise unknown_job(job_id)
    return job_of(row)


def list_jobs(
    database: Database,
    *,
    state: JobState | None = None,
    kind: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> tuple[Job, ...]:
    """Return the jobs that whoever asks may see, the last one first.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks.
    state, kind : optional
        Only those that stand so, or are of that kind.
    after : str, optional
        Id of a job; the list begins behind it.
    limit : int
        At most so many.
    """
    wanted = None if state is None else state.value
    with database.begin() as connection:
        rows = jobs.list_rows(connection, state=wanted, kind=kind, after=after, limit=limit)
    return tuple(job_of(row) for row in rows)


def job_log(database: Database, job_id: str) -> tuple[LogLine, ...]:
    """Return what a job has told, in its order.

    Raises
    ------
    NotFoundError
        See `find_job`.
    """
    find_job(database, job_id)
    with database.begin() as connection:
        return tuple(
            LogLine(at.astimezone(UTC), attempt, line)
            for at, attempt, line in jobs.lines_of(connection, job_id)
        )


def has_open_jobs(database: Database) -> bool:
    """Whether a job waits or runs; the database is the service's own."""
    with database.begin() as connection:
        return jobs.has_open_jobs(connection)


def job_of(row: jobs.Row) -> Job:
    """Return a job from its row."""
    return Job(
        id=row.id,
        kind=row.kind,
        title=row.title,
        parameters=row.parameters,
        inputs={name: Input(**one) for name, one in row.inputs.items()},
        folder=row.folder,
        account_id=row.account_id,
        asked_by=row.asked_by,
        scopes=None if row.scopes is None else frozenset(row.scopes),
        request_id=row.request_id,
        created=row.created.astimezone(UTC),
        state=JobState(row.state),
        attempt=row.attempt,
        attempts=row.attempts,
        started=_utc(row.started),
        finished=_utc(row.finished),
        expires=_utc(row.expires),
        progress=None if row.label is None else JobProgress(row.label, row.done, row.total),
        problem=None if row.problem is None else JobProblem(**row.problem),
        queue_id=row.queue_id,
    )


def unknown_job(job_id: str) -> NotFoundError:
    """Return the error that tells of a job that is not there."""
    return NotFoundError(
        f"There is no job {job_id!r}, or no longer.",
        hint="A job that has ended is removed after some time.",
        field="id",
    )


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
