"""Devices, routing exceptions, service points, care counts and hazards brought in from files, as jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.context import InContext
from api.import_jobs import taken_in
from api.import_requests import FILE, TABLES, form_body
from api.job_infos import JobInfo
from api.parameters import NoParameters
from api.place_forms import CareForm, DevicesForm, ExceptionsForm, HazardsForm, ServicePointsForm
from api.problems import error_responses
from gisgov.work import place_arrivals

router = APIRouter(prefix="/v1/imports", tags=["imports"])

_TAKES = error_responses(401, 403, 404, 413, 415, 422, 429, 503)
_None = Annotated[NoParameters, Query()]


@router.post(
    "/devices",
    summary="Bring devices in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(DevicesForm, FILE),
)
async def devices_file(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring cameras and other devices in, with their states, as `gisgov import devices` does."""
    return await taken_in(context, request, response, DevicesForm, place_arrivals.DEVICES)


@router.post(
    "/exceptions",
    summary="Bring routing exceptions in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(ExceptionsForm, FILE),
)
async def exceptions_file(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring in where somebody answers beyond their own area, as `gisgov import exceptions` does."""
    return await taken_in(context, request, response, ExceptionsForm, place_arrivals.EXCEPTIONS)


@router.post(
    "/service-points",
    summary="Bring service points in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(ServicePointsForm, FILE),
)
async def service_points_file(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring service points in, as `gisgov import service-points` does."""
    return await taken_in(context, request, response, ServicePointsForm, place_arrivals.SERVICE_POINTS)


@router.post(
    "/care",
    summary="Bring care counts in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(CareForm, FILE),
)
async def care_file(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring in how many people of each care category live in buildings, as `gisgov import care` does."""
    return await taken_in(context, request, response, CareForm, place_arrivals.CARE, formats=TABLES)


@router.post(
    "/hazards",
    summary="Bring hazards in",
    status_code=202,
    responses=_TAKES,
    openapi_extra=form_body(HazardsForm, FILE),
)
async def hazards_file(context: InContext, request: Request, response: Response, _: _None) -> JobInfo:
    """Bring hazards of buildings in, found, rectified or checked, as `gisgov import hazards` does."""
    return await taken_in(context, request, response, HazardsForm, place_arrivals.HAZARDS, formats=TABLES)
