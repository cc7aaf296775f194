"""One lookup over HTTP: ours against FastAPI with PostGIS behind a pool, and against a raw ASGI "hello".

All run under the same uvicorn (uvloop, httptools, the service's own protocol class), one process each, asked
by wrk on loopback over as many connections, in turns. wrk shares the cores with them. Ours looks at a
key, counts, measures to borders, tags and logs; the peer answers code and name of every layer and no more.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa

from benchmarks.bars import QUICK, Goal, note, show
from benchmarks.database import private_database
from benchmarks.jagged import jagged_areas
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.snap import snap
from gisgov.governance.access import ActorKind, Grant, Role
from gisgov.services.accounts import create_account, make_key
from gisgov.store import tables
from gisgov.store.database import Database
from gisgov.types import Geometries

AREAS = 1_209
STREETS = 12
COMPARED = 500 if QUICK else 4_000
_SECONDS = 2 if QUICK else 5
_ROUNDS = 2 if QUICK else 5
_CONNECTIONS = 64
_PATHS = """
local paths, i = {}, 0
for line in io.lines("%s") do paths[#paths + 1] = line end
request = function() i = i %% #paths + 1; return wrk.format("GET", paths[i]) end
"""
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass
class Service:
    """A service that runs: where, and with which headers it is asked."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, connection: http.client.HTTPConnection, path: str) -> Any:
        """Return what is answered, read from JSON."""
        connection.request("GET", path, headers=self.headers)
        answer = connection.getresponse()
        data = answer.read()
        assert answer.status == 200, (answer.status, data[:300])
        return json.loads(data)

    def connection(self) -> http.client.HTTPConnection:
        """Return a connection to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def measure(self, script: Path) -> tuple[float, float]:
        """Return requests in a second, and the seconds that all but one in a hundred took at most."""
        given = [f"-H{name}: {value}" for name, value in self.headers.items()]
        command = ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{_SECONDS}s", "--latency", "-s", str(script)]
        address = f"http://127.0.0.1:{self.port}"
        told = subprocess.run([*command, *given, address], capture_output=True, text=True, check=True).stdout
        assert "Non-2xx" not in told, told
        assert "Socket errors" not in told, told
        rate = re.search(r"Requests/sec:\s+([0-9.]+)", told)
        slow = re.search(r"99%\s+([0-9.]+)([a-z]+)", told)
        assert rate is not None, told
        assert slow is not None, told
        return float(rate[1]), float(slow[1]) * _UNITS[slow[2]]


@contextlib.contextmanager
def served(what: str, headers: dict[str, str] | None = None, **variables: str) -> Iterator[Service]:
    """Run a service until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "benchmarks.served_lookups", what, str(port)]
    with subprocess.Popen(command, env={**os.environ, **variables}, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                assert process.poll() is None, f"{what} does not run"
                time.sleep(0.1)
            yield Service(port, headers or {})
        finally:
            process.terminate()


def plant(database: Database) -> Geometries:
    """Publish streets and their grids; return the grids."""
    in_metres, _ = jagged_areas(AREAS, seed=1)
    grids = snap(to_wgs84_geometries(in_metres, parse_crs("EPSG:4547")))
    parts = np.array_split(np.arange(len(grids)), STREETS)
    streets = [shapely.union_all(grids[part]) for part in parts]
    of_grid = np.repeat(np.arange(STREETS), [len(part) for part in parts])
    parents = [[f"{street:03d}"] for street in of_grid]
    with database.begin() as connection:
        above = _publish(
            connection, "street", streets, [f"{i:03d}" for i in range(STREETS)], [[]] * STREETS, None
        )
        _publish(connection, "grid", list(grids), [f"{i:06d}" for i in range(len(grids))], parents, above)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE area, plan, layer"))
    return grids


def _publish(
    connection: sa.Connection,
    name: str,
    areas: list[shapely.Geometry],
    codes: list[str],
    parents: list[list[str]],
    above: int | None,
) -> int:
    row = {
        "name": name,
        "title_zh": name,
        "title_en": name,
        "kind": "partition",
        "position": int(above is not None),
    }
    under = {} if above is None else {"parent_id": above, "nesting": "nested"}
    layer = int(connection.scalar(tables.layer.insert().values(**row, **under).returning(tables.layer.c.id)))
    draft = tables.plan.insert().values(name=f"{name}-now", layer_id=layer, working_crs="EPSG:4547")
    plan = connection.scalar(draft.returning(tables.plan.c.id))
    rows = [
        {
            "plan_id": plan,
            "code": code,
            "name": f"{name} {code}",
            "parent_codes": held,
            "geom": "SRID=4326;" + shapely.MultiPolygon(shapely.get_parts(area).tolist()).wkt,
            "area_m2": 1.0,
        }
        for area, code, held in zip(areas, codes, parents, strict=True)
    ]
    connection.execute(tables.area.insert(), rows)
    published = tables.plan.update().where(tables.plan.c.id == plan)
    dates = {"valid_from": sa.text("DATE '2020-01-01'"), "published_at": sa.func.now()}
    connection.execute(published.values(status="published", **dates))
    posts = [
        {"layer_id": layer, "area_code": code, "role": "网格长", "holder": f"王{code}"} for code in codes
    ]
    connection.execute(tables.staff_post.insert(), posts)
    return layer


def paths_of(grids: Geometries, count: int) -> list[str]:
    """Draw points on the grids, a few of them vertices."""
    rng = np.random.default_rng(2)
    west, south, east, north = shapely.total_bounds(grids)
    xy = np.round(rng.uniform((west, south), (east, north), (count * 3, 2)), 7)
    index = shapely.STRtree(grids)
    xy = xy[np.unique(index.query(shapely.points(xy), predicate="intersects")[0])][:count]
    vertices = shapely.get_coordinates(grids)
    xy[: count // 100] = vertices[rng.integers(0, len(vertices), count // 100)]
    return [f"/v1/resolve?lon={lon!r}&lat={lat!r}" for lon, lat in xy.tolist()]


def warm(service: Service, paths: list[str]) -> None:
    """Ask for a while: what is measured is a service that runs, not the first second of one."""
    connection, end = service.connection(), time.monotonic() + _SECONDS
    while time.monotonic() < end:
        for path in paths[:50]:
            connection.request("GET", path, headers=service.headers)
            connection.getresponse().read()
    connection.close()


def compare(ours: Service, peer: Service, paths: list[str]) -> None:
    """Hold our answers against the peer's: the same code and name of every layer."""
    here, there = ours.connection(), peer.connection()
    for path in paths:
        told = [{key: one[key] for key in ("layer", "code", "name")} for one in ours.ask(here, path)["chain"]]
        assert told == peer.ask(there, path), path
    here.close()
    there.close()
    note(f"{len(paths)} points answered alike by ours and the peer, code and name of 2 layers each")


def main() -> None:
    """Compare the answers, then the times."""
    with (
        private_database() as database,
        tempfile.TemporaryDirectory() as place,
        contextlib.ExitStack() as open_,
    ):
        folder = Path(place)
        paths = paths_of(plant(database), COMPARED)
        (folder / "paths").write_text("\n".join(paths), encoding="utf-8")
        script = folder / "paths.lua"
        script.write_text(_PATHS % (folder / "paths"), encoding="utf-8")
        create_account(database, "bench", kind=ActorKind.CLIENT, grants=(Grant(Role.VIEWER),))
        key = {"Authorization": f"Bearer {make_key(database, 'bench').key}"}
        url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        given = {
            "GISGOV_DATABASE_URL": url,
            "GISGOV_JOBS_DIR": str(folder / "jobs"),
            "GISGOV_REQUESTS_PER_MINUTE": "1000000",
            "GISGOV_SERVE_WORKER": "false",
        }
        services = {
            "ours": open_.enter_context(served("ours", key, **given)),
            "open": open_.enter_context(served("ours", {}, GISGOV_PUBLIC_AREAS="true", **given)),
            "peer": open_.enter_context(served("peer", DATABASE_URL=url)),
            "hello": open_.enter_context(served("hello", key)),
        }
        for service in services.values():
            warm(service, paths)
        compare(services["ours"], services["peer"], paths)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in services}
        for _ in range(_ROUNDS):
            for name, service in services.items():
                found[name].append(service.measure(script))
        report(found)


def report(found: dict[str, list[tuple[float, float]]]) -> None:
    """Print the bars by the medians of the turns, and all there is beside them."""
    rate = {name: statistics.median(one for one, _ in each) for name, each in found.items()}
    p99 = {name: statistics.median(one for _, one in each) for name, each in found.items()}
    for name, each in found.items():
        best = max(one for one, _ in each)
        note(f"{name}: median {rate[name]:.0f}/s, best {best:.0f}/s, p99 {p99[name] * 1000:.2f} ms")
    show(Goal("resolve-http-rate", rate["ours"] / rate["peer"], ">=", 8.0, "PEER=FastAPI+PostGIS"))
    show(Goal("resolve-http-p99", p99["ours"] / p99["peer"], "<=", 0.2, "PEER=FastAPI+PostGIS"))
    show(Goal("resolve-http-hello", rate["ours"] / rate["hello"], ">=", 0.8, "PEER=raw-ASGI-hello"))
    show(Goal("resolve-http-open-hello", rate["open"] / rate["hello"], ">=", 0.8, "PEER=raw-ASGI-hello"))


if __name__ == "__main__":
    main()
