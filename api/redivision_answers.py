"""What is answered about a re-division: how far it is, and in the end its report or its problem."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, Field
from starlette.responses import Response

from api.job_answers import JobStep, find_of_kind, problem_of, step_of
from api.problems import Problem
from gisgov.services.jobs import Job, JobState
from gisgov.services.redividing import KIND, RedivisionReport
from gisgov.store.database import Database

ADDRESS = "/v1/redivisions/"


class RedivisionInfo(BaseModel):
    """A re-division that was asked for."""

    id: str = Field(description="Its id.")
    state: JobState = Field(description="Where it stands.")
    plan: str = Field(description="The draft.", examples=["grid-2027"])
    created: datetime = Field(description="When it was asked for.")
    started: datetime | None = Field(description="When it was begun.")
    finished: datetime | None = Field(description="When it ended.")
    expires: datetime | None = Field(description="When it will be removed.")
    progress: JobStep | None = Field(description="How far it has come.")
    problem: Problem | None = Field(description="Why it failed; the draft is as it was then.")
    areas: str | None = Field(
        description="Address of the areas as GeoJSON, `?alternative=2` of another; null before it is done."
    )
    page: str | None = Field(
        description="Address of a page with its alternatives as maps, `?language=en` in English; null before "
        "it is done."
    )
    report: RedivisionReport | None = Field(description="Its figures and obstacles, once it is done.")


def address_of(job: Job) -> str:
    """Return the address of a re-division."""
    return f"{ADDRESS}{job.id}"


def find_redivision(database: Database, job_id: str) -> Job:
    """Return a re-division as it stands.

    Raises
    ------
    NotFoundError
        There is no such re-division, or no longer.
    """
    return find_of_kind(database, job_id, kind=KIND, called="re-division")


def info_response(job: Job, report: Path | None, *, status: int = 200, **headers: str) -> Response:
    """Return the answer that tells how a re-division stands, with its report where that is given."""
    head = _info(job).model_dump_json(exclude={"report"}).encode()
    body = b"null" if report is None else report.read_bytes()
    return Response(
        head[:-1] + b',"report":' + body + b"}",
        status_code=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        media_type="application/json",
    )


def _info(job: Job) -> RedivisionInfo:
    return RedivisionInfo(
        id=job.id,
        state=job.state,
        plan=job.title,
        created=job.created,
        started=job.started,
        finished=job.finished,
        expires=job.expires,
        progress=step_of(job),
        problem=problem_of(job),
        areas=f"{address_of(job)}/areas" if job.state is JobState.DONE else None,
        page=f"{address_of(job)}/page" if job.state is JobState.DONE else None,
        report=None,
    )
