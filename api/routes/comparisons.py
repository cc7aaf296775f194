"""Two plans held against each other."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.context import InContext
from api.geojson import GeoJson
from api.parameters import TEXT, NoParameters, PlanName
from api.problems import error_responses
from gisgov.services.comparing.comparing import compare_plans, compare_with_ground
from gisgov.services.comparing.features import changed_ground
from gisgov.services.comparing.reports import PlanComparison

router = APIRouter(prefix="/v1/plans", tags=["plans"])


class ComparisonParameters(NoParameters):
    """Parameters of a comparison."""

    other: str = Field(
        alias="with",
        max_length=TEXT,
        description="Name of the other plan: what came, or is to come, after the first.",
        examples=["grid-2026"],
    )
    format: Literal["json", "geojson"] = Field(
        default="json", description="`geojson`: the ground that changes hands, a feature for each row."
    )


@router.get(
    "/{plan:name}/comparison",
    summary="Compare two plans",
    response_model=PlanComparison,
    responses=error_responses(401, 403, 404, 422, 429, 503),
)
def comparison(
    context: InContext, plan: PlanName, query: Annotated[ComparisonParameters, Query()]
) -> PlanComparison | Response:
    """Say what became of each area of a plan in another, and what changes hands: rows that add up.

    Both may be drafts. An area goes on in the one that it shares most people and ground with.
    """
    if query.format == "geojson":
        return GeoJson(changed_ground(compare_with_ground(context.database, plan, query.other)))
    return compare_plans(context.database, plan, query.other)
