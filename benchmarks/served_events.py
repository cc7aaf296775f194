"""The peer of `benchmarks.events_ingest`: FastAPI that stores each event and joins it to areas by PostGIS."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import asyncpg
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

TABLES = """
CREATE TABLE IF NOT EXISTS peer_event (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    category TEXT,
    occurred_at TIMESTAMPTZ NOT NULL,
    description TEXT,
    attributes JSONB NOT NULL,
    geom GEOMETRY(POINT, 4326) NOT NULL,
    UNIQUE (source, external_id)
);
CREATE INDEX IF NOT EXISTS peer_event_geom_idx ON peer_event USING gist (geom);
CREATE TABLE IF NOT EXISTS peer_event_area (
    event_id BIGINT REFERENCES peer_event,
    layer_id INTEGER REFERENCES layer,
    code TEXT NOT NULL,
    PRIMARY KEY (event_id, layer_id)
);
"""
# each layer is asked on its own for its smallest code: the planner goes through the index of the areas once
_INSERT = """
WITH new AS (
    INSERT INTO peer_event (source, external_id, category, occurred_at, description, attributes, geom)
    VALUES ($1, $2, $3, $4, $5, CAST($6 AS JSONB), ST_SetSRID(ST_MakePoint($7, $8), 4326))
    ON CONFLICT (source, external_id) DO NOTHING
    RETURNING id, geom
), joined AS (
    INSERT INTO peer_event_area (event_id, layer_id, code)
    SELECT new.id, layer.id, owner.code
    FROM new
    CROSS JOIN layer
    JOIN plan ON plan.layer_id = layer.id AND plan.status = 'published'
        AND daterange(plan.valid_from, plan.valid_to) @> current_date
    CROSS JOIN LATERAL (
        SELECT area.code FROM area
        WHERE area.plan_id = plan.id AND ST_Covers(area.geom, new.geom)
        ORDER BY area.code COLLATE "C" LIMIT 1
    ) AS owner
    RETURNING event_id, layer_id, code
)
SELECT new.id, joined.layer_id, joined.code FROM new LEFT JOIN joined ON joined.event_id = new.id
"""


class Event(BaseModel):
    """What the peer takes."""

    source: str
    external_id: str
    category: str | None = None
    occurred_at: datetime
    description: str | None = None
    attributes: dict[str, Any] = {}
    lon: float
    lat: float


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold a pool of connections; asyncpg prepares the statement once."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=4, max_size=4) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/v1/events", status_code=201)
async def report(event: Event) -> list[dict[str, Any]]:
    """Store one event with its areas, in one statement."""
    values = (event.source, event.external_id, event.category, event.occurred_at, event.description)
    row = (*values, json.dumps(event.attributes), event.lon, event.lat)
    return [dict(one) for one in await app.state.pool.fetch(_INSERT, *row)]


if __name__ == "__main__":
    uvicorn.run(
        "benchmarks.served_events:app", port=int(sys.argv[1]), workers=2, log_level="error", access_log=False
    )
