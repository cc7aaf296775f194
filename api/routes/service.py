"""What callers need to know of the service itself: its settings, its maps, its kinds of problems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from api.context import InContext
from api.map_files import MapFile, map_files
from api.parameters import NoParameters
from api.problems import ProblemKind, all_kinds, error_responses
from gisgov import __version__
from gisgov.basemaps import Basemap, Matrix
from gisgov.errors import NotFoundError
from gisgov.services.basemap_tiles import BasemapTiles

_BASEMAP_TILE = "/v1/basemap/{z}/{x}/{y}"

router = APIRouter(tags=["service"], responses=error_responses(422))


class BasemapInfo(BaseModel):
    """Where pages find the basemap: at this service, which fetches it."""

    urls: list[str] = Field(
        description="Templates of its sheets, the lowest first.",
        examples=[["/v1/basemap/{z}/{x}/{y}?sheet=0"]],
    )
    attribution: str = Field(description="Whose it is: to be shown on each map.")
    matrix: Matrix = Field(
        description="How its tiles lie: as Web Mercator has them, or from 180° W and 90° N in degrees."
    )


class ServiceInfo(BaseModel):
    """What a page needs to know before it asks anything else."""

    version: str = Field(description="Version of gisgov.", examples=[__version__])
    timezone: str = Field(description="Time zone of dates.", examples=["Asia/Shanghai"])
    today: date = Field(description="Today in that time zone: what `at` is by default.")
    basemap: BasemapInfo | None = Field(description="The basemap that maps lie on, if one is set.")
    upload_max_bytes: int = Field(description="Largest upload, all its files together.", examples=[512000000])


@router.get("/v1/service", summary="The service itself")
def service(context: InContext, request: Request, _: Annotated[NoParameters, Query()]) -> ServiceInfo:
    """Tell the version, the time zone, and today there."""
    tiles: BasemapTiles | None = request.app.state.basemap
    attribution = context.settings.basemap_attribution or ""
    return ServiceInfo(
        version=__version__,
        timezone=context.settings.timezone,
        today=datetime.now(context.timezone).date(),
        basemap=None if tiles is None else _basemap_info(tiles.basemap, attribution),
        upload_max_bytes=context.settings.upload_max_mb * 1_000_000,
    )


def _basemap_info(basemap: Basemap, attribution: str) -> BasemapInfo:
    urls = [f"{_BASEMAP_TILE}?sheet={sheet}" for sheet, _ in enumerate(basemap.templates)]
    return BasemapInfo(urls=urls, attribution=attribution, matrix=basemap.matrix)


@router.get("/v1/maps", summary="Maps that were drawn")
def maps(context: InContext, _: Annotated[NoParameters, Query()]) -> list[MapFile]:
    """List the map files in the maps folder, as `gisgov map` and the demo write them."""
    return map_files(context.maps)


@router.get("/problems", summary="All kinds of problems")
def problems(_: Annotated[NoParameters, Query()]) -> list[ProblemKind]:
    """List every kind of problem that an answer's `type` may name."""
    return list(all_kinds())


@router.get("/problems/{slug}", summary="One kind of problem", responses=error_responses(404, 422))
def one_problem(
    slug: Annotated[str, PathParameter(max_length=80, examples=["not-found"])],
    _: Annotated[NoParameters, Query()],
) -> ProblemKind:
    """Tell what one kind of problem means."""
    for kind in all_kinds():
        if kind.slug == slug:
            return kind
    raise NotFoundError(f"There is no kind of problem {slug!r}.", hint="See /problems.", field="slug")


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request, _: Annotated[NoParameters, Query()]) -> JSONResponse:
    """Describe the service for programs."""
    return JSONResponse(request.app.openapi())
