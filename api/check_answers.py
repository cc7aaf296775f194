"""What is answered about a check: how far it is, and in the end its report or its problem."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, Field
from starlette.responses import Response

from api.geojson import MEDIA_TYPE as GEOJSON_TYPE
from api.job_answers import JobStep, find_of_kind, problem_of, step_of
from api.problems import Problem
from gisgov.services.check_jobs import GEOJSON, GEOPACKAGE, KIND, REPORT, page_name
from gisgov.services.checking import CheckReport
from gisgov.services.jobs import Job, JobState
from gisgov.store.database import Database

ADDRESS = "/v1/checks/"

REPORT_TYPES = {
    "json": "application/json",
    "geojson": GEOJSON_TYPE,
    "gpkg": "application/geopackage+sqlite3",
    "html": "text/html; charset=utf-8",
}
"""The forms that a report comes in, by the suffix of their address."""


class CheckInfo(BaseModel):
    """A check that was asked for."""

    id: str = Field(description="Its id.")
    state: JobState = Field(description="Where it stands.")
    subject: str = Field(description="The file or plan that is checked.", examples=["grids.gpkg"])
    created: datetime = Field(description="When it was asked for.")
    started: datetime | None = Field(description="When it was begun.")
    finished: datetime | None = Field(description="When it ended.")
    expires: datetime | None = Field(description="When it will be removed.")
    progress: JobStep | None = Field(description="How far it has come.")
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


def find_check(database: Database, check_id: str) -> Job:
    """Return a check as it stands.

    Raises
    ------
    NotFoundError
        There is no such check, or no longer.
    """
    return find_of_kind(database, check_id, kind=KIND, called="check")


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


def result_name(form: str, language: str) -> str:
    """Return the name of the file that holds a report in one of its forms."""
    return {"json": REPORT, "geojson": GEOJSON, "gpkg": GEOPACKAGE, "html": page_name(language)}[form]


def saved_name(job: Job, form: str) -> str | None:
    """Return the name to save a report under; None where it is to be shown."""
    return f"{Path(job.title).stem}-defects.{form}" if form in ("gpkg", "geojson") else None


def _info(job: Job) -> CheckInfo:
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
        progress=step_of(job),
        problem=problem_of(job),
        reports={form: f"{address}/report.{form}" for form in REPORT_TYPES} if done else {},
        page=f"/checks/{quote(job.id)}",
        report=None,
    )
