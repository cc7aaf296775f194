"""A job as it is told of to people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gisgov.services.jobs.place import JobPlace
from gisgov.services.jobs.records import Job, JobProblem, JobProgress, JobState


@dataclass(frozen=True, slots=True)
class JobResult:
    """A file that a job made.

    Attributes
    ----------
    name : str
        Its name.
    media_type : str
        What it holds.
    bytes : int
        Its size.
    """

    name: str
    media_type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class JobReport:
    """How a job stands.

    Attributes
    ----------
    id, kind, title
        See `gisgov.services.jobs.Job`.
    state : JobState
        Where it stands.
    asked_by : str
        Who asked.
    created : datetime.datetime
        When it was put in (UTC).
    started, finished, expires : datetime.datetime or None
        When its last attempt began, when it ended and when it will be removed (UTC).
    attempt, attempts_left : int
        Which attempt waits, runs or was the last, and how many more may follow by themselves.
    progress : JobProgress or None
        How far it has come.
    problem : JobProblem or None
        Why it failed.
    results : tuple of JobResult
        What it made; empty before it is done.
    """

    id: str
    kind: str
    title: str
    state: JobState
    asked_by: str
    created: datetime
    started: datetime | None
    finished: datetime | None
    expires: datetime | None
    attempt: int
    attempts_left: int
    progress: JobProgress | None
    problem: JobProblem | None
    results: tuple[JobResult, ...]


def report_of(job: Job, place: JobPlace) -> JobReport:
    """Return what is told of a job."""
    return JobReport(
        id=job.id,
        kind=job.kind,
        title=job.title,
        state=job.state,
        asked_by=job.asked_by,
        created=job.created,
        started=job.started,
        finished=job.finished,
        expires=job.expires,
        attempt=job.attempt,
        attempts_left=job.attempts_left,
        progress=job.progress,
        problem=job.problem,
        results=tuple(JobResult(one.name, one.media_type, one.bytes) for one in place.results(job)),
    )
