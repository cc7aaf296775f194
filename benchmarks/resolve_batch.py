"""10,000 points in one request: ours in JSON and in numbers, against one statement of PostGIS over HTTP.

The peer is what one would write instead: FastAPI on uvicorn (httptools, uvloop), a pool of asyncpg, one
``unnest`` with a ``LATERAL`` for the smallest code that covers each point, JSON read and written by msgspec.
Ours is `gisgov serve` as people run it, asked with a key. Both have the same areas in the same database, and
answer in turns; bodies are made before, answers are read whole, and compared before any time is taken.

A second part sends ours ten million points and tells the most memory that it held.
``python -m benchmarks.resolve_batch`` runs all of it, ``QUICK=1`` with fewer points.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import date
from pathlib import Path

import asyncpg
import httpx
import msgspec
import numpy as np
import pyarrow as pa
import shapely
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI, Request, Response

from benchmarks.bars import QUICK, Bar, note, show, timed_in_turns
from benchmarks.database import plant_areas, private_database
from benchmarks.jagged import jagged_areas
from gisgov.client import Client
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.snap import snap
from gisgov.governance.access import ActorKind, Grant, Role
from gisgov.services.accounts import create_account, make_key
from gisgov.store import tables
from gisgov.store.database import Database
from gisgov.types import Floats, Geometries

AREAS = 1_209
POINTS = 10_000
MANY = 200_000 if QUICK else 10_000_000
RUNS = 3 if QUICK else 9
_CHUNK = 100_000
_OWNERS = """
SELECT found.code FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS point (x, y, number)
LEFT JOIN LATERAL (
  SELECT code FROM area WHERE ST_Covers(geom, ST_SetSRID(ST_MakePoint(point.x, point.y), 4326))
  ORDER BY code COLLATE "C" LIMIT 1
) AS found ON true ORDER BY point.number
"""


def serve_peer(port: int) -> None:
    """Serve the peer; the database is in ``DATABASE_URL``."""

    @asynccontextmanager
    async def connected(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=4, max_size=8) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=connected)

    @app.post("/resolve")
    async def resolve(request: Request) -> Response:
        points = msgspec.json.decode(await request.body(), type=list[tuple[float, float]])
        lon, lat = zip(*points, strict=True)
        rows = await app.state.pool.fetch(_OWNERS, lon, lat)
        return Response(msgspec.json.encode([row[0] for row in rows]), media_type="application/json")

    uvicorn.run(app, port=port, log_level="error", access_log=False, loop="uvloop", http="httptools")


@contextmanager
def _process(command: list[str], port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, *command], env={**os.environ, **environment}) as process:
        try:
            while process.poll() is None:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settle(database: Database) -> Geometries:
    """Publish a plan of jagged areas and return them."""
    drawn, _ = jagged_areas(AREAS, seed=1)
    areas = snap(to_wgs84_geometries(drawn, parse_crs("EPSG:4547")))
    plan = plant_areas(database, areas, shapely.box(*shapely.total_bounds(areas)))
    dates = {"status": "published", "valid_from": date(2020, 1, 1), "published_at": sa.func.now()}
    with database.begin() as connection:
        connection.execute(tables.plan.update().where(tables.plan.c.id == plan).values(**dates))
    return areas


def _points(areas: Geometries, count: int) -> tuple[Floats, Floats]:
    """Draw points in and around areas; one in a hundred is a vertex, which two or three areas cover."""
    rng = np.random.default_rng(2)
    west, south, east, north = shapely.total_bounds(areas)
    xy = rng.uniform((west, south), (east, north), (count, 2))
    vertices = shapely.get_coordinates(areas)
    xy[::100] = vertices[rng.integers(0, len(vertices), len(xy[::100]))]
    return xy[:, 0].copy(), xy[:, 1].copy()


def compare(ours: str, peer: str, key: str, areas: Geometries) -> None:
    """Compare the answers for 10,000 points, then the times."""
    lon, lat = _points(areas, POINTS)
    pairs = np.column_stack((lon, lat))
    as_json, as_numbers = msgspec.json.encode(pairs.tolist()), pairs.astype("<f8").tobytes()
    with httpx.Client(timeout=60, headers={"Accept-Encoding": "identity"}) as http:

        def ask(url: str, body: bytes, form: str) -> bytes:
            headers = {"Content-Type": form, "Authorization": f"Bearer {key}"}
            return http.post(url, content=body, headers=headers).raise_for_status().content

        address = f"{ours}/v1/resolve?layer=bench"
        works = (
            lambda: ask(address, as_json, "application/json"),
            lambda: ask(address, as_numbers, "application/octet-stream"),
            lambda: ask(f"{peer}/resolve", as_json, "application/json"),
        )
        expected = msgspec.json.decode(works[2]())
        document = msgspec.json.decode(works[0]())
        assert [row["code"] for row in document["points"]] == expected, "the same owners in JSON"
        table = pa.ipc.open_stream(io.BytesIO(works[1]())).read_all()
        assert table.column("code").to_pylist() == expected, "the same owners in numbers"
        note(f"{POINTS} points compared; on a border {document['counts']['border']}")
        (json_s, _), (binary_s, _), (peer_s, _) = timed_in_turns(*works, runs=RUNS)
    name, against = f"resolve-batch-{POINTS}-points", "fastapi+postgis-lateral"
    show(Bar(f"{name}-json", json_s, against, peer_s, need=5.0))
    show(Bar(f"{name}-binary", binary_s, against, peer_s, need=20.0))


def fill(ours: str, key: str, process: subprocess.Popen[bytes], areas: Geometries) -> None:
    """Send ten million points in one request, as numbers and as lines, and tell the memory."""
    lon, lat = _points(areas, _CHUNK)
    pairs = np.column_stack((lon, lat))
    lines = b"".join(msgspec.json.encode(pair) + b"\n" for pair in pairs.tolist())
    forms = (("application/octet-stream", pairs.astype("<f8").tobytes()), ("application/x-ndjson", lines))
    before = _peak_mb(process)
    for form, chunk in forms:
        headers = {"Content-Type": form, "Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
        body = (chunk for _ in range(MANY // _CHUNK))
        begun, answer_bytes = time.perf_counter(), 0
        with httpx.stream(
            "POST", f"{ours}/v1/resolve?layer=bench", content=body, headers=headers, timeout=600
        ) as answer:
            for piece in answer.iter_raw():
                answer_bytes += len(piece)
        taken = time.perf_counter() - begun
        note(
            f"{MANY} points as {form}: {taken:.1f} s, answer of {answer_bytes >> 20} MB, most memory "
            f"{_peak_mb(process)} MB (before {before} MB)"
        )


def _peak_mb(process: subprocess.Popen[bytes]) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def main() -> None:
    """Run it, or be the peer."""
    if sys.argv[1:2] == ["peer"]:
        serve_peer(int(sys.argv[2]))
        return
    with ExitStack() as stack:
        database = stack.enter_context(private_database())
        areas = _settle(database)
        create_account(database, "bench", kind=ActorKind.CLIENT, grants=(Grant(Role.ADMINISTRATOR),))
        key = make_key(database, "bench").key
        url = database.engine.url.render_as_string(hide_password=False)
        state = stack.enter_context(tempfile.TemporaryDirectory())
        port, peer_port = _free_port(), _free_port()
        ours = stack.enter_context(
            _process(
                ["-m", "gisgov", "serve", "--port", str(port)],
                port,
                GISGOV_DATABASE_URL=url,
                GISGOV_INDEX_DIR=state,
                GISGOV_JOBS_DIR=state,
                GISGOV_LOG_LEVEL="error",
            )
        )
        plain = url.replace("postgresql+psycopg:", "postgresql:")
        stack.enter_context(
            _process(
                ["-m", "benchmarks.resolve_batch", "peer", str(peer_port)], peer_port, DATABASE_URL=plain
            )
        )
        base = f"http://127.0.0.1:{port}"
        with Client(base, key=key) as client:
            client.resolve_many([0.0], [0.0], layer="bench")  # it is up, and has its index
        compare(base, f"http://127.0.0.1:{peer_port}", key, areas)
        fill(base, key, ours, areas)


if __name__ == "__main__":
    main()
