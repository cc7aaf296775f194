"""Events that come in over HTTP: `gisgov serve --workers 2` with PostgreSQL, all on this machine.

Ours takes an event in once, joins it to its areas, routes it, tells the neighbours, begins its limits of
time, writes its first step and the audit. The peer is a plain FastAPI that inserts one event in a request and
joins it to the areas by ST_Covers, and does nothing else; two processes too. Both are asked over as many
connections from this process, which shares the cores with them. Everything is sent twice: nothing may be lost
or doubled. In the end `benchmarks.interrupted_ingest` lets the database and a process of the service die
under such a load.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import http.client
import json
import math
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.parquet
import shapely
import sqlalchemy as sa

from benchmarks.bars import QUICK, Bar, Goal, note, show
from benchmarks.database import private_database
from benchmarks.events_stream import cluster
from benchmarks.interrupted_ingest import interrupt
from benchmarks.resolve_http import plant
from benchmarks.served_events import TABLES
from gisgov.governance.access import ActorKind, Grant, Role
from gisgov.services.accounts import create_account, make_key
from gisgov.store import tables
from gisgov.store.database import Database
from gisgov.store.migrating import migrate
from gisgov.types import Geometries

SINGLES = 150 if QUICK else 3_000
BATCH = 2_000 if QUICK else 10_000
BATCHES = 2 if QUICK else 6
INTERRUPTED = 10_000 if QUICK else 60_000
_CONNECTIONS = 8
_WORKERS = 2
_ITEMS = 217
_WARM_TURNS = 20
_ZONE = ZoneInfo("Asia/Shanghai")
_DATA = Path(os.environ.get("GISGOV_REALDATA", Path(__file__).resolve().parents[2] / "shared" / "data"))

Event = dict[str, Any]


@contextlib.contextmanager
def listening(command: Sequence[str], **variables: str) -> Iterator[int]:
    """Run a service on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [word.replace("PORT", str(port)) for word in command]
    with subprocess.Popen(
        [sys.executable, *words], env={**os.environ, **variables}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                assert process.poll() is None, f"{command} does not run"
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()


def send(
    port: int, headers: dict[str, str], bodies: Sequence[Any], connections: int
) -> list[tuple[float, Any]]:
    """Post bodies over some connections; return how long each took and what was answered."""
    shares = [bodies[i::connections] for i in range(connections)]

    def work(share: Sequence[Any]) -> list[tuple[float, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        told = []
        for body in share:
            sent = json.dumps(body).encode()
            begin = time.perf_counter()
            connection.request("POST", "/v1/events", sent, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            data = answer.read()
            took = time.perf_counter() - begin
            assert answer.status in (200, 201), (answer.status, data[:500])
            told.append((took, json.loads(data)))
        connection.close()
        return told

    with ThreadPoolExecutor(connections) as pool:
        return [one for share in pool.map(work, shares) for one in share]


def events_on(grids: Geometries, count: int, name: str) -> list[Event]:
    """Draw events on the grids, of the last hours."""
    rng = np.random.default_rng(len(name))
    west, south, east, north = shapely.total_bounds(grids)
    xy = np.round(rng.uniform((west, south), (east, north), (count * 4, 2)), 7)
    inside = np.unique(shapely.STRtree(grids).query(shapely.points(xy), predicate="intersects")[0])
    now = datetime.now(_ZONE)
    return [
        {
            "source": "hotline",
            "external_id": f"{name}-{i}",
            "category": f"{i % _ITEMS:04d}",
            "occurred_at": (now - timedelta(seconds=i % 10_000)).isoformat(),
            "description": "路边井盖破损，请处理",
            "attributes": {"channel": "12345"},
            "lon": lon,
            "lat": lat,
        }
        for i, (lon, lat) in enumerate(xy[inside][:count].tolist())
    ]


def warm(port: int, headers: dict[str, str], grids: Geometries) -> None:
    """Report until that gets no faster: a service that starts makes things ready beside."""
    best = math.inf
    for turn in range(_WARM_TURNS):
        begin = time.perf_counter()
        send(port, headers, events_on(grids, 60, f"warm-{port}-{turn}"), _CONNECTIONS)
        took = time.perf_counter() - begin
        if took > best * 0.9 and turn > _WARM_TURNS // 4:
            return
        best = min(best, took)


def settle(database: Database) -> None:
    """Put in a department and as many items as a register has."""
    alike = {"version": 1, "function": "f", "grp": "g", "kind": "event", "level": "2", "department_code": "d",
             "permit": "in-force", "valid_from": date(2020, 1, 1), "source": "bench"}  # fmt: skip
    items = [{"code": f"{i:04d}", "title": str(i), **alike} for i in range(_ITEMS)]
    with database.begin() as connection:
        connection.execute(tables.department.insert(), {"code": "d", "title": "d", "source": "bench"})
        connection.execute(tables.category.insert(), items)
        connection.exec_driver_sql(TABLES)


def count(database: Database, query: sa.Executable, **given: Any) -> int:
    """Return the number that a query gives."""
    with database.begin() as connection:
        return int(connection.scalar(query, given) or 0)


def steady(name: str, took: Sequence[float], elapsed_s: float, events: int) -> float:
    """Say how many came in a second and how long they took; return seconds for each event."""
    slow = statistics.quantiles(took, n=100)[98] if len(took) > 1 else took[0]
    note(
        f"{name}: {events / elapsed_s:.0f} events/s, a request p50={statistics.median(took) * 1000:.1f}ms "
        f"p99={slow * 1000:.1f}ms"
    )
    return elapsed_s / events


def timed_send(
    name: str, port: int, headers: dict[str, str], bodies: Sequence[Any], connections: int
) -> tuple[float, list[Any]]:
    """Send bodies; return seconds for each event, and the answers."""
    begin = time.perf_counter()
    told = send(port, headers, bodies, connections)
    elapsed = time.perf_counter() - begin
    events = sum(len(body) if isinstance(body, list) else 1 for body in bodies)
    return steady(name, [one for one, _ in told], elapsed, events), [answer for _, answer in told]


def hold(database: Database, sent: Sequence[Event], answers: Sequence[Any]) -> None:
    """Hold what is stored against what was sent: once each, with areas, a step and limits."""
    keys = {(one["source"], one["external_id"]) for one in sent}
    told = [item for answer in answers for item in answer["items"]]
    assert {item["outcome"] for item in told} == {"created"}
    assert {(item["source"], item["external_id"]) for item in told} == keys
    ids = [item["event_id"] for item in told]
    for column, each in (
        (tables.event.c.id, 1),
        (tables.event_area.c.event_id, 2),
        (tables.event_step.c.event_id, 1),
        (tables.event_limit.c.event_id, 1),
    ):
        mine = sa.text(f"{column.name} = ANY (CAST(:ids AS BIGINT[]))")
        # a step or area too many would be of another key; limits are as many as there are stages
        counted = column.distinct() if column.table is tables.event_limit else column
        assert count(database, sa.select(sa.func.count(counted)).where(mine), ids=ids) == each * len(keys), (
            column
        )


def again(database: Database, port: int, headers: dict[str, str], bodies: Sequence[Any]) -> None:
    """Send bodies once more: all is known, and nothing is written."""
    version = sa.select(tables.change_head.c.version)
    before = count(database, version)
    _, answers = timed_send("sent again", port, headers, bodies, _WORKERS)
    assert {item["outcome"] for answer in answers for item in answer["items"]} == {"known"}
    assert count(database, version) == before


def real_events() -> dict[str, list[Event]]:
    """Read real data as events: calls about animals in New York, taxi orders of Shenzhen by pick-up."""
    if not _DATA.is_dir():
        return {}
    with (_DATA / "us_nyc_311_animals.csv").open(encoding="utf-8") as file:
        calls = [
            {
                "source": "nyc-311",
                "external_id": row["event_id"],
                "category": row["type"],
                "occurred_at": datetime.strptime(row["created"], "%m/%d/%Y %H:%M")
                .replace(tzinfo=ZoneInfo("America/New_York"))
                .isoformat(),
                "description": row["descriptor"],
                "lon": float(row["Longitude"]) if row["Longitude"] else None,
                "lat": float(row["Latitude"]) if row["Latitude"] else None,
            }
            for row in csv.DictReader(file)
        ]
    orders = [
        {
            "source": "taxi",
            "external_id": str(row["row"]),
            "occurred_at": f"{row['ts'].replace(' ', 'T')}+08:00",
            "lon": row["lon_pick"],
            "lat": row["lat_pick"],
        }
        for row in pyarrow.parquet.read_table(_DATA / "cn_shenzhen_taxi_orders.parquet").to_pylist()
    ]
    return {"us_nyc_311_animals": calls, "cn_shenzhen_taxi_orders": orders}


def main() -> None:
    """Send singles and batches, twice, and the same singles to the peer."""
    with (
        private_database() as database,
        tempfile.TemporaryDirectory() as place,
        contextlib.ExitStack() as open_,
    ):
        grids = plant(database)
        settle(database)
        create_account(database, "bench", kind=ActorKind.CLIENT, grants=(Grant(Role.DISPATCHER),))
        headers = {"Authorization": f"Bearer {make_key(database, 'bench').key}"}
        url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        given = {
            "GISGOV_DATABASE_URL": url,
            "GISGOV_JOBS_DIR": str(Path(place) / "jobs"),
            "GISGOV_INDEX_DIR": str(Path(place) / "indexes"),
            "GISGOV_REQUESTS_PER_MINUTE": "1000000",
            "GISGOV_SERVE_WORKER": "false",
        }
        words = ("-m", "gisgov", "serve", "--port", "PORT", "--workers", str(_WORKERS))
        ours = open_.enter_context(listening(words, **given))
        peer = open_.enter_context(listening(("-m", "benchmarks.served_events", "PORT"), DATABASE_URL=url))
        warm(ours, headers, grids)
        warm(peer, {}, grids)
        singles = events_on(grids, SINGLES, "single")
        there_s, _ = timed_send("peer, singles", peer, {}, singles, _CONNECTIONS)
        here_s, answers = timed_send("ours, singles", ours, headers, singles, _CONNECTIONS)
        hold(database, singles, answers)
        again(database, ours, headers, singles)
        batches = [events_on(grids, BATCH, f"batch-{i}" + "x" * i) for i in range(BATCHES)]
        batch_s, answers = timed_send("ours, batches", ours, headers, batches, _WORKERS)
        hold(database, [one for batch in batches for one in batch], answers)
        again(database, ours, headers, batches)
        doubled = 0
        for name, events in real_events().items():
            parts = [events[i : i + BATCH] for i in range(0, len(events), BATCH)]
            timed_send(name, ours, headers, parts, _WORKERS)
            again(database, ours, headers, parts)
            of_source = tables.event.c.source == events[0]["source"]
            doubled += abs(count(database, sa.select(sa.func.count()).where(of_source)) - len(events))
        # the peer does a part of our work
        show(Bar("events_singles", here_s, "fastapi+postgis", there_s, need=0.15))
        show(Bar("events_batches", batch_s, "fastapi+postgis", there_s, need=1.0))
        show(Goal("events_lost_or_doubled", doubled, "<=", 0))
    with cluster() as server:
        url = server.start()
        database = Database(url)
        migrate(database)
        drawn = plant(database)
        settle(database)
        asyncio.run(interrupt(server, database, url, events_on(drawn, INTERRUPTED, "through")))
        database.dispose()


if __name__ == "__main__":
    main()
