"""What is answered about a check: how far it is, and in the end its report or its problem."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from api.geojson import MEDIA_TYPE as GEOJSON_TYPE
from api.problems import FieldProblem, Problem, json_pointer, kind_of_slug, problem_response
from gisgov.errors import NotFoundError
from gisgov.services.check_jobs import GEOJSON, GEOPACKAGE, KIND, REPORT, page_name
from gisgov.services.checking import CheckReport
from gisgov.services.jobs import Job, JobState, JobStore

ADDRESS = "/v1/checks/"

REPORT_TYPES = {
    "json": "application/json",
    "geojson": GEOJSON_TYPE,
    "gpkg": "application/geopackage+sqlite3",
    "html": "text/html; charset=utf-8",
}
"""The forms that a report comes in, by the suffix of their address."""


class CheckProgress(BaseModel):
    """How far the present step of a check has come."""

    label: str = Field(description="What is being done.", examples=["comparing neighbours"])
    done: int = Field(description="How much of it is done.")
    total: int | None = Field(description="How much there is, where that is known.")
    share: float | None = Field(description="The part that is done, 0..1.")


class CheckInfo(BaseModel):
    """A check that was asked for."""

    id: str = Field(description="Whoever knows it may see the check and end it.")
    state: JobState = Field(description="Where it stands.")
    subject: str = Field(description="The file or plan that is checked.", examples=["grids.gpkg"])
    created: datetime = Field(description="When it was asked for.")
    started: datetime | None = Field(description="When it was begun.")
    finished: datetime | None = Field(description="When it ended.")
    expires: datetime | None = Field(description="When it will be removed.")
    progress: CheckProgress | None = Field(description="How far it has come.")
    problem: Problem | None = Field(description="Why it failed.")
    reports: dict[str, str] = Field(
        description="Addresses of the report by its form: `json`, `geojson`, `gpkg`, `html`; empty before it "
        "is done.",
        examples=[{"gpkg": "/v1/checks/0123456789abcdef0123456789abcdef/report.gpkg"}],
    )
    page: str = Field(description="Address of the page that shows it to people.")
    report: CheckReport | None = Field(description="What was found, once it is done.")


def address_of(job: Job) -> str:
    """Return the address of a check."""
    return f"{ADDRESS}{job.id}"


def find_check(jobs: JobStore, check_id: str) -> Job:
    """Return a check as it stands.

    Raises
    ------
    NotFoundError
        There is no such check, or no longer.
    """
    try:
        job = jobs.find(check_id)
        if job.kind == KIND:
            return job
    except NotFoundError:
        pass
    raise NotFoundError(
        f"There is no check {check_id!r}, or no longer.",
        hint="A check that has ended is removed after GISGOV_JOBS_KEEP_HOURS.",
        field="id",
    )


def info_response(job: Job, report: Path | None, *, status: int = 200, **headers: str) -> Response:
    """Return the answer that tells how a check stands, with its report where that is given."""
    head = _info(job).model_dump_json(exclude={"report"}).encode()
    body = b"null" if report is None else report.read_bytes()
    # the report is JSON already, and may be long
    return Response(
        head[:-1] + b',"report":' + body + b"}",
        status_code=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        media_type="application/json",
    )


def problem_of(job: Job) -> JSONResponse:
    """Return the answer that tells why a check failed, as if it had been told at once."""
    problem = _problem(job)
    assert problem is not None  # noqa: S101 - asked of a check that failed
    return problem_response(
        kind_of_slug(problem.type.removeprefix("/problems/")),
        problem.detail,
        hint=problem.hint,
        fields=problem.errors,
        headers={"Content-Location": address_of(job)},
        request_id=problem.request_id,
    )


def result_name(form: str, language: str) -> str:
    """Return the name of the file that holds a report in one of its forms."""
    return {"json": REPORT, "geojson": GEOJSON, "gpkg": GEOPACKAGE, "html": page_name(language)}[form]


def saved_name(job: Job, form: str) -> str | None:
    """Return the name to save a report under; None where it is to be shown."""
    return f"{Path(job.title).stem}-defects.{form}" if form in ("gpkg", "geojson") else None


def _info(job: Job) -> CheckInfo:
    step = job.progress
    address = address_of(job)
    done = job.state is JobState.DONE
    return CheckInfo(
        id=job.id,
        state=job.state,
        subject=job.title,
        created=job.created,
        started=job.started,
        finished=job.finished,
        expires=job.expires,
        progress=None
        if step is None
        else CheckProgress(label=step.label, done=step.done, total=step.total, share=step.share),
        problem=_problem(job),
        reports={form: f"{address}/report.{form}" for form in REPORT_TYPES} if done else {},
        page=f"/checks/{quote(job.id)}",
        report=None,
    )


def _problem(job: Job) -> Problem | None:
    if job.problem is None:
        return None
    told = job.problem
    kind = kind_of_slug(told.slug)
    fields = []
    if told.field is not None:
        pointer = json_pointer([job.parameters["place"], told.field])
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


def _in_fields(hint: str) -> str:
    """Return a hint with the options of the command in the words of the API.

    Examples
    --------
    >>> _in_fields("Choose one with --file-layer.")
    'Choose one with `file_layer`.'
    """
    return re.sub(r"--([a-z]+(?:-[a-z0-9]+)*)", lambda found: f"`{found.group(1).replace('-', '_')}`", hint)
