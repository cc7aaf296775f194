"""The load of areas against their target, as JSON and as a table for spreadsheets."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.context import InContext
from api.parameters import DayParameters, LayerName
from api.problems import error_responses
from gisgov.services.area_loads import LayerLoads, area_loads, loads_table
from gisgov.services.days import parse_day
from gisgov.services.statistics.figure_tables import FORMS

router = APIRouter(prefix="/v1/layers", tags=["layers"])


class LoadsParameters(DayParameters):
    """Parameters of the loads of areas."""

    format: Literal["json", "csv", "xlsx"] = Field(default="json", description="`csv` and `xlsx` are tables.")
    language: Literal["zh", "en"] = Field(default="zh", description="Of the headings of a table.")


@router.get(
    "/{layer:name}/loads",
    summary="Loads of areas against their target",
    response_model=LayerLoads,
    responses={
        200: {"content": {media_type.partition(";")[0]: {} for media_type in FORMS.values()}},
        **error_responses(401, 403, 404, 422, 429, 503),
    },
)
def loads_of_areas(
    context: InContext, layer: LayerName, query: Annotated[LoadsParameters, Query()]
) -> LayerLoads | Response:
    """Tell the load of each area in force by the targets of its layer, what it is made of, and filled posts.

    The greatest load comes first; 1 is one average area. Events are those of the 365 days that end with the
    day, buildings and their visits those of now.
    """
    day = parse_day(query.at, context.timezone)
    found = area_loads(context.database, layer, at=day, timezone=context.timezone)
    if query.format == "json":
        return found
    name = f'attachment; filename="loads.{query.format}"'
    body = loads_table(found, query.language).file(query.format)
    return Response(body, headers={"Content-Disposition": name}, media_type=FORMS[query.format])
