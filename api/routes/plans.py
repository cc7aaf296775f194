"""Plans: versions of layers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.context import InContext
from api.paging import next_address, next_link
from api.parameters import NoParameters, PlanName, PlansParameters
from api.problems import error_responses
from gisgov.services.days import parse_day
from gisgov.services.plans import PlanDetail, PlanInfo, delete_draft, page_of_plans, show_plan

router = APIRouter(prefix="/v1/plans", tags=["plans"])


@router.get("", summary="All plans", responses=error_responses(404, 422, 503))
def plans(
    context: InContext, request: Request, response: Response, query: Annotated[PlansParameters, Query()]
) -> list[PlanInfo]:
    """List the plans, page by page; `at` keeps those in force on a day."""
    day = None if query.at is None else parse_day(query.at, context.timezone)
    page = page_of_plans(context.database, query.layer, day, limit=query.limit, after=query.after)
    if page.after is not None:
        response.headers.update(next_link(next_address(request, page.after)))
    return list(page.plans)


@router.get("/{plan:name}", summary="One plan", responses=error_responses(404, 422, 503))
def one_plan(context: InContext, plan: PlanName, _: Annotated[NoParameters, Query()]) -> PlanDetail:
    """Show one plan: its validity, the decision it rests on, its source and what it holds."""
    return show_plan(context.database, plan)


@router.delete(
    "/{plan:name}",
    summary="Delete a draft",
    status_code=204,
    responses=error_responses(401, 403, 404, 409, 422, 429, 503),
)
def remove_draft(context: InContext, plan: PlanName, _: Annotated[NoParameters, Query()]) -> None:
    """Delete a draft with its areas, its log and its snapshots; a published plan stays (409)."""
    delete_draft(context.database, plan)
