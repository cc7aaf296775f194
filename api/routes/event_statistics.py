"""Statistics of events, as JSON and as tables for spreadsheets."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.context import InContext
from api.parameters import TEXT, DayParameters, LayerName
from api.problems import error_responses
from gisgov.services.days import parse_day
from gisgov.services.event_statistics import (
    EventParting,
    EventsAsked,
    EventStatistics,
    event_statistics,
    statistics_table,
)
from gisgov.services.statistics.figure_tables import FORMS

router = APIRouter(prefix="/v1/layers", tags=["events"])

_MOST = 4_000


class EventStatisticsParameters(DayParameters):
    """Parameters of the statistics of events."""

    first: date | None = Field(
        default=None, description="First day of the events. Default: all there are.", examples=["2026-01-01"]
    )
    last: date | None = Field(
        default=None, description="Last day of the events. Default: all there are.", examples=["2026-03-31"]
    )
    by: EventParting | None = Field(
        default=None, description="Parts the events of each area by this. Default: they are not parted."
    )
    source: str | None = Field(
        default=None,
        max_length=_MOST,
        description="Only events of these sources, with commas between.",
        examples=["hotline,petition"],
    )
    level: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Only events of these levels, with commas between.",
        examples=["2,3"],
    )
    category: str | None = Field(
        default=None,
        max_length=_MOST,
        description="Only events of these items of the register: codes, with commas between.",
    )
    function: str | None = Field(
        default=None, max_length=_MOST, description="Only events of these functions, with commas between."
    )
    compare_year: bool = Field(
        default=False,
        description="Whether the same days of the year before stand beside them, put onto the same areas; "
        "takes `first` and `last`.",
    )
    format: Literal["json", "csv", "xlsx"] = Field(default="json", description="`csv` and `xlsx` are tables.")
    language: Literal["zh", "en"] = Field(default="zh", description="Of the headings of a table.")


@router.get(
    "/{layer:name}/event-statistics",
    summary="Statistics of events",
    response_model=EventStatistics,
    responses={
        200: {"content": {media_type.partition(";")[0]: {} for media_type in FORMS.values()}},
        **error_responses(401, 403, 404, 422, 429, 503),
    },
)
def statistics_of_events(
    context: InContext, layer: LayerName, query: Annotated[EventStatisticsParameters, Query()]
) -> EventStatistics | Response:
    """Count the events that whoever asks may see by area: closed, overdue, how long they took, escalated.

    Rows of what lies in no area, has no place, no level or no category make parts add up to the whole.
    """
    found = event_statistics(
        context.database,
        layer,
        EventsAsked(
            first=query.first,
            last=query.last,
            by=query.by,
            sources=_words(query.source),
            levels=_words(query.level),
            categories=_words(query.category),
            functions=_words(query.function),
            compare_year=query.compare_year,
        ),
        at=parse_day(query.at, context.timezone),
        timezone=context.timezone,
    )
    if query.format == "json":
        return found
    name = f'attachment; filename="events.{query.format}"'
    body = statistics_table(found, query.language).file(query.format)
    return Response(body, headers={"Content-Disposition": name}, media_type=FORMS[query.format])


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())
