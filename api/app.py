"""The application: what answers, in which order, and what lives as long as the service does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES

from api.access_log import AccessLog
from api.admission import admitted
from api.batches.media import Media
from api.caching import SMALLEST_COMPRESSED, EntityTags
from api.compressing import Compressing
from api.context import Context, live_indexes
from api.event_intake import EventIntake
from api.event_streams import EventHub
from api.handlers import install_handlers
from api.hot_resolve import OPERATION as RESOLVE
from api.hot_resolve import HotResolve
from api.hot_service import HotService
from api.hot_tiles import HotTiles
from api.known_keys import KnownKeys
from api.methods import HeadAsGet, Options
from api.open311 import Dialect
from api.own_worker import OwnWorker, looked_after
from api.parameters import refuse_unclear
from api.problems import SentProblem
from api.progress_streams import Seats
from api.proxies import Proxies
from api.rates import Rates
from api.request_id import RequestIds
from api.routes import (
    accounts,
    areas,
    audit,
    basemap,
    batches,
    buildings,
    calendars,
    checks,
    comparisons,
    devices,
    disputes,
    drafts,
    drawings,
    event_reading,
    event_reports,
    event_statistics,
    event_steps,
    hazards,
    health,
    imports,
    jobs,
    layer_sets,
    layers,
    loads,
    ogc,
    oidc,
    open311,
    pages,
    patrols,
    place_imports,
    plans,
    policies,
    publications,
    redivisions,
    registers,
    resolving,
    risk,
    service,
    session,
    staff,
    tiles,
    whistles,
)
from api.security import KnownHosts, OwnPages, SecurityHeaders
from api.settling import Settling
from api.siblings import Turn, end_with_parent
from gisgov import __version__, embedded
from gisgov.config import Settings, basemap_of, load_settings
from gisgov.logs import configure_logging
from gisgov.paths import web_assets
from gisgov.services.basemap_tiles import BasemapTiles
from gisgov.services.tiles import LiveTiles, warm_later
from gisgov.store.database import Database
from gisgov.work.orders import WorkOrder
from gisgov.work.place import index_place, job_place

_DESCRIPTION = """\
Who is responsible for a place, on any day; and whether ground is divided without gaps and overlaps.
Coordinates go in and come out as longitude, latitude (WGS84) unless an answer says otherwise. Every error
is an RFC 9457 problem of one shape; reads carry an `ETag`.
"""

_BEYOND_S = 5.0

ROOMS = (
    resolving,
    batches,
    buildings,
    staff,  # before the layers, whose names may hold slashes
    patrols,
    event_statistics,
    hazards,
    risk,
    loads,
    layer_sets,
    layers,
    areas,
    tiles,
    basemap,
    redivisions,
    drafts,
    comparisons,
    publications,
    plans,
    policies,
    calendars,
    registers,
    event_reading,
    event_reports,
    event_steps,
    whistles,
    devices,
    disputes,
    checks,
    jobs,
    session,
    oidc,
    accounts,
    service,
    audit,
    health,
    imports,
    drawings,
    place_imports,
    ogc,
    open311,
    pages,
)
"""The modules of the routes, in the order in which they are asked."""


def create_app(
    settings: Settings | None = None, *, assets: Path | None = None, warms_tiles: bool = False
) -> FastAPI:
    """Make the service.

    Parameters
    ----------
    settings : Settings, optional
        Read from the environment when the service starts if not given.
    assets : pathlib.Path, optional
        Folder of the built pages; the project's own by default.
    warms_tiles : bool
        Whether what draws tiles, and answers lookups, is made ready as the service starts, before anybody
        asks.
    """
    app = HotService(
        title="gisgov",
        version=__version__,
        summary="Spatial governance by grids: who answers for a coordinate.",
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,  # FastAPI's own pages load their script from elsewhere; `/docs` is ours
        redoc_url=None,
        openapi_url=None,  # served by `api.routes.service`, as strict about parameters as the rest
        lifespan=_lifespan,
        dependencies=[Depends(admitted), Depends(refuse_unclear)],
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.warms_tiles = warms_tiles
    app.state.assets = web_assets() if assets is None else assets
    for room in ROOMS:
        app.include_router(room.router)
    install_handlers(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    _install_middleware(app)
    return app


@asynccontextmanager
async def _lifespan(app: HotService) -> AsyncIterator[None]:
    settings: Settings = app.state.settings or load_settings()
    configure_logging(settings.log_level, settings.log_format)
    database_url = embedded.url(settings)
    # whatever a statement of the service may take, the server ends it by itself before that
    database = Database(database_url, silence_s=settings.statement_seconds + _BEYOND_S)
    place = job_place(settings, database_url)
    order = WorkOrder.of(settings, place=place, database_url=database_url, assets=app.state.assets)
    shared = index_place(settings, database_url)
    turn = Turn(shared, "own-worker")
    worker = OwnWorker(order, is_wanted=settings.serve_worker, turn=turn)
    app.state.rates = Rates(settings, shared)
    indexes = live_indexes(settings, database, database_url)
    app.state.context = Context(
        settings, database, app.state.assets, settings.maps_dir, place, worker, indexes
    )
    zone, limit_s = ZoneInfo(settings.timezone), settings.statement_seconds
    app.state.tiles = LiveTiles(database, timezone=zone, statement_s=limit_s)
    where = basemap_of(settings)
    app.state.basemap = where and BasemapTiles(where)
    app.state.keys = KnownKeys(RESOLVE, lambda: indexes.changed("account"))
    app.hot = HotResolve(app.state.context, app.state.rates, app.state.keys)
    app.hot_tiles = HotTiles(app.state.context, app.state.rates, app.state.tiles)
    app.state.intake = EventIntake(indexes, zone)
    app.state.events = EventHub(database)
    app.state.event_seats = Seats(settings.event_streams, "event", "Ask for the list")
    indexes.tell(app.state.events.hear)
    indexes.start()
    warming = warm_later() if app.state.warms_tiles else None
    if app.state.warms_tiles:
        app.hot.make_ready()
    end_with_parent()
    try:
        async with looked_after(worker, database):
            yield
    finally:
        await app.state.intake.close()
        await app.state.events.close()
        if warming is not None:
            warming.cancel()
        app.hot.close()
        app.hot_tiles.close()
        await run_in_threadpool(indexes.close)
        await app.state.tiles.close()
        if app.state.basemap is not None:
            await app.state.basemap.close()
        database.dispose()


def _install_middleware(app: FastAPI) -> None:
    """Wrap the routes, from the innermost layer to the outermost one."""
    app.add_middleware(Dialect)
    app.add_middleware(EntityTags, prefix="/v1/")
    app.add_middleware(
        Compressing,
        minimum_size=SMALLEST_COMPRESSED,
        compresslevel=6,
        exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, Media.ARROW),
    )
    app.add_middleware(Options)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Settling)
    app.add_middleware(OwnPages)
    app.add_middleware(KnownHosts)
    app.add_middleware(AccessLog)
    app.add_middleware(SecurityHeaders, is_page=pages.is_page)
    app.add_middleware(RequestIds)
    app.add_middleware(Proxies)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Describe the service, with the one shape of errors in the place of FastAPI's own."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            license_info=app.license_info,
            routes=app.routes,
        )
        for operation in (one for path in document["paths"].values() for one in path.values()):
            if "200" in operation["responses"]:
                operation["responses"]["200"]["description"] = "The answer."
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        problem = SentProblem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs"))
        schemas["Problem"] = {**problem, "title": "Problem"}
        app.openapi_schema = document
    return app.openapi_schema
