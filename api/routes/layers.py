"""Layers and their areas."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.context import InContext
from api.geojson import FeatureCollection, GeoJson, page_response
from api.parameters import DayParameters, LayerAreasParameters, LayerName, NoParameters, parse_bbox
from api.problems import error_responses
from gisgov.services.areas import list_areas
from gisgov.services.days import parse_day
from gisgov.services.layers import LayerDetail, LayerInfo, list_layers, show_layer
from gisgov.services.statistics import LayerStatistics, layer_statistics

router = APIRouter(prefix="/v1/layers", tags=["layers"])


class StatisticsParameters(DayParameters):
    """Parameters of the figures of a layer."""

    first: date | None = Field(
        default=None, description="First day of the events. Default: all there are.", examples=["2026-01-01"]
    )
    last: date | None = Field(
        default=None, description="Last day of the events. Default: all there are.", examples=["2026-03-31"]
    )
    on: date | None = Field(
        default=None,
        description="Puts the figures onto the areas in force on this day. Default: those of `at`.",
        examples=["2026-06-01"],
    )
    whole: bool = Field(default=False, description="Whether figures put onto other areas stay whole numbers.")


@router.get("", summary="All layers", responses=error_responses(422, 503))
def layers(context: InContext, _: Annotated[NoParameters, Query()]) -> list[LayerInfo]:
    """List the layers: the networks of areas, what they must fulfil and what they lie in."""
    return list(list_layers(context.database))


@router.get(
    "/{layer:name}/areas",
    summary="Areas of a layer",
    response_class=GeoJson,
    response_model=FeatureCollection,
    responses=error_responses(404, 422, 503),
)
def areas_of_layer(
    context: InContext,
    request: Request,
    layer: LayerName,
    query: Annotated[LayerAreasParameters, Query()],
) -> Response:
    """Give the areas of a layer in force on a day as GeoJSON, ordered by code, page by page."""
    page = list_areas(
        context.database,
        layer,
        at=parse_day(query.at, context.timezone),
        limit=query.limit,
        after=query.after,
        bbox=parse_bbox(query.bbox),
        with_geometry=query.geometry,
    )
    return page_response(page, request)


@router.get(
    "/{layer:name}/statistics", summary="Figures of a layer", responses=error_responses(404, 422, 503)
)
def statistics(
    context: InContext, layer: LayerName, query: Annotated[StatisticsParameters, Query()]
) -> LayerStatistics:
    """Count people, buildings and events in the areas of a layer on a day; the parts add up to the whole.

    With `on` the figures are put onto the areas of another day, as people live, and nothing is lost.
    """
    return layer_statistics(
        context.database,
        layer,
        at=parse_day(query.at, context.timezone),
        on=query.on,
        first=query.first,
        last=query.last,
        whole=query.whole,
        timezone=context.timezone,
    )


@router.get("/{layer:name}", summary="One layer", responses=error_responses(404, 422, 503))
def one_layer(context: InContext, layer: LayerName, query: Annotated[DayParameters, Query()]) -> LayerDetail:
    """Show a layer with its code scheme, its drafts and its plans in force on a day."""
    return show_layer(context.database, layer, at=parse_day(query.at, context.timezone))
