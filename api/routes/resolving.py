"""The question that other systems ask: who is responsible for this coordinate."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.context import InContext
from api.parameters import ResolveParameters
from api.problems import error_responses
from gisgov.services.days import parse_day
from gisgov.services.resolution import Resolution
from gisgov.services.resolving import resolve

router = APIRouter(prefix="/v1/resolve", tags=["resolve"])


@router.get("", summary="Who is responsible for a coordinate", responses=error_responses(404, 422, 503))
def resolve_coordinate(context: InContext, query: Annotated[ResolveParameters, Query()]) -> Resolution:
    """Name the area of every partition layer that owns the coordinate on a day, from the top down.

    A point on a border belongs to the area with the smallest code; `on_border` and `candidates` tell.
    A layer that does not cover the point is listed in `outside`, with its nearest area and the distance.
    """
    return resolve(
        context.database,
        query.lon,
        query.lat,
        crs=query.crs,
        layer=query.layer,
        at=parse_day(query.at, context.timezone),
        timezone=context.timezone,
    )
