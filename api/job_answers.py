"""What is answered about jobs of any kind: how far they are, and why they failed."""

from __future__ import annotations

import re

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from api.problems import FieldProblem, Problem, json_pointer, kind_of_slug, problem_response
from gisgov.errors import NotFoundError
from gisgov.services.jobs import Job, find_job
from gisgov.store.database import Database


class JobStep(BaseModel):
    """How far the present step of a job has come."""

    label: str = Field(description="What is being done.", examples=["comparing neighbours"])
    done: int = Field(description="How much of it is done.")
    total: int | None = Field(description="How much there is, where that is known.")
    share: float | None = Field(description="The part that is done, 0..1.")


def find_of_kind(database: Database, job_id: str, *, kind: str, called: str) -> Job:
    """Return a job of a kind as it stands.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks: people see their own jobs.
    job_id : str
        Its id.
    kind : str
        What it must be.
    called : str
        What people call that: ``check``.

    Raises
    ------
    NotFoundError
        There is no such job of that kind, or no longer.
    """
    try:
        job = find_job(database, job_id)
        if job.kind == kind:
            return job
    except NotFoundError:
        pass
    raise NotFoundError(
        f"There is no {called} {job_id!r}, or no longer.",
        hint=f"A {called} that has ended is removed after GISGOV_JOBS_KEEP_HOURS.",
        field="id",
    )


def step_of(job: Job) -> JobStep | None:
    """Return how far a job has come; None before its first step."""
    step = job.progress
    if step is None:
        return None
    return JobStep(label=step.label, done=step.done, total=step.total, share=step.share)


def problem_of(job: Job) -> Problem | None:
    """Return why a job failed; None where it did not."""
    if job.problem is None:
        return None
    told = job.problem
    kind = kind_of_slug(told.slug)
    fields = []
    if told.field is not None:
        place = "path" if told.field in job.parameters.get("path", ()) else job.parameters["place"]
        pointer = json_pointer([place, told.field])
        fields.append(FieldProblem(pointer=pointer, detail=told.message))
    return Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=told.message,
        hint=None if told.hint is None else _in_fields(told.hint),
        errors=fields,
        request_id=job.request_id or job.id,
    )


def failure_response(job: Job, address: str) -> JSONResponse:
    """Return the answer that tells why a job failed, as if it had been told at once.

    Parameters
    ----------
    job : Job
        One that failed.
    address : str
        Where it is.
    """
    problem = problem_of(job)
    assert problem is not None  # noqa: S101 - asked of a job that failed
    return problem_response(
        kind_of_slug(problem.type.removeprefix("/problems/")),
        problem.detail,
        hint=problem.hint,
        fields=problem.errors,
        headers={"Content-Location": address},
        request_id=problem.request_id,
    )


def _in_fields(hint: str) -> str:
    """Return a hint with the options of the command in the words of the API.

    Examples
    --------
    >>> _in_fields("Choose one with --file-layer.")
    'Choose one with `file_layer`.'
    """
    return re.sub(r"--([a-z]+(?:-[a-z0-9]+)*)", lambda found: f"`{found.group(1).replace('-', '_')}`", hint)
