"""One area: itself, its parents, children and neighbours; and the search for areas."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.context import InContext
from api.geojson import (
    Feature,
    FeatureCollection,
    GeoJson,
    collection_response,
    feature_response,
    neighbours_response,
    page_response,
)
from api.parameters import AreaParameters, ChildrenParameters, Code, SearchParameters
from api.problems import error_responses
from gisgov.services.areas import children_of, find_areas, get_area, neighbours_of, parents_of
from gisgov.services.days import parse_day
from gisgov.services.lineage import AreaLineage, lineage_of

router = APIRouter(
    prefix="/v1/areas",
    tags=["areas"],
    default_response_class=GeoJson,
    responses=error_responses(404, 410, 422, 503),
)


@router.get("", summary="Search areas", response_model=FeatureCollection)
def search(context: InContext, query: Annotated[SearchParameters, Query()]) -> Response:
    """Find areas in force by the beginning of their code or a part of their name; without geometry."""
    day = parse_day(query.at, context.timezone)
    found = find_areas(context.database, query.q, layer=query.layer, at=day, limit=query.limit)
    return collection_response(found)


@router.get("/{code:name}/children", summary="Areas inside an area", response_model=FeatureCollection)
def children(
    context: InContext, request: Request, code: Code, query: Annotated[ChildrenParameters, Query()]
) -> Response:
    """Give the areas of the layers right below that have this one as a parent, page by page."""
    page = children_of(
        context.database,
        code,
        layer=query.layer,
        at=parse_day(query.at, context.timezone),
        limit=query.limit,
        after=query.after,
    )
    return page_response(page, request)


@router.get("/{code:name}/parents", summary="Areas an area lies in", response_model=FeatureCollection)
def parents(context: InContext, code: Code, query: Annotated[AreaParameters, Query()]) -> Response:
    """Give the areas of the layer right above that this one lies in: several where it spans them."""
    day = parse_day(query.at, context.timezone)
    return collection_response(parents_of(context.database, code, layer=query.layer, at=day))


@router.get("/{code:name}/neighbours", summary="Areas beside an area", response_model=FeatureCollection)
def neighbours(context: InContext, code: Code, query: Annotated[AreaParameters, Query()]) -> Response:
    """Give the areas of the same layer that share a border; `border_m` is how long it is."""
    day = parse_day(query.at, context.timezone)
    return neighbours_response(neighbours_of(context.database, code, layer=query.layer, at=day))


@router.get("/{code:name}/lineage", summary="Where an area comes from", response_class=JSONResponse)
def lineage(context: InContext, code: Code, query: Annotated[AreaParameters, Query()]) -> AreaLineage:
    """Tell whose ground an area took over and who took over its own, change by change, both ways.

    Also of an area that is in force no more, or not yet: `replaced_by` has what is on its ground on the day.
    """
    day = parse_day(query.at, context.timezone)
    return lineage_of(context.database, code, layer=query.layer, at=day)


@router.get("/{code:name}", summary="One area", response_model=Feature)
def one_area(context: InContext, code: Code, query: Annotated[AreaParameters, Query()]) -> Response:
    """Give one area in force on a day. Where several layers use the code, say which with `layer`.

    A code that was in force before is answered by 410 with what replaced it.
    """
    day = parse_day(query.at, context.timezone)
    return feature_response(get_area(context.database, code, layer=query.layer, at=day))
