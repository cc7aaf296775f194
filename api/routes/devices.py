"""Devices: listed, counted by area, kind and state, and told of by the systems that watch them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from api.context import InContext
from api.json_bodies import described, sent
from api.paging import next_address, next_link
from api.parameters import TEXT, DayParameters, NoParameters, parse_bbox
from api.problems import error_responses
from gisgov.services import devices
from gisgov.services.days import parse_day
from gisgov.services.devices import (
    MOST_STATES,
    DeviceInfo,
    DeviceStatesTaken,
    DeviceStatistics,
    SentState,
    parse_devices,
)
from gisgov.services.statistics.figure_tables import FORMS

router = APIRouter(prefix="/v1/devices", tags=["devices"])

_READ = error_responses(401, 403, 404, 422, 429, 503)
_SEND = error_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)


class DeviceListParameters(DayParameters):
    """Parameters of the list of devices."""

    layer: str | None = Field(
        None, max_length=TEXT, description="Layer whose areas they are given to.", examples=["grid"]
    )
    area: str | None = Field(None, max_length=TEXT, description="Code of the area that they lie in.")
    kind: str | None = Field(
        None, max_length=TEXT, description="Kinds, separated by commas.", examples=["camera"]
    )
    state: str | None = Field(
        None, max_length=TEXT, description="States: online, offline, retired.", examples=["offline"]
    )
    bbox: str | None = Field(
        None,
        max_length=120,
        description="West,south,east,north in degrees (WGS84).",
        examples=["113.7,22.4,114.7,22.9"],
    )
    unheard_since: datetime | None = Field(
        None, description="Those not heard of since then; without an offset in the service's time zone."
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Most devices on the page.")
    after: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Where the page before ended. The header `Link` has the whole address of the next page.",
    )


class DeviceStatisticsParameters(DayParameters):
    """Parameters of the statistics of devices."""

    layer: str = Field(max_length=TEXT, description="Layer whose areas are counted.", examples=["grid"])
    kind: str | None = Field(None, max_length=TEXT, description="Kinds, separated by commas. Default: all.")
    format: Literal["json", "csv", "xlsx"] = Field(default="json", description="`csv` and `xlsx` are tables.")
    language: Literal["zh", "en"] = Field(default="zh", description="Of the headings of a table.")


class StateBody(NoParameters):
    """How a device is."""

    device: str = Field(min_length=1, max_length=TEXT, description="Its id.", examples=["cam-0017"])
    state: Literal["online", "offline"] = Field(description="How it is.")
    at: datetime | None = Field(
        None, description="As of when: ISO 8601, without an offset in the service's time zone. Default: now."
    )


class StatesBody(NoParameters):
    """How devices are."""

    states: list[StateBody] = Field(min_length=1, max_length=MOST_STATES, description="One for each.")


@router.get("", summary="Devices", responses=_READ)
def device_list(
    context: InContext,
    request: Request,
    response: Response,
    query: Annotated[DeviceListParameters, Query()],
) -> list[DeviceInfo]:
    """List devices by id, page by page, with the area that has each; those you may not see are left out."""
    asked = parse_devices(
        kind=query.kind,
        state=query.state,
        bbox=parse_bbox(query.bbox),
        before=query.unheard_since,
        layer=query.layer,
        area=query.area,
        timezone=context.timezone,
    )
    day = parse_day(query.at, context.timezone)
    page = devices.list_devices(context.database, asked, at=day, after=query.after, limit=query.limit)
    if page.after is not None:
        response.headers.update(next_link(next_address(request, page.after)))
    return list(page.devices)


@router.get(
    "/statistics",
    summary="Statistics of devices",
    response_model=DeviceStatistics,
    responses={
        200: {"content": {media_type.partition(";")[0]: {} for media_type in FORMS.values()}},
        **_READ,
    },
)
def statistics_of_devices(
    context: InContext, query: Annotated[DeviceStatisticsParameters, Query()]
) -> DeviceStatistics | Response:
    """Count devices by area, kind and state; a row for what lies in no area makes them add up to the whole.

    The online share is that of devices online among those online and offline.
    """
    found = devices.device_statistics(
        context.database,
        query.layer,
        at=parse_day(query.at, context.timezone),
        kinds=tuple(word.strip() for word in (query.kind or "").split(",") if word.strip()),
    )
    if query.format == "json":
        return found
    name = f'attachment; filename="devices.{query.format}"'
    body = devices.device_table(found, query.language).file(query.format)
    return Response(body, headers={"Content-Disposition": name}, media_type=FORMS[query.format])


@router.post(
    "/states",
    summary="Report how devices are",
    responses=_SEND,
    openapi_extra=described(StatesBody),
)
def report_states(
    context: InContext,
    body: Annotated[StatesBody, Depends(sent(StatesBody, "states of devices"))],
    _: Annotated[NoParameters, Query()],
) -> DeviceStatesTaken:
    """Take in how devices are, each with its result; the latest report of a device counts."""
    told = [SentState(one.device, one.state, one.at) for one in body.states]
    return devices.take_states(context.database, told, now=datetime.now(UTC), timezone=context.timezone)
