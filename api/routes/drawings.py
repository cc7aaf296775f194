"""Maps drawn as jobs: sheets, pages and figures."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.context import InContext
from api.import_jobs import begun
from api.job_infos import JobInfo
from api.json_bodies import described, sent
from api.parameters import TEXT, NoParameters
from api.problems import error_responses
from gisgov.governance.thematic import RiskMeasure
from gisgov.governance.titles import Language
from gisgov.services import drawing_requests
from gisgov.services.drawing_requests import DrawingRequest, Drawn, DrawnFormat, Paper, refuse_drawing
from gisgov.services.layers import show_layer

router = APIRouter(prefix="/v1", tags=["jobs"])

_TAKES = error_responses(401, 403, 404, 413, 415, 422, 429, 503)


class DrawingBody(NoParameters):
    """A map that is to be drawn."""

    what: Drawn = Field(description="The question that the map answers.", examples=["risk"])
    format: DrawnFormat = Field(
        description="`png` or `pdf` to print (a PDF has a page for each view), `html` a page that needs no "
        "network, `xlsx` or `csv` the figures, `gpkg` the figures with their ground."
    )
    layer: str | None = Field(
        None, max_length=TEXT, description="Layer of the areas. Default: the lowest in force."
    )
    at: date | None = Field(None, description="Day whose areas are drawn. Default: today.")
    area_layer: str | None = Field(None, max_length=TEXT, description="Layer of `area`.")
    area: str | None = Field(
        None, max_length=TEXT, description="Code of an area of `area_layer`: only what lies in it is drawn."
    )
    from_: date | None = Field(
        None, alias="from", description="Of events: the first day. Of risk-change: the earlier day."
    )
    to: date | None = Field(
        None, description="Of events: the last day. Of risk-change: the later day; default: that of `at`."
    )
    rated: date | None = Field(None, description="Of risk and hotspots: classes as at the end of this day.")
    measure: RiskMeasure = Field(
        RiskMeasure.SHARE, description="Of risk and hotspots: what of the warning buildings."
    )
    language: Language = Field("zh", description="Language of the map.")
    title: str | None = Field(None, max_length=TEXT, description="Heading. Default: what the map is.")
    view: str | None = Field(None, max_length=TEXT, description="Of a sheet: this view alone.")
    paper: Paper = Field("A3", description="Size of a sheet.")
    portrait: bool = Field(False, description="`true` prints upright.")
    review_number: str | None = Field(
        None, max_length=60, description="审图号 of a sheet. Default: a line to write it on."
    )
    secrecy: str | None = Field(
        None, max_length=30, description="密级 of a sheet. Default: a line to write it on."
    )


@router.post(
    "/drawings",
    summary="Draw a map",
    status_code=202,
    responses=_TAKES,
    openapi_extra=described(DrawingBody),
)
async def draw_map(
    context: InContext,
    response: Response,
    body: Annotated[DrawingBody, Depends(sent(DrawingBody, "a drawing"))],
    _: Annotated[NoParameters, Query()],
) -> JobInfo:
    """Draw the map of a question as a job: its one result is the file; what you may not see is not drawn."""
    asked = DrawingRequest(
        what=body.what,
        format=body.format,
        layer=body.layer,
        at=body.at,
        area_layer=body.area_layer,
        area=body.area,
        first=body.from_,
        last=body.to,
        rated=body.rated,
        measure=body.measure.value,
        language=body.language,
        title=body.title,
        view=body.view,
        paper=body.paper,
        portrait=body.portrait,
        review_number=body.review_number,
        secrecy=body.secrecy,
    )
    await run_in_threadpool(refuse_drawing, context.database, asked)
    for layer in filter(None, (body.layer, body.area_layer)):  # it must be there
        await run_in_threadpool(show_layer, context.database, layer, at=context.today)
    return await begun(context, response, drawing_requests.KIND, asked.file_name, asked.written())
