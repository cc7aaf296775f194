"""Re-divisions of drafts: asked for, watched, ended, fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.context import Context, InContext
from api.draft_answers import EditAnswer, edit_answer, tagged
from api.draft_requests import IfMatch, OperationParameters, revision_seen
from api.geojson import MEDIA_TYPE as GEOJSON_TYPE
from api.job_answers import failure_response
from api.job_requests import drafted, put_in
from api.json_bodies import described, sent
from api.parameters import (
    NoParameters,
    PlanName,
    RedivisionAreasParameters,
    RedivisionId,
    RedivisionPageParameters,
    RedivisionParameters,
)
from api.problems import error_responses
from api.redivision_answers import RedivisionInfo, address_of, find_redivision, info_response
from api.redivision_requests import ChoiceBody, read_redivision, request_body
from api.security import MAP_POLICY
from api.sending import send_file
from fixtures.shipped import redivision_policy
from gisgov.errors import AssetsMissing, NotFoundError
from gisgov.services.editing.choosing import choose_division
from gisgov.services.jobs import Job, JobState, cancel_job
from gisgov.services.redividing import KIND, refuse_early
from gisgov.services.redividing.files import REPORT, SUMMARY, areas_name, page_name
from gisgov.services.redividing.kept_divisions import division_name, read_division

router = APIRouter(prefix="/v1", tags=["plans"])


@router.post(
    "/plans/{plan:name}/redivide",
    summary="Divide a draft anew",
    status_code=202,
    response_model=RedivisionInfo,
    responses=error_responses(403, 404, 409, 413, 415, 422, 503),
    openapi_extra=request_body(),
)
async def redivide(
    context: InContext, request: Request, plan: PlanName, _: Annotated[NoParameters, Query()]
) -> Response:
    """Divide the blocks of a draft into areas of about equal load, near the areas that it has.

    The answer comes at once; `Location` says where to look for the result. The draft becomes it in one step
    at the end. A draft without areas is divided from nothing. A published plan is not changed (409).
    """
    asked = await read_redivision(context, request, plan)
    digest = await run_in_threadpool(refuse_early, context.database, asked, redivision_policy())
    async with drafted(context) as draft:
        parameters = {
            "request": asked.written(),
            "place": "body",
            "path": ["plan"],
            "content_sha256": digest,
        }
        job = await put_in(context, draft, kind=KIND, title=asked.plan, parameters=parameters)
    return info_response(job, None, status=202, Location=address_of(job), Retry_After="1")


@router.get(
    "/redivisions/{id}",
    summary="How far a re-division is, and what it made",
    response_model=RedivisionInfo,
    responses=error_responses(404, 422),
)
def one_redivision(
    context: InContext, redivision: RedivisionId, query: Annotated[RedivisionParameters, Query()]
) -> Response:
    """Tell the state of a re-division and how far it is; in the end its report, or why it failed."""
    job = find_redivision(context.database, redivision)
    if job.state is not JobState.DONE:
        return info_response(job, None)
    return info_response(job, context.jobs.result(job, REPORT if query.areas else SUMMARY).path)


@router.delete(
    "/redivisions/{id}",
    summary="End or remove a re-division",
    status_code=204,
    responses=error_responses(403, 404, 422),
)
def end_redivision(context: InContext, redivision: RedivisionId, _: Annotated[NoParameters, Query()]) -> None:
    """End a re-division that waits or runs, and leave the draft as it was; remove one that has ended."""
    job = find_redivision(context.database, redivision)
    cancel_job(context.database, context.jobs, job.id)


@router.post(
    "/redivisions/{id}/choice",
    summary="Let the draft become an alternative",
    response_model=EditAnswer,
    responses=error_responses(401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503),
    openapi_extra=described(ChoiceBody),
)
def choose_alternative(
    context: InContext,
    redivision: RedivisionId,
    body: Annotated[ChoiceBody, Depends(sent(ChoiceBody, "a choice"))],
    query: Annotated[OperationParameters, Query()],
    if_match: IfMatch = None,
) -> Response:
    """Let the draft become an alternative, as one operation of its log, which can be undone.

    `If-Match` and the answer are those of an operation. Another alternative may be chosen after it. Where the
    blocks that were divided were cut since, or areas reach beyond them now, nothing is done (409).
    """
    job = find_redivision(context.database, redivision)
    seen = revision_seen(if_match)
    kept = _made(context, job, division_name(body.alternative), body.alternative)
    done = choose_division(
        context.database,
        job.title,
        read_division(kept),
        asked={"redivision": job.id, "alternative": body.alternative},
        seen=seen,
        today=context.today,
        timezone=context.timezone,
    )
    return tagged(EditAnswer, edit_answer(context.database, done, geometry=query.geometry), done.revision)


@router.get(
    "/redivisions/{id}/areas",
    summary="The areas that a re-division made",
    responses={200: {"content": {GEOJSON_TYPE: {}}}, **error_responses(404, 409, 422, 503, 504)},
    response_class=Response,
)
def areas_of_redivision(
    context: InContext,
    request: Request,
    redivision: RedivisionId,
    query: Annotated[RedivisionAreasParameters, Query()],
) -> Response:
    """Give the areas of an alternative as GeoJSON (WGS 84), with their figures as properties."""
    job = find_redivision(context.database, redivision)
    if job.state is JobState.FAILED:
        return failure_response(job, address_of(job))
    file = _made(context, job, areas_name(query.alternative), query.alternative)
    return send_file(request, file, GEOJSON_TYPE)


@router.get(
    "/redivisions/{id}/page",
    summary="The alternatives of a re-division as a page",
    responses={200: {"content": {"text/html": {}}}, **error_responses(404, 409, 422, 503, 504)},
    response_class=Response,
)
def page_of_redivision(
    context: InContext,
    request: Request,
    redivision: RedivisionId,
    query: Annotated[RedivisionPageParameters, Query()],
) -> Response:
    """Give a page that needs no network: the alternatives side by side, and a map and list of each."""
    job = find_redivision(context.database, redivision)
    if job.state is JobState.FAILED:
        return failure_response(job, address_of(job))
    try:
        file = context.jobs.result(job, page_name(query.language)).path
    except NotFoundError as error:
        raise AssetsMissing(
            "The re-division has no page: the web assets were not built.",
            hint="Run `make web` in the project folder, and ask for the re-division again.",
        ) from error
    return send_file(
        request, file, "text/html; charset=utf-8", headers={"Content-Security-Policy": MAP_POLICY}
    )


def _made(context: Context, job: Job, name: str, alternative: int) -> Path:
    """Return the file of an alternative."""
    try:
        return context.jobs.result(job, name).path
    except NotFoundError as error:
        raise NotFoundError(
            f"The re-division has no alternative {alternative}.",
            hint="Its report lists those that it found: there may be fewer than were asked for.",
            field="alternative",
        ) from error
