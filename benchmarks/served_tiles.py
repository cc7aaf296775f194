"""What `benchmarks.tiles_http` asks for tiles: ours, FastAPI with ST_AsMVT, and tipg, each as a process.

``python -m benchmarks.served_tiles ours|peer|tipg PORT``, with the database in ``GISGOV_DATABASE_URL`` (ours)
or ``DATABASE_URL``. Nobody keeps tiles that were made: all are made when they are asked for.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import uvicorn
from fastapi import FastAPI, Request, Response
from isal import isal_zlib

from gisgov.cli.slow_clients import BoundedHeads

_TILE = """
SELECT ST_AsMVT(shown, 'buildings', 4096, 'geom', 'id') FROM (
  SELECT id, risk_class, risk_points, floors, built_year, use,
         ST_AsMVTGeom(geom, ST_TileEnvelope($1, $2, $3), 4096, 64, true) AS geom
  FROM bench_building
  WHERE geom && ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)
) AS shown WHERE geom IS NOT NULL
"""
_CONNECTIONS = 8
_GZIP = 31


def peer() -> FastAPI:
    """Return the service that asks PostGIS for each tile, over a pool of connections."""

    @asynccontextmanager
    async def connected(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            os.environ["DATABASE_URL"], min_size=_CONNECTIONS, max_size=_CONNECTIONS
        ) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=connected)

    @app.get("/{z}/{x}/{y}.mvt")
    async def tile(request: Request, z: int, x: int, y: int) -> Response:
        data = await request.app.state.pool.fetchval(_TILE, z, x, y)
        if not data:
            return Response(status_code=204)
        packed = isal_zlib.compress(data, 1, _GZIP)
        headers = {"Content-Encoding": "gzip"}
        return Response(packed, media_type="application/vnd.mapbox-vector-tile", headers=headers)

    return app


def tipg() -> FastAPI:
    """Return tipg's own application; it is told of the database past its settings, which take no sockets."""
    import tipg.database
    from tipg.settings import PostgresSettings

    given = functools.partial(PostgresSettings.model_construct, database_url=os.environ["DATABASE_URL"])
    tipg.database.PostgresSettings = given
    from tipg.main import app

    return app


def ours() -> FastAPI:
    """Return gisgov without its memory of tiles; with ``WHOLE=1`` it draws every building in every tile."""
    from api.app import create_app
    from gisgov.services.tiles import keeping, sources
    from gisgov.tiles import Rules

    keeping.KeptTiles.__init__.__kwdefaults__["most_bytes"] = 0
    if os.environ.get("WHOLE"):
        whole: Any = {**sources.RULES, "buildings": lambda name: Rules(name, max_bytes=None)}
        sources.RULES = whole  # type: ignore[misc]
    return create_app()


def main() -> None:
    """Serve."""
    what, port = sys.argv[1], int(sys.argv[2])
    uvicorn.run(
        {"ours": ours, "peer": peer, "tipg": tipg}[what](),
        port=port,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        loop="uvloop",
        http=BoundedHeads,
        ws="none",
        lifespan="on",
    )


if __name__ == "__main__":
    main()
