"""Hazards of buildings: recorded, taken step by step, listed, and counted by area."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from api.context import InContext
from api.json_bodies import described, sent
from api.paging import next_address, next_link
from api.parameters import TEXT, DayParameters, NoParameters
from api.problems import error_responses
from gisgov.governance.hazard_reports import HazardReport
from gisgov.governance.hazards import HazardAction, HazardKind, HazardStep
from gisgov.services import hazards
from gisgov.services.days import local_day, parse_day
from gisgov.services.hazards import (
    HazardHistory,
    HazardInfo,
    HazardsTaken,
    HazardStatistics,
    SentHazard,
    parse_hazards,
)
from gisgov.services.statistics.figure_tables import FORMS

router = APIRouter(prefix="/v1/hazards", tags=["hazards"])

MOST: Final = 10_000
"""How many hazards come at once, at most."""

_WORDS: Final = 4_000
_MOST_BYTES: Final = 32_000_000
_READ = error_responses(401, 403, 404, 422, 429, 503)
_SEND = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)
_Id = Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of the hazard.", examples=[12])]


class HazardBody(NoParameters):
    """A hazard as a source tells of it."""

    external_id: str = Field(
        max_length=TEXT, description="What it is called at its source.", examples=["2026-0017"]
    )
    building: str = Field(
        max_length=TEXT, description="Its building, by the id outside.", examples=["44990100100100001"]
    )
    building_source: str | None = Field(
        None, max_length=TEXT, description="Whose id that is, where several sources have it."
    )
    kind: HazardKind = Field(description="What it is of.")
    found_on: date = Field(description="When it was found.", examples=["2026-05-01"])
    due_on: date | None = Field(None, description="The last day to rectify it in time.")
    rectified_on: date | None = Field(None, description="When it was rectified, if it was.")
    checked_on: date | None = Field(None, description="When that was checked and closed, if it was.")
    event: int | None = Field(
        None, ge=1, le=2**63 - 1, description="Id of the event by which it came to light."
    )
    description: str | None = Field(None, max_length=_WORDS, description="What it is. No names of residents.")


class HazardsBody(NoParameters):
    """Hazards of one source."""

    source: str = Field(
        min_length=1, max_length=TEXT, description="Who tells of them.", examples=["fire-inspection"]
    )
    hazards: list[HazardBody] = Field(min_length=1, max_length=MOST, description="The hazards.")


class HazardStepBody(NoParameters):
    """What is done with a hazard."""

    action: Literal["rectify", "check", "return", "extend"] = Field(
        description="`rectify`; `check`: passed; `return`: the check failed; `extend` its term."
    )
    day: date | None = Field(None, description="When it was done. Default: today.")
    reason: str | None = Field(
        None, max_length=_WORDS, description="Why; needed to return it and to extend its term."
    )
    due_on: date | None = Field(
        None, description="The new term: of `extend`, and of `return` if there is another."
    )


class HazardListParameters(NoParameters):
    """Parameters of the list of hazards."""

    layer: str | None = Field(
        None, max_length=TEXT, description="Layer of the area that owns their buildings.", examples=["grid"]
    )
    area: str | None = Field(None, max_length=TEXT, description="Code of that area.", examples=["A"])
    building: int | None = Field(None, ge=1, le=2**63 - 1, description="Id of their building here.")
    kind: str | None = Field(
        None, max_length=TEXT, description="Kinds, separated by commas.", examples=["fire,electrical"]
    )
    state: str | None = Field(
        None,
        max_length=TEXT,
        description="States: found, rectified, checked; commas between.",
        examples=["found"],
    )
    overdue: bool | None = Field(
        None, description="`true`: only those whose term is over and that are not rectified; `false`: others."
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Most hazards on the page.")
    after: str | None = Field(
        default=None,
        max_length=40,
        description="Where the page before ended. The header `Link` has the whole address of the next page.",
    )


class HazardStatisticsParameters(DayParameters):
    """Parameters of the statistics of hazards."""

    layer: str = Field(max_length=TEXT, description="Layer whose areas are counted.", examples=["grid"])
    since: date | None = Field(None, description="First day on which they were found. Default: all.")
    until: date | None = Field(None, description="Last day on which they were found. Default: all.")
    format: Literal["json", "csv", "xlsx"] = Field(default="json", description="`csv` and `xlsx` are tables.")
    language: Literal["zh", "en"] = Field(default="zh", description="Of the headings of a table.")


@router.post(
    "",
    summary="Record hazards",
    responses=_SEND,
    openapi_extra=described(HazardsBody),
)
def record_hazards(
    context: InContext,
    body: Annotated[HazardsBody, Depends(sent(HazardsBody, "hazards", most_bytes=_MOST_BYTES))],
    _: Annotated[NoParameters, Query()],
) -> HazardsTaken:
    """Record hazards, each with its result; sent again they change nothing.

    One that is known and was rectified or checked since is carried on. Buildings concerned are rated anew.
    """
    told = [
        SentHazard(
            external_id=one.external_id,
            building=one.building,
            kind=one.kind,
            days=HazardReport(one.found_on, one.due_on, one.rectified_on, one.checked_on),
            building_source=one.building_source,
            description=one.description,
            event_id=one.event,
        )
        for one in body.hazards
    ]
    today, zone = local_day(None, context.timezone), context.timezone
    return hazards.record_hazards(context.database, body.source, told, today=today, timezone=zone)


@router.get("", summary="Hazards", responses=_READ)
def hazard_list(
    context: InContext,
    request: Request,
    response: Response,
    query: Annotated[HazardListParameters, Query()],
) -> list[HazardInfo]:
    """List hazards of buildings that you may see, page by page, those recorded last first."""
    asked = parse_hazards(
        layer=query.layer,
        area=query.area,
        building_id=query.building,
        kind=query.kind,
        state=query.state,
        is_overdue=query.overdue,
    )
    today = local_day(None, context.timezone)
    page = hazards.list_hazards(context.database, asked, today=today, after=query.after, limit=query.limit)
    if page.after is not None:
        response.headers.update(next_link(next_address(request, page.after)))
    return list(page.hazards)


@router.get(
    "/statistics",
    summary="Statistics of hazards",
    response_model=HazardStatistics,
    responses={
        200: {"content": {media_type.partition(";")[0]: {} for media_type in FORMS.values()}},
        **_READ,
    },
)
def statistics_of_hazards(
    context: InContext, query: Annotated[HazardStatisticsParameters, Query()]
) -> HazardStatistics | Response:
    """Count hazards by area and kind: found, rectified, checked, open, overdue, and the rates of these.

    Rows of what lies in no area and of buildings without a place make the parts add up to the whole.
    """
    found = hazards.hazard_statistics(
        context.database,
        query.layer,
        at=parse_day(query.at, context.timezone),
        since=query.since,
        until=query.until,
        today=local_day(None, context.timezone),
    )
    if query.format == "json":
        return found
    name = f'attachment; filename="hazards.{query.format}"'
    body = hazards.hazard_table(found, query.language).file(query.format)
    return Response(body, headers={"Content-Disposition": name}, media_type=FORMS[query.format])


@router.get("/{id}", summary="A hazard", responses=_READ)
def hazard(context: InContext, id: _Id, _: Annotated[NoParameters, Query()]) -> HazardHistory:  # noqa: A002
    """Tell how a hazard stands, and all that was done with it."""
    return hazards.find_hazard(context.database, id, today=local_day(None, context.timezone))


@router.post(
    "/{id}/steps",
    summary="Take a step with a hazard",
    responses=_SEND,
    openapi_extra=described(HazardStepBody),
)
def take_hazard_step(
    context: InContext,
    id: _Id,  # noqa: A002
    body: Annotated[HazardStepBody, Depends(sent(HazardStepBody, "a step"))],
    _: Annotated[NoParameters, Query()],
) -> HazardInfo:
    """Rectify a hazard, check it, send it back or extend its term; its building is rated anew.

    Whoever rectifies holds `hazards.record` where the building lies; the other steps take `hazards.check`.
    """
    today, zone = local_day(None, context.timezone), context.timezone
    step = HazardStep(HazardAction(body.action), body.day or today, body.reason, body.due_on)
    return hazards.take_hazard_step(context.database, id, step, today=today, timezone=zone)
