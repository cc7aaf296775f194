"""A job of any kind as it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote

from pydantic import BaseModel, Field

from api.job_answers import JobStep, problem_of, step_of
from api.problems import Problem
from gisgov.services import check_jobs
from gisgov.services.jobs import Job, JobPlace, JobState

ADDRESS: Final = "/v1/jobs/"

_PAGES: Final[Mapping[str, Callable[[Job], str]]] = {check_jobs.KIND: lambda job: f"/checks/{quote(job.id)}"}
"""The pages that show jobs of a kind to people."""


class JobResult(BaseModel):
    """A file that a job made."""

    name: str = Field(description="Its name.", examples=["report.gpkg"])
    href: str = Field(description="Where it is fetched.")
    media_type: str = Field(description="What it holds.", examples=["application/geo+json"])
    bytes: int = Field(description="Its size.")


class JobInfo(BaseModel):
    """A job as it stands."""

    id: str = Field(description="Its id.", examples=["0123456789abcdef0123456789abcdef"])
    kind: str = Field(description="What is to be done.", examples=["check"])
    title: str = Field(description="What it is about.", examples=["grids.gpkg"])
    state: JobState = Field(description="Where it stands.")
    account: str | None = Field(description="Whose it is; null where the operator of the machine asked.")
    created: datetime = Field(description="When it was asked for.")
    started: datetime | None = Field(description="When the last attempt at it began.")
    finished: datetime | None = Field(description="When it ended.")
    expires: datetime | None = Field(description="When it will be removed, with its results.")
    attempt: int = Field(description="Which attempt waits, runs or was the last, from 1.")
    attempts_left: int = Field(description="How many more may follow by themselves.")
    progress: JobStep | None = Field(description="How far it has come.")
    problem: Problem | None = Field(description="Why it failed.")
    results: list[JobResult] = Field(description="What it made; empty before it is done.")
    href: str | None = Field(description="Page that shows what it found to people, for kinds that have one.")


class JobLine(BaseModel):
    """A line of a job's log."""

    at: datetime = Field(description="When it was written.")
    attempt: int = Field(description="The attempt that wrote it.")
    line: str = Field(description="What it says.", examples=["1,204 rows were taken in."])


def info_of(job: Job, place: JobPlace) -> JobInfo:
    """Return what is answered about a job."""
    page = _PAGES.get(job.kind)
    return JobInfo(
        id=job.id,
        kind=job.kind,
        title=job.title,
        state=job.state,
        account=None if job.account_id is None else job.asked_by,
        created=job.created,
        started=job.started,
        finished=job.finished,
        expires=job.expires,
        attempt=job.attempt,
        attempts_left=job.attempts_left,
        progress=step_of(job),
        problem=problem_of(job),
        results=[
            JobResult(
                name=file.name,
                href=f"{ADDRESS}{job.id}/results/{quote(file.name)}",
                media_type=file.media_type,
                bytes=file.bytes,
            )
            for file in place.results(job)
        ],
        href=None if page is None else page(job),
    )
