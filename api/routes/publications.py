"""Publications: previewed, made, ended, taken back."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response
from starlette.concurrency import run_in_threadpool

from api.context import InContext
from api.draft_requests import IfMatch, revision_seen
from api.job_infos import ADDRESS, JobInfo, info_of
from api.job_requests import drafted, put_in
from api.json_bodies import described, sent
from api.parameters import NoParameters, PlanName
from api.problems import error_responses
from api.publication_requests import (
    PreviewBody,
    PreviewParameters,
    PublicationBody,
    RetirementBody,
    WithdrawalBody,
)
from gisgov.services.days import parse_day
from gisgov.services.plans import PlanInfo, show_plan
from gisgov.services.publishing import (
    PlanPreview,
    PlanPublication,
    preview_plan,
    publish_plan,
    retire_plan,
    withdraw_plan,
)
from gisgov.work import previews

router = APIRouter(prefix="/v1/plans", tags=["plans"])

MOST_EVENTS: Final = 1_000
"""Events that a preview lists in its answer; as a job it lists all."""

_READ = error_responses(401, 403, 404, 409, 422, 429, 503)
_CHANGE = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)
_PUBLISH = error_responses(401, 403, 404, 409, 412, 413, 415, 422, 429, 503)
_None = Annotated[NoParameters, Query()]


@router.get("/{plan:name}/preview", summary="What publishing a draft will do", responses=_READ)
def preview(context: InContext, plan: PlanName, query: Annotated[PreviewParameters, Query()]) -> PlanPreview:
    """Say exactly what publishing a draft will do on a day, and change nothing.

    It is published and taken back in one transaction. Lists at most 1,000 events by name, and counts all.
    """
    return preview_plan(
        context.database,
        plan,
        effective=None
        if query.effective is None
        else parse_day(query.effective, context.timezone, field="effective"),
        timezone=context.timezone,
        most_events=MOST_EVENTS,
    )


@router.post(
    "/{plan:name}/previews",
    summary="The same, as a job",
    status_code=202,
    responses=_CHANGE,
    openapi_extra=described(PreviewBody),
)
async def begin_preview(
    context: InContext,
    response: Response,
    plan: PlanName,
    body: Annotated[PreviewBody, Depends(sent(PreviewBody, "a preview"))],
    _: _None,
) -> JobInfo:
    """Say what publishing a draft will do, as a job: the whole document, and its lists as CSV."""
    await run_in_threadpool(show_plan, context.database, plan)  # it must be there
    asked = {"plan": plan, **body.model_dump(mode="json", exclude_none=True)}
    async with drafted(context) as draft:
        parameters: dict[str, Any] = {"request": asked, "place": "body"}
        job = await put_in(context, draft, kind=previews.KIND, title=plan, parameters=parameters)
    response.headers.update({"Location": f"{ADDRESS}{job.id}", "Retry-After": "1"})
    return info_of(job, context.jobs)


@router.post(
    "/{plan:name}/publication",
    summary="Put a draft into force",
    responses=_PUBLISH,
    openapi_extra=described(PublicationBody),
)
def publish(
    context: InContext,
    plan: PlanName,
    body: Annotated[PublicationBody, Depends(sent(PublicationBody, "a publication"))],
    _: _None,
    if_match: IfMatch = None,
) -> PlanPublication:
    """Check a draft and put it into force, at once or on a day to come, all or nothing.

    With `If-Match` it is put into force as it was seen: where somebody changed it since, nothing is
    done (412).
    """
    seen = None if if_match is None else revision_seen(if_match)
    return publish_plan(context.database, plan, **body.model_dump(), seen=seen, timezone=context.timezone)


@router.post(
    "/{plan:name}/withdrawal",
    summary="Take a published plan back",
    responses=_CHANGE,
    openapi_extra=described(WithdrawalBody),
)
def withdraw(
    context: InContext,
    plan: PlanName,
    body: Annotated[WithdrawalBody, Depends(sent(WithdrawalBody, "a withdrawal"))],
    _: _None,
) -> PlanPublication:
    """Publish again what was in force before a plan. Nothing is deleted."""
    return withdraw_plan(context.database, plan, **body.model_dump(), timezone=context.timezone)


@router.post(
    "/{plan:name}/retirement",
    summary="End a published plan",
    responses=_CHANGE,
    openapi_extra=described(RetirementBody),
)
def retire(
    context: InContext,
    plan: PlanName,
    body: Annotated[RetirementBody, Depends(sent(RetirementBody, "a retirement"))],
    _: _None,
) -> PlanInfo:
    """End the validity of a published plan without another to follow it."""
    return retire_plan(context.database, plan, valid_to=body.valid_to, timezone=context.timezone)
