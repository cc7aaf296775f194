"""The basemap of the pages: tiles of another server, passed on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.parameters import NoParameters
from api.problems import error_responses
from gisgov.errors import NotFoundError
from gisgov.services.basemap_tiles import BasemapTiles

router = APIRouter(prefix="/v1/basemap", tags=["tiles"])

_TILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("image/png", "image/jpeg")
        },
    },
    204: {"description": "The basemap has nothing to show there."},
}


class SheetParameters(NoParameters):
    """Which sheet of the basemap."""

    sheet: int = Field(default=0, ge=0, le=9, description="Which of the sheets that lie over each other.")


@router.get(
    "/{z}/{x}/{y}",
    summary="One tile of the basemap",
    response_class=Response,
    responses={**_TILE, **error_responses(404, 422, 503)},
)
async def basemap_tile(
    request: Request,
    z: Annotated[int, Path(ge=0, le=22, description="Zoom, 0 to 22.", examples=[14])],
    x: Annotated[int, Path(ge=0, description="Column, from the west.", examples=[13377])],
    y: Annotated[int, Path(ge=0, description="Row, from the north.", examples=[7147])],
    query: Annotated[SheetParameters, Query()],
) -> Response:
    """Fetch an image from the server of the basemap; `GET /v1/service` tells whether there is one."""
    tiles = tiles_of(request)
    if tiles is None:
        raise NotFoundError("No basemap is set.", hint="See GISGOV_BASEMAP_URL in docs/configuration.md.")
    tile = await tiles.tile(query.sheet, z, x, y)
    kept = {"Cache-Control": "private, max-age=86400", "Vary": "Authorization, Cookie"}
    if not tile.data:
        return Response(status_code=204, headers=kept)
    return Response(tile.data, media_type=tile.media_type, headers=kept)


def tiles_of(request: Request) -> BasemapTiles | None:
    """Return the tiles of the basemap of this service, if it has one."""
    tiles: BasemapTiles | None = request.app.state.basemap
    return tiles
