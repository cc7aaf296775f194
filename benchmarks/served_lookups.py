"""What `benchmarks.resolve_http` compares, each as a service of its own under the same uvicorn."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import AsyncIterator
from typing import Annotated, Any

import asyncpg
import uvicorn
from fastapi import FastAPI, Query

from gisgov.cli.slow_clients import BoundedHeads
from gisgov.paths import add_rooms

# each layer is asked on its own for its smallest code: the planner goes through the index of the areas once
_OWNERS = """
SELECT layer.name AS layer, owner.code, owner.name FROM layer
JOIN plan ON plan.layer_id = layer.id AND plan.status = 'published'
    AND daterange(plan.valid_from, plan.valid_to) @> current_date
CROSS JOIN LATERAL (
    SELECT area.code, area.name FROM area
    WHERE area.plan_id = plan.id AND ST_Covers(area.geom, ST_SetSRID(ST_MakePoint($1, $2), 4326))
    ORDER BY area.code COLLATE "C" LIMIT 1
) AS owner
ORDER BY layer.position
"""


def peer() -> FastAPI:
    """Return the service that asks PostGIS over a pool of connections; asyncpg prepares the question once."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=8, max_size=8) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/v1/resolve")
    async def resolve(lon: Annotated[float, Query()], lat: Annotated[float, Query()]) -> list[dict[str, str]]:
        return [dict(row) for row in await app.state.pool.fetch(_OWNERS, lon, lat)]

    return app


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Answer as little as ASGI allows."""
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


def ours() -> FastAPI:
    """Return gisgov, with its access log as it is."""
    add_rooms()
    from api.app import create_app

    return create_app()


def main() -> None:
    """Serve."""
    what, port = sys.argv[1], int(sys.argv[2])
    app: Any = hello if what == "hello" else {"ours": ours, "peer": peer}[what]()
    uvicorn.run(
        app,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        loop="uvloop",
        http=BoundedHeads,
        ws="none",
    )


if __name__ == "__main__":
    main()
