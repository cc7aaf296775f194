"""Checks of files and plans: asked for, watched, fetched."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.check_answers import (
    REPORT_TYPES,
    CheckInfo,
    address_of,
    find_check,
    info_response,
    result_name,
    saved_name,
)
from api.check_requests import CheckRequest, read_check, request_body
from api.context import Context, InContext
from api.job_answers import failure_response
from api.job_requests import drafted, put_in
from api.parameters import CheckId, CheckParameters, NoParameters, PlanCheckParameters, ReportParameters
from api.preferences import Preference, preferred_type
from api.problems import error_responses
from api.security import MAP_POLICY
from api.sending import send_file
from gisgov.errors import AssetsMissing, NotFoundError
from gisgov.services.check_jobs import KIND, REPORT, SUMMARY
from gisgov.services.checking import CheckReport
from gisgov.services.jobs import Job, JobState, cancel_job, find_job

router = APIRouter(prefix="/v1", tags=["checks"])

_SMALL_BYTES = 4_000_000
_PATIENCE_S = 10.0
_LOOK_S = 0.05

_IN_EVERY_FORM: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in REPORT_TYPES.values()}},
    **error_responses(404, 409, 422, 503, 504),
}
_FORMS = {kind.partition(";")[0]: form for form, kind in REPORT_TYPES.items()}


@router.post(
    "/check",
    summary="Check a file or a plan",
    response_model=CheckReport,
    responses={
        202: {"model": CheckInfo, "description": "It takes longer: see `Location`."},
        **error_responses(403, 404, 413, 415, 422, 503, 504),
    },
    openapi_extra=request_body(),
)
async def check(
    context: InContext, request: Request, query: Annotated[PlanCheckParameters, Query()]
) -> Response:
    """Find the gaps, overlaps and other defects of the areas in a file, or of a plan.

    A file comes in a form (`multipart/form-data`), a plan in the address or as JSON. What is small is
    answered at once with its report. What takes longer is answered by 202: `Location` says where to look for
    it. `Prefer: respond-async` asks for that from the first, `Prefer: wait=30` waits for so many seconds.
    """
    async with drafted(context) as draft:
        asked = await read_check(context, request, query, draft)
        job = await put_in(
            context,
            draft,
            kind=KIND,
            title=asked.title,
            parameters={"question": asked.question.written(), "place": asked.place},
            inputs=asked.inputs,
        )
    preference = Preference.of(request.headers.get("Prefer", ""))
    job = await _watched(context, job, _patience_s(asked, preference))
    if job.state is JobState.DONE:
        file = context.jobs.result(job, REPORT).path
        headers = {"Content-Location": address_of(job)}
        return send_file(request, file, REPORT_TYPES["json"], headers=headers)
    if job.state is JobState.FAILED:
        return failure_response(job, address_of(job))
    applied = {"Preference_Applied": "respond-async"} if preference.is_async else {}
    return info_response(job, None, status=202, Location=address_of(job), Retry_After="1", **applied)


def _patience_s(asked: CheckRequest, preference: Preference) -> float:
    """Return how long the answer may wait for the report."""
    if preference.is_async:
        return 0.0
    if preference.wait_s is not None:
        return float(preference.wait_s)
    return _PATIENCE_S if asked.size_bytes <= _SMALL_BYTES else 0.0


async def _watched(context: Context, job: Job, patience_s: float) -> Job:
    """Return a job once it has ended, or as it is when patience does."""
    clock = asyncio.get_running_loop().time
    end = clock() + patience_s
    while clock() < end and not job.state.has_ended:
        await asyncio.sleep(_LOOK_S)
        job = await run_in_threadpool(find_job, context.database, job.id)
    return job


@router.get(
    "/checks/{id}",
    summary="How far a check is, and what it found",
    response_model=CheckInfo,
    responses=error_responses(404, 422),
)
def one_check(context: InContext, check: CheckId, query: Annotated[CheckParameters, Query()]) -> Response:
    """Tell the state of a check and how far it is; in the end its report, or why it failed."""
    job = find_check(context.database, check)
    if job.state is not JobState.DONE:
        return info_response(job, None)
    return info_response(job, context.jobs.result(job, REPORT if query.defects else SUMMARY).path)


@router.delete(
    "/checks/{id}",
    summary="End or remove a check",
    status_code=204,
    responses=error_responses(403, 404, 422),
)
def end_check(context: InContext, check: CheckId, _: Annotated[NoParameters, Query()]) -> None:
    """End a check that waits or runs (its state is then `cancelled`); remove one that has ended.

    In both cases its files are removed at once.
    """
    job = find_check(context.database, check)
    cancel_job(context.database, context.jobs, job.id)


@router.get(
    "/checks/{id}/report",
    summary="The report of a check",
    response_model=CheckReport,
    responses=_IN_EVERY_FORM,
)
def report(
    context: InContext, request: Request, check: CheckId, query: Annotated[ReportParameters, Query()]
) -> Response:
    """Give the report in the form that `Accept` asks for: JSON, GeoJSON, a GeoPackage or a page."""
    form = _FORMS[preferred_type(request.headers.get("Accept", ""), tuple(_FORMS))]
    return _report(context, request, check, form, query.language)


@router.get(
    "/checks/{id}/report.{form}",
    summary="The report of a check in one form",
    response_model=CheckReport,
    responses=_IN_EVERY_FORM,
)
def report_in_form(
    context: InContext,
    request: Request,
    check: CheckId,
    form: Annotated[
        Literal["json", "geojson", "gpkg", "html"],
        PathParameter(description="Form of the report.", examples=["gpkg"]),
    ],
    query: Annotated[ReportParameters, Query()],
) -> Response:
    """Give the report as JSON, the defects as GeoJSON or as a GeoPackage, or a page with a map of them."""
    return _report(context, request, check, form, query.language)


def _report(context: Context, request: Request, check: str, form: str, language: str) -> Response:
    job = find_check(context.database, check)
    if job.state is JobState.FAILED:
        return failure_response(job, address_of(job))
    try:
        file = context.jobs.result(job, result_name(form, language)).path
    except NotFoundError as error:
        raise AssetsMissing(
            "The report has no page: there was nothing to draw, or the web assets were not built.",
            hint="Run `make web` in the project folder, and ask for the check again.",
        ) from error
    headers = {"Vary": "Accept"}
    if form == "html":
        headers["Content-Security-Policy"] = MAP_POLICY
    return send_file(request, file, REPORT_TYPES[form], name=saved_name(job, form), headers=headers)
