"""Patrols, visits and service points: check-ins taken in, and what they come to by area."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from api.context import InContext
from api.json_bodies import described, sent
from api.paging import next_address, next_link
from api.parameters import TEXT, DayParameters, LayerName, NoParameters
from api.problems import error_responses
from gisgov.services import patrols
from gisgov.services.building_lists import BuildingInfo
from gisgov.services.days import parse_day
from gisgov.services.patrols import (
    CheckInsTaken,
    PatrolCoverage,
    SentCheckIn,
    ServiceCoverage,
    ServicePointInfo,
    VisitLoad,
)

router = APIRouter(prefix="/v1", tags=["patrols"])

MOST: Final = 5_000
"""How many check-ins come at once, at most."""

_READ = error_responses(401, 403, 404, 409, 422, 429, 503)
_SEND = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)
_Number = Annotated[float, Field(strict=True)]


class CheckInBody(NoParameters):
    """Where and when somebody on patrol was."""

    external_id: str = Field(
        max_length=200, description="What it is called at its source.", examples=["p-0017-0931"]
    )
    area: str = Field(max_length=TEXT, description="Code of the area that was patrolled.", examples=["A"])
    at: datetime = Field(description="When: ISO 8601, without an offset in the service's time zone.")
    lon: _Number = Field(description="Longitude or easting.", examples=[114.005])
    lat: _Number = Field(description="Latitude or northing.", examples=[22.505])


class CheckInsBody(NoParameters):
    """Check-ins of one source in areas of one layer."""

    source: str = Field(min_length=1, max_length=100, description="Who tells of them.", examples=["app"])
    layer: str = Field(max_length=TEXT, description="Layer of the areas.", examples=["grid"])
    crs: str | int = Field(
        description="What lon and lat mean: wgs84, gcj02, bd09, cgcs2000, EPSG:4547 …", examples=["gcj02"]
    )
    points: list[CheckInBody] = Field(min_length=1, max_length=MOST, description="The check-ins.")


class PatrolParameters(NoParameters):
    """Parameters of the coverage of patrols."""

    from_: date = Field(alias="from", description="First day of the check-ins.")
    to: date = Field(description="Last day of the check-ins; the areas are those of this day.")
    area: str | None = Field(None, max_length=TEXT, description="Code of one area alone.")


class ServedPageParameters(DayParameters):
    """Parameters of lists behind the coverage of service points."""

    limit: int = Field(default=100, ge=1, le=1000, description="Most rows on the page.")
    after: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Where the page before ended. The header `Link` has the whole address of the next page.",
    )


class ServicePointParameters(ServedPageParameters):
    """Parameters of the list of service points."""

    tier: str | None = Field(
        None, max_length=TEXT, description="Tier, by the policy of visits.", examples=["community"]
    )


class OutsideParameters(ServedPageParameters):
    """Parameters of the buildings outside every circle."""

    area: str | None = Field(None, max_length=TEXT, description="Code of one area alone.")


class VisitParameters(NoParameters):
    """Parameters of the visits that are due."""

    day: str | None = Field(
        None, max_length=TEXT, description="The day: ISO 8601. Default: today.", examples=["2026-05-13"]
    )


@router.post(
    "/patrol-points",
    summary="Record check-ins of patrols",
    responses=_SEND,
    openapi_extra=described(CheckInsBody),
)
def record_patrol_points(
    context: InContext,
    body: Annotated[CheckInsBody, Depends(sent(CheckInsBody, "check-ins"))],
    _: Annotated[NoParameters, Query()],
) -> CheckInsTaken:
    """Take check-ins in, each with its result; sent again they change nothing."""
    points = [SentCheckIn(one.external_id, one.area, one.at, one.lon, one.lat) for one in body.points]
    return patrols.take_check_ins(
        context.database,
        points,
        source=body.source,
        layer=body.layer,
        crs=body.crs,
        now=datetime.now(UTC),
        timezone=context.timezone,
    )


@router.get("/layers/{layer:name}/patrol-coverage", summary="What patrols came near to", responses=_READ)
def patrol_coverage(
    context: InContext, layer: LayerName, query: Annotated[PatrolParameters, Query()]
) -> PatrolCoverage:
    """Say how much of each area's ground, and how many buildings, lie near a check-in of the period."""
    return patrols.patrol_coverage(
        context.database,
        layer,
        first=query.from_,
        last=query.to,
        area=query.area,
        timezone=context.timezone,
    )


@router.get("/layers/{layer:name}/visits", summary="Visits that are due", responses=_READ)
def visits_due(context: InContext, layer: LayerName, query: Annotated[VisitParameters, Query()]) -> VisitLoad:
    """Say how many visits are due in each area on a day, and in its week."""
    return patrols.visit_load(
        context.database, layer, day=parse_day(query.day, context.timezone, field="day")
    )


@router.get(
    "/layers/{layer:name}/service-coverage", summary="People far from service points", responses=_READ
)
def service_coverage(
    context: InContext, layer: LayerName, query: Annotated[DayParameters, Query()]
) -> ServiceCoverage:
    """Say how many people of each area live outside every circle around a service point."""
    return patrols.service_coverage(context.database, layer, at=parse_day(query.at, context.timezone))


@router.get(
    "/layers/{layer:name}/service-coverage/buildings",
    summary="Buildings far from service points",
    responses=_READ,
)
def buildings_outside(
    context: InContext,
    layer: LayerName,
    request: Request,
    response: Response,
    query: Annotated[OutsideParameters, Query()],
) -> list[BuildingInfo]:
    """List the buildings whose people the coverage counts as outside, most people first, page by page.

    Classes are those of now; buildings that you may not see are left out.
    """
    page = patrols.buildings_outside(
        context.database,
        layer,
        at=parse_day(query.at, context.timezone),
        area=query.area,
        after=query.after,
        limit=query.limit,
    )
    if page.after is not None:
        response.headers.update(next_link(next_address(request, page.after)))
    return list(page.buildings)


@router.get("/service-points", summary="Service points", responses=error_responses(401, 403, 422, 429, 503))
def service_points(
    context: InContext,
    request: Request,
    response: Response,
    query: Annotated[ServicePointParameters, Query()],
) -> list[ServicePointInfo]:
    """List the service points of a day by code, page by page."""
    page = patrols.service_points(
        context.database,
        at=parse_day(query.at, context.timezone),
        tier=query.tier,
        after=query.after,
        limit=query.limit,
    )
    if page.after is not None:
        response.headers.update(next_link(next_address(request, page.after)))
    return list(page.points)
