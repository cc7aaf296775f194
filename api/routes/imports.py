"""What comes in and goes out as files: all of it is done as jobs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.context import InContext
from api.import_jobs import begun, taken_in
from api.import_requests import (
    FILE,
    SCOPE,
    TABLES,
    AreasForm,
    AssignmentsForm,
    BuildingsForm,
    CategoriesForm,
    DepartmentsForm,
    EventsForm,
    StaffForm,
    form_body,
)
from api.job_infos import JobInfo
from api.json_bodies import described, sent
from api.parameters import TEXT, NoParameters
from api.problems import error_responses
from gisgov.files.formats import VECTOR_FORMATS
from gisgov.governance.titles import Language
from gisgov.services import exporting
from gisgov.services.exporting import ExportRequest, refuse_export
from gisgov.work import arrivals

router = APIRouter(prefix="/v1", tags=["imports"])

_TAKES = error_responses(401, 403, 404, 413, 415, 422, 429, 503)
_None = Annotated[NoParameters, Query()]


class ExportBody(NoParameters):
    """What is to be written to a file."""

    what: exporting.What = Field(description="Rows of what.", examples=["events"])
    format: exporting.Format = Field(
        description="GeoPackage, GeoJSON (WGS 84), CSV or Excel; vacancies and assignments are a table: csv "
        "or xlsx. A plan: GeoPackage, GeoJSON, Shapefile (zipped), KML or GeoParquet; an annex: pdf."
    )
    layer: str | None = Field(
        None, max_length=TEXT, description="The layer; of events and buildings the one whose areas own them."
    )
    plan: str | None = Field(None, max_length=TEXT, description="The plan; of areas in the place of a layer.")
    at: date | None = Field(None, description="The day of areas and vacancies. Default: today.")
    from_: date | None = Field(None, alias="from", description="Of events: the first day.")
    to: date | None = Field(None, description="Of events: the last day.")
    language: Language = Field("zh", description="Language of words and titles.")
    encoding: Literal["utf-8", "gbk", "gb18030"] | None = Field(
        None, description="Of a plan as a Shapefile: encoding of its text. Default: utf-8."
    )


@router.post(
    "/imports/areas",
    summary="Bring areas in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(AreasForm, FILE, SCOPE),
)
async def areas(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring the areas of a file into a draft plan, as `gisgov import areas` does, and publish it if asked."""
    return await taken_in(
        context, request, response, AreasForm, arrivals.AREAS, formats=VECTOR_FORMATS, files=(FILE, SCOPE)
    )


@router.post(
    "/imports/events",
    summary="Bring events in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(EventsForm, FILE),
)
async def events(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring events in and give them to their areas, as `gisgov import events` does.

    Rows that lie beyond the areas in which a role is held are refused one by one; the others go in.
    """
    return await taken_in(context, request, response, EventsForm, arrivals.EVENTS)


@router.post(
    "/imports/buildings",
    summary="Bring buildings in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(BuildingsForm, FILE),
)
async def buildings(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring buildings in and give them to their areas, as `gisgov import buildings` does."""
    return await taken_in(context, request, response, BuildingsForm, arrivals.BUILDINGS)


@router.post(
    "/imports/staff",
    summary="Bring staff posts in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(StaffForm, FILE),
)
async def staff_posts(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring the staff posts of a layer in, as `gisgov import staff` does."""
    return await taken_in(context, request, response, StaffForm, arrivals.STAFF, formats=TABLES)


@router.post(
    "/imports/categories",
    summary="Propose items of the register",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(CategoriesForm, FILE),
)
async def categories_file(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Propose the items of the category register in a file, as `gisgov import categories` does."""
    return await taken_in(context, request, response, CategoriesForm, arrivals.CATEGORIES, formats=TABLES)


@router.post(
    "/imports/departments",
    summary="Bring departments in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(DepartmentsForm, FILE),
)
async def departments_file(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring the departments of a file in, as `gisgov import departments` does."""
    return await taken_in(context, request, response, DepartmentsForm, arrivals.DEPARTMENTS, formats=TABLES)


@router.post(
    "/imports/assignments",
    summary="Bring assignments in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(AssignmentsForm, FILE),
)
async def assignments(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Give blocks of a draft to the areas that a file says, as `gisgov import assignments` does."""
    return await taken_in(context, request, response, AssignmentsForm, arrivals.ASSIGNMENTS, formats=TABLES)


@router.post(
    "/exports",
    summary="Write a file",
    status_code=202,
    responses=_TAKES,
    openapi_extra=described(ExportBody),
)
async def export(
    context: InContext,
    response: Response,
    body: Annotated[ExportBody, Depends(sent(ExportBody, "an export"))],
    _: _None,
) -> JobInfo:
    """Write areas, events, buildings, vacancies or a plan to a file, as far as whoever asks may see them."""
    asked = ExportRequest(
        body.what,
        body.format,
        body.layer,
        body.plan,
        body.at,
        body.from_,
        body.to,
        body.language,
        body.encoding,
    )
    await run_in_threadpool(refuse_export, context.database, asked)
    return await begun(context, response, exporting.KIND, asked.file_name, asked.written())
