"""Risk of buildings: rules proposed, previewed and put in force; why a building has its class."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import ConfigDict, Field, field_validator, model_validator
from starlette.concurrency import run_in_threadpool

from api.context import InContext
from api.documents import WORKBOOK, described_document, document_bytes, media_type_of, sent_document
from api.import_jobs import begun
from api.job_infos import JobInfo
from api.json_bodies import described, sent
from api.parameters import TEXT, DayParameters, NoParameters
from api.problems import error_responses
from fixtures.risk_documents import read_workbook_bytes
from gisgov.governance.risk import RiskRules, parse_rules
from gisgov.services.days import parse_day
from gisgov.services.layers import show_layer
from gisgov.services.rating import (
    BuildingRisk,
    RatingHistory,
    RiskSummary,
    RulesCompared,
    RulesDetail,
    RulesInfo,
    RulesProposed,
    compare_versions,
    explain_building,
    list_rules,
    propose_rules,
    rating_history,
    risk_summary,
    show_rules,
)
from gisgov.work import ratings

router = APIRouter(prefix="/v1", tags=["risk"])

MOST_SHOWN: Final = 1_000
"""How many buildings a preview names, and how many ratings a history has, at most."""

_READ = error_responses(401, 403, 404, 422, 429, 503)
_CHANGE = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)
_None = Annotated[NoParameters, Query()]

BuildingId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of the building.", examples=[1])]
Version = Annotated[str, Path(max_length=TEXT, description="Version of the rules.", examples=["example-2"])]


class RulesBody(NoParameters):
    """Rules: ``version``, titles, ``source``, thresholds, facts, factors and triggers, as a file has them."""

    model_config = ConfigDict(extra="allow")


async def _sent_rules(request: Request) -> RiskRules:
    if media_type_of(request) == WORKBOOK:
        return await run_in_threadpool(read_workbook_bytes, await document_bytes(request))
    body = await sent_document(RulesBody, "rules", further=(WORKBOOK,))(request)
    return parse_rules(body.model_dump(), "the rules")


class PreviewBody(NoParameters):
    """Rules whose effect is asked for: a version on record, or the rules themselves."""

    version: str | None = Field(None, max_length=TEXT, description="Version of rules on record.")
    rules: dict[str, Any] | None = Field(None, description="Rules that need not be on record.")
    layer: str | None = Field(
        None, max_length=TEXT, description="Layer to count by. Default: the lowest in force."
    )
    shown: int = Field(20, ge=0, le=MOST_SHOWN, description="How many buildings that change are named.")

    @model_validator(mode="after")
    def _one_of_both(self) -> PreviewBody:
        if (self.version is None) == (self.rules is None):
            raise ValueError("either a version or rules are previewed")
        return self


class AdoptionBody(NoParameters):
    """Why rules are put in force."""

    reason: str = Field(
        min_length=1, max_length=2_000, description="The decision that they rest on, in words."
    )

    @field_validator("reason")
    @classmethod
    def _not_blank(cls, reason: str) -> str:
        if not reason.strip():
            raise ValueError("the reason is blank")
        return reason


class SummaryParameters(DayParameters):
    """Parameters of the summary."""

    layer: str | None = Field(
        None, max_length=TEXT, description="Layer to count by. Default: the lowest in force."
    )
    areas_at: str | None = Field(
        default=None,
        max_length=40,
        description="Another day whose areas are counted by, so that several days stand on the same areas. "
        "Default: that of `at`.",
        examples=["2026-04-01"],
    )


class ComparisonParameters(NoParameters):
    """Parameters of a comparison."""

    with_: str = Field(alias="with", max_length=TEXT, description="The other version.", examples=["2026-2"])


class HistoryParameters(NoParameters):
    """Parameters of a history."""

    limit: int = Field(100, ge=1, le=MOST_SHOWN, description="How many ratings, the latest first.")


@router.get("/buildings/{id}/risk", summary="Why a building has its class", responses=_READ)
def building_risk(
    context: InContext,
    id: BuildingId,  # noqa: A002 - as in the address
    query: Annotated[DayParameters, Query()],
) -> BuildingRisk:
    """Say what a building was rated on a day, with reasons and facts; `rating` is null if it was not yet."""
    day = parse_day(query.at, context.timezone)
    return explain_building(context.database, id, at=day, timezone=context.timezone)


@router.get("/buildings/{id}/risk/history", summary="All ratings of a building", responses=_READ)
def building_ratings(
    context: InContext,
    id: BuildingId,  # noqa: A002 - as in the address
    query: Annotated[HistoryParameters, Query()],
) -> RatingHistory:
    """List the ratings of a building, the latest first, with the facts that were others before."""
    return rating_history(context.database, id, most=query.limit)


@router.get("/risk/summary", summary="Classes of buildings by area", responses=_READ)
def risk_by_area(context: InContext, query: Annotated[SummaryParameters, Query()]) -> RiskSummary:
    """Count the buildings that whoever asks may see by class, as they are rated or as they were on a day."""
    return risk_summary(
        context.database,
        layer=query.layer,
        at=parse_day(query.at, context.timezone),
        areas_at=parse_day(query.areas_at, context.timezone, field="areas_at") if query.areas_at else None,
        today=parse_day(None, context.timezone),
        timezone=context.timezone,
    )


@router.get("/risk/rules", summary="Risk rules on record", responses=_READ)
def risk_rules(context: InContext, _: _None) -> list[RulesInfo]:
    """List the rules in force, those before them, and those proposed."""
    return list(list_rules(context.database))


@router.post(
    "/risk/rules",
    summary="Propose risk rules",
    status_code=201,
    responses=_CHANGE,
    openapi_extra=described_document(RulesBody, WORKBOOK),
)
def propose_risk_rules(
    context: InContext, rules: Annotated[RiskRules, Depends(_sent_rules)], _: _None
) -> RulesProposed:
    """Keep rules under a version of their own; buildings are rated by them once they are put in force.

    They come as JSON, YAML or TOML, or as the workbook that `gisgov risk rules` writes.
    """
    return propose_rules(context.database, rules)


@router.get("/risk/rules/{version}", summary="A version of the risk rules", responses=_READ)
def risk_rules_of_version(context: InContext, version: Version, _: _None) -> RulesDetail:
    """Show what a version says, be it proposed."""
    return show_rules(context.database, version)


@router.get("/risk/rules/{version}/comparison", summary="What differs between two versions", responses=_READ)
def risk_rules_compared(
    context: InContext, version: Version, query: Annotated[ComparisonParameters, Query()]
) -> RulesCompared:
    """Say what another version says otherwise: thresholds, facts, factors, bands and triggers."""
    return compare_versions(context.database, version, query.with_)


@router.post(
    "/risk/rules/{version}/adoption",
    summary="Put risk rules in force",
    status_code=202,
    responses=_CHANGE,
    openapi_extra=described(AdoptionBody),
)
async def adopt_risk_rules(
    context: InContext,
    version: Version,
    response: Response,
    body: Annotated[AdoptionBody, Depends(sent(AdoptionBody, "an adoption"))],
    _: _None,
) -> JobInfo:
    """Put rules in force and rate all buildings by them, as a job: both happen with its end, or neither."""
    await run_in_threadpool(show_rules, context.database, version)  # they must be there
    asked = {"version": version, "reason": body.reason}
    return await begun(context, response, ratings.ADOPTION, version, asked)


@router.post(
    "/risk/previews",
    summary="What rules would change",
    status_code=202,
    responses=_CHANGE,
    openapi_extra=described(PreviewBody),
)
async def preview_risk_rules(
    context: InContext,
    response: Response,
    body: Annotated[PreviewBody, Depends(sent(PreviewBody, "a preview"))],
    _: _None,
) -> JobInfo:
    """Rate all buildings by rules and say what would change, as a job; nothing is written but its report."""
    asked = body.model_dump(exclude_none=True)
    if body.layer is not None:
        await run_in_threadpool(show_layer, context.database, body.layer, at=context.today)
    if body.version is not None:
        await run_in_threadpool(show_rules, context.database, body.version)
        title = body.version
    else:
        title = parse_rules(body.rules, "the rules").version
    return await begun(context, response, ratings.PREVIEW, title, asked)


@router.post("/risk/ratings", summary="Rate all buildings", status_code=202, responses=_READ)
async def rate_all_buildings(context: InContext, response: Response, _: _None) -> JobInfo:
    """Rate all buildings by the rules in force, as a job; what did not change is not written."""
    found = await run_in_threadpool(show_rules, context.database)
    return await begun(context, response, ratings.KIND, found.rules.version, {})
