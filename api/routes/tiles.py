"""Vector tiles and their descriptions: maps of areas, blocks, buildings and events, at any scale."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.compressing import takes_gzip
from api.context import InContext
from api.parameters import TEXT, DayParameters, NoParameters
from api.problems import error_responses
from api.tile_answers import MEDIA_TYPE, asker_of, has_version, headers_of, is_open
from gisgov.services.days import parse_day
from gisgov.services.tiles import LiveTiles, TileJson, TileLayerInfo, tile_name

router = APIRouter(prefix="/v1/tiles", tags=["tiles"])

TileLayerName = Annotated[
    str,
    Path(
        max_length=TEXT + len("areas:"),
        description="`blocks`, `buildings`, `events`, or the name of a layer: its areas. A layer of areas "
        "whose name is one of these, or holds a slash, is asked as `areas:NAME`.",
        examples=["buildings"],
    ),
]
Zoom = Annotated[int, Path(description="Zoom, 0 to 22.", examples=[14])]
TileColumn = Annotated[int, Path(description="Column, from the west.", examples=[13377])]
TileRow = Annotated[int, Path(description="Row, from the north.", examples=[7147])]


class TileParameters(DayParameters):
    """Parameters of a tile."""

    v: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Version of the tiles, as their description names it. What has the current one may be "
        "kept for a year; another one is answered with the current tile, to be asked for again.",
    )


_TILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    204: {"description": "There is nothing to see on this tile."},
    304: {"description": "The tile is as whoever asks has it."},
}


@router.get("", summary="What there are tiles of", responses=error_responses(422, 503))
async def tile_layers(request: Request, _: Annotated[NoParameters, Query()]) -> list[TileLayerInfo]:
    """List what whoever asks may see tiles of, each with the address of its description."""
    base = _base(request)
    return await live_tiles(request).layers(
        asker_of(request), lambda name: f"{base}/v1/tiles/{quote(name, safe='')}.json"
    )


@router.get(
    "/{layer:name}/{z}/{x}/{y}.mvt",
    summary="One tile",
    response_class=Response,
    responses={**_TILE, **error_responses(404, 422, 503)},
)
async def tile(
    context: InContext,
    request: Request,
    layer: TileLayerName,
    z: Zoom,
    x: TileColumn,
    y: TileRow,
    query: Annotated[TileParameters, Query()],
) -> Response:
    """Give a tile as Mapbox Vector Tile 2.1, as the database has it now, of what whoever asks may see.

    Far out, features are aggregated by rules, and each tells how many it stands for: nothing is left out
    silently, and no tile is larger than 500 kB. Besides `areas.read`, tiles of blocks, buildings and events
    take the right to see those.
    """
    settings = context.settings
    name = tile_name(layer)
    answer = await live_tiles(request).tile(
        name,
        (z, x, y),
        asker_of(request),
        day=None if query.at is None else parse_day(query.at, context.timezone),
        is_gzip=takes_gzip(request.headers.get("Accept-Encoding", "")),
        has=has_version(request.headers.get("If-None-Match", "")),
    )
    headers = headers_of(answer, query.v, is_open=is_open(name, settings))
    if answer.data is None:
        return Response(status_code=304, headers=headers)
    if not answer.data:
        return Response(status_code=204, headers=headers)
    return Response(answer.data, media_type=MEDIA_TYPE, headers=headers)


@router.get("/{layer:name}.json", summary="Description of tiles", responses=error_responses(404, 422, 503))
async def tilejson(
    context: InContext, request: Request, layer: TileLayerName, query: Annotated[DayParameters, Query()]
) -> TileJson:
    """Describe the tiles of something by TileJSON 3.0: what they hold, where they lie, and their address."""
    day = None if query.at is None else parse_day(query.at, context.timezone)
    return await live_tiles(request).describe(
        layer,
        asker_of(request),
        day=day,
        base=_base(request),
        path=quote(layer, safe=""),
        query="" if day is None else urlencode({"at": day.isoformat()}),
    )


def live_tiles(request: Request) -> LiveTiles:
    """Return the tiles of this service."""
    tiles = request.app.state.tiles
    assert isinstance(tiles, LiveTiles)  # noqa: S101 - set by the lifespan
    return tiles


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
