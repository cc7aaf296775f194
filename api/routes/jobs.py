"""Jobs of any kind: listed, watched, ended, tried again; what they told and made."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.context import InContext
from api.job_infos import ADDRESS, JobInfo, JobLine, info_of
from api.paging import next_address, next_link
from api.parameters import TEXT, NoParameters
from api.problems import error_responses
from api.progress_streams import MEDIA_TYPE, SEATS, progress_events
from api.security import MAP_POLICY
from api.sending import send_file
from gisgov.services.jobs import JobState, cancel_job, find_job, job_log, list_jobs, retry_job

router = APIRouter(prefix="/v1", tags=["jobs"])

JobId = Annotated[
    str,
    Path(
        alias="id",
        max_length=64,
        description="Id of the job, as `Location` names it.",
        examples=["0123456789abcdef0123456789abcdef"],
    ),
]
ResultName = Annotated[
    str,
    Path(alias="name", max_length=TEXT, description="Name of the file.", examples=["report.gpkg"]),
]
_READ = error_responses(401, 403, 404, 422, 503)
_CHANGE = error_responses(401, 403, 404, 409, 422, 503)


class JobsParameters(NoParameters):
    """Parameters of the list of jobs."""

    state: JobState | None = Field(None, description="Only those that stand so.", examples=["running"])
    kind: str | None = Field(None, max_length=TEXT, description="Only those of a kind.", examples=["check"])
    after: str | None = Field(
        None,
        max_length=64,
        description="Where the page before ended: the id of its last job. The header `Link` has the whole "
        "address of the next page.",
    )
    limit: int = Field(100, ge=1, le=1000, description="Most jobs on the page.")


@router.get(
    "/jobs", summary="The jobs", response_model=list[JobInfo], responses=error_responses(401, 422, 503)
)
def jobs(
    context: InContext, request: Request, response: Response, query: Annotated[JobsParameters, Query()]
) -> list[JobInfo]:
    """List one's own jobs, and everybody's with the right to manage jobs; the last one first."""
    found = list_jobs(
        context.database, state=query.state, kind=query.kind, after=query.after, limit=query.limit
    )
    if len(found) == query.limit:
        response.headers.update(next_link(next_address(request, found[-1].id)))
    return [info_of(job, context.jobs) for job in found]


@router.get("/jobs/{id}", summary="How a job stands", response_model=JobInfo, responses=_READ)
def one_job(context: InContext, job: JobId, _: Annotated[NoParameters, Query()]) -> JobInfo:
    """Tell how a job stands: how far it is, in the end what it made, or why it failed."""
    return info_of(find_job(context.database, job), context.jobs)


@router.delete("/jobs/{id}", summary="End or remove a job", status_code=204, responses=_READ)
def end_job(context: InContext, job: JobId, _: Annotated[NoParameters, Query()]) -> None:
    """End a job that waits or runs (its state is then `cancelled`); remove one that has ended.

    In both cases its files are removed at once, and what it has done so far has no effect.
    """
    cancel_job(context.database, context.jobs, job)


@router.post(
    "/jobs/{id}/retry",
    summary="Try a job again",
    status_code=202,
    response_model=JobInfo,
    responses=_CHANGE,
)
def try_again(
    context: InContext, job: JobId, response: Response, _: Annotated[NoParameters, Query()]
) -> JobInfo:
    """Let a job that failed wait for its turn once more; others are refused (409)."""
    again = retry_job(context.database, context.jobs, job)
    context.worker.nudge()
    response.headers["Location"] = f"{ADDRESS}{again.id}"
    return info_of(again, context.jobs)


@router.get("/jobs/{id}/log", summary="What a job told", response_model=list[JobLine], responses=_READ)
def log(context: InContext, job: JobId, _: Annotated[NoParameters, Query()]) -> list[JobLine]:
    """List what a job has told of itself, at most 1,000 lines of each attempt."""
    lines = job_log(context.database, job)
    return [JobLine(at=one.at, attempt=one.attempt, line=one.line) for one in lines]


@router.get(
    "/jobs/{id}/progress",
    summary="How a job goes on",
    response_class=StreamingResponse,
    responses={200: {"content": {MEDIA_TYPE: {}}}, **_READ},
)
async def progress(context: InContext, job: JobId, _: Annotated[NoParameters, Query()]) -> StreamingResponse:
    """Tell as server-sent events how a job goes on: an event `job` whenever it stands otherwise than before.

    Its data is the job as `GET /v1/jobs/{id}` gives it. The stream ends with the job.
    """
    SEATS.refuse_when_full()
    await run_in_threadpool(find_job, context.database, job)
    return StreamingResponse(
        progress_events(context, job), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"}
    )


@router.get(
    "/jobs/{id}/results/{name}",
    summary="A file that a job made",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}},
        **error_responses(401, 403, 404, 409, 422, 503),
    },
)
def result(
    context: InContext, request: Request, job: JobId, name: ResultName, _: Annotated[NoParameters, Query()]
) -> Response:
    """Give a file that a job made, until the job expires."""
    file = context.jobs.result(find_job(context.database, job), name)
    if file.media_type.startswith("text/html"):
        policy = {"Content-Security-Policy": MAP_POLICY}
        return send_file(request, file.path, file.media_type, headers=policy)
    return send_file(request, file.path, file.media_type, name=name)
