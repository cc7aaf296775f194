"""Tiles of a million buildings over HTTP: ours against FastAPI with ST_AsMVT, and against tipg.

All three run under uvicorn with the same loop and protocol, one process each, and send tiles compressed; ours
asks its database for its version and looks at the key of whoever asks, which the others do not. Nobody keeps
tiles. wrk asks for tiles of one zoom, one at a time, in turns. Bars are of whole tiles (every building, as
peers draw them); what is served, where no tile is larger than half a megabyte, and four at a time, is told
beside them.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import shapely
import sqlalchemy as sa

from benchmarks.bars import QUICK, Bar, note, show
from benchmarks.database import private_database
from benchmarks.tiles_encode import BUILDINGS, Tile, buildings_of, tiles_at
from gisgov.governance.access import ActorKind, Grant, Role
from gisgov.services.accounts import create_account, make_key
from gisgov.store.copying import copy_rows
from gisgov.store.database import Database

ZOOMS = (12, 13, 14, 16)
NEED = {12: 10.0, 13: 10.0, 14: 10.0, 16: 5.0}
NEED_TIPG = 20.0
_CLASSES = ("warning", "general", "safe")
_SECONDS = 2 if QUICK else 5
_MANY = 4
_ROUNDS = 1 if QUICK else 3
_PATHS = """
local paths, i = {}, 0
for line in io.lines("%s") do paths[#paths + 1] = line end
request = function() i = i %% #paths + 1; return wrk.format("GET", paths[i]) end
"""


@dataclass
class Service:
    """A service that runs: where, and how its tiles are addressed."""

    port: int
    form: str
    headers: dict[str, str] = field(default_factory=dict)

    def path(self, tile: Tile) -> str:
        """Return the path of a tile."""
        return self.form.format(z=tile[0], x=tile[1], y=tile[2])

    def tile(self, tile: Tile) -> bytes:
        """Return a tile, not compressed."""
        status, data = self.ask(self.path(tile))
        assert status in (200, 204), (status, data[:200])
        return data

    def ask(self, path: str) -> tuple[int, bytes]:
        """Ask for something."""
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        ) as connection:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip", **self.headers})
            answer = connection.getresponse()
            data = answer.read()
        return answer.status, gzip.decompress(data) if answer.headers["Content-Encoding"] == "gzip" else data

    def rate(self, tiles: list[Tile], folder: Path, connections: int) -> float:
        """Return how many of these tiles wrk gets in a second over so many connections."""
        (folder / "paths").write_text("\n".join(map(self.path, tiles)), encoding="utf-8")
        (folder / "paths.lua").write_text(_PATHS % (folder / "paths"), encoding="utf-8")
        given = [f"-H{name}: {value}" for name, value in {"Accept-Encoding": "gzip", **self.headers}.items()]
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{_SECONDS}s",
            "--timeout",
            "60s",
            "-s",
            str(folder / "paths.lua"),
        ]
        told = subprocess.run(
            [*command, *given, f"http://127.0.0.1:{self.port}"], capture_output=True, text=True, check=True
        ).stdout
        assert "Non-2xx" not in told, told
        assert "Socket errors" not in told, told
        found = re.search(r"Requests/sec:\s+([0-9.]+)", told)
        assert found is not None, told
        return float(found[1])


@contextlib.contextmanager
def served(what: str, form: str, ready: str, headers: dict[str, str], **variables: str) -> Iterator[Service]:
    """Run a service until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "benchmarks.served_tiles", what, str(port)]
    with subprocess.Popen(command, env={**os.environ, **variables}, stderr=subprocess.DEVNULL) as process:
        service = Service(port, form, headers)
        try:
            for _ in range(600):
                with contextlib.suppress(ConnectionError):
                    service.ask(ready)
                    break
                assert process.poll() is None, f"{what} does not run"
                time.sleep(0.1)
            yield service
        finally:
            process.terminate()


def plant(database: Database) -> None:
    """Store the buildings, for ours and, in Web Mercator and in the order of a curve, for the peers."""
    polygons = buildings_of(BUILDINGS, seed=1)
    rng = np.random.default_rng(2)
    classes, points = rng.integers(0, 3, BUILDINGS), rng.integers(0, 100, BUILDINGS)
    ewkb = shapely.to_wkb(shapely.set_srid(polygons, 4326), hex=True, include_srid=True)
    rows = (
        (
            str(i),
            "bench",
            geom,
            "wgs84",
            i % 30 + 1,
            1970 + i % 50,
            _CLASSES[kind],
            point,
            "{}",
            "bench",
            "now",
        )
        for i, (geom, kind, point) in enumerate(zip(ewkb, classes.tolist(), points.tolist(), strict=True))
    )
    with database.begin() as connection:
        connection.execute(sa.text("INSERT INTO risk_rules (version, definition) VALUES ('bench', '{}')"))
        columns = "external_id, source, geom, crs, floors, built_year, risk_class, risk_points, risk_reasons"
        copy_rows(connection, f"building ({columns}, risk_rules_version, rated_at)", rows)
        connection.execute(
            sa.text(
                "CREATE TABLE bench_building AS SELECT id, risk_class, risk_points, floors, built_year, use,"
                " CAST(ST_Transform(geom, 3857) AS GEOMETRY(POLYGON, 3857)) AS geom"
                " FROM building ORDER BY geom"
            )
        )
        connection.execute(sa.text("ALTER TABLE bench_building ADD PRIMARY KEY (id)"))
        connection.execute(sa.text("CREATE INDEX ON bench_building USING gist (geom)"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE building, bench_building"))


def key_of(database: Database) -> dict[str, str]:
    """Make the key of somebody who sees all, and return the headers that they ask with."""
    create_account(database, "bench", kind=ActorKind.CLIENT, grants=(Grant(Role.MANAGER),))
    return {"Authorization": f"Bearer {make_key(database, 'bench').key}"}


def attributes(data: bytes) -> dict[int, dict[str, object]]:
    """Return the attributes of a tile's features by their ids; tipg has the id among them."""
    found = {}
    for layer in (mapbox_vector_tile.decode(data) if data else {}).values():
        for one in layer["features"]:
            given = dict(one["properties"])
            found[given.pop("id", one.get("id"))] = given
    return found


def compare(services: dict[str, Service], tiles: list[Tile]) -> None:
    """Hold the peers' tiles against ours: the same buildings with the same attributes."""
    count = beside = 0
    for tile in tiles:
        here = attributes(services["ours"].tile(tile))
        for name in ("ST_AsMVT", "tipg"):
            there = attributes(services[name].tile(tile))
            assert there, "there is something to compare"
            assert all(here[one] == given for one, given in there.items()), f"as {name} has it"
            count, beside = count + len(there), beside + len(here) - len(there)
    note(f"z{tiles[0][0]}: {count} features alike, {beside} that peers leave out as too small")


def run_zoom(zoom: int, services: dict[str, Service], as_served: Service, folder: Path) -> None:
    """Compare and time tiles of one zoom, one at a time."""
    tiles = tiles_at(zoom, 60, seed=zoom)
    compare(services, tiles[:: max(1, len(tiles) // 3)])
    asked = {**services, "as served": as_served}
    best, many = dict.fromkeys(asked, 0.0), dict.fromkeys(asked, 0.0)
    for _ in range(_ROUNDS):
        for name, service in asked.items():
            best[name] = max(best[name], service.rate(tiles, folder, 1))
    for name, service in asked.items():
        many[name] = service.rate(tiles, folder, _MANY)
    ours_s = 1 / best["ours"]
    name = f"tiles-http-z{zoom}-{BUILDINGS}-buildings"
    show(Bar(name, ours_s, "FastAPI+ST_AsMVT", 1 / best["ST_AsMVT"], need=NEED[zoom]))
    show(Bar(name, ours_s, "tipg", 1 / best["tipg"], need=NEED_TIPG))
    rates = ", ".join(f"{name} {rate:.0f} ({many[name]:.0f})/s" for name, rate in best.items())
    size = max(len(as_served.tile(tile)) for tile in tiles)
    note(f"z{zoom}: {len(tiles)} tiles; over one ({_MANY}) connections {rates}; as served ≤ {size} bytes")
    assert size <= 500_000


def main() -> None:
    """Compare the answers, then the times."""
    with private_database() as database, tempfile.TemporaryDirectory() as folder:
        plant(database)
        headers = key_of(database)
        url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        own = {"GISGOV_DATABASE_URL": url, "GISGOV_REQUESTS_PER_MINUTE": "1000000"}
        form = "/v1/tiles/buildings/{z}/{x}/{y}.mvt"
        of_tipg = "/collections/public.bench_building/tiles/WebMercatorQuad/{z}/{x}/{y}"
        for_tipg = {
            "TIPG_MAX_FEATURES_PER_TILE": str(10 * BUILDINGS),
            "TIPG_TILE_BUFFER": "64",
            "TIPG_DB_TABLES": '["public.bench_building"]',
        }
        with (
            served("ours", form, "/healthz", headers, WHOLE="1", **own) as ours,
            served("ours", form, "/healthz", headers, **own) as as_served,
            served("peer", "/{z}/{x}/{y}.mvt", "/0/0/0", {}, DATABASE_URL=url) as peer,
            served("tipg", of_tipg, "/healthz", {}, DATABASE_URL=url, **for_tipg) as tipg,
        ):
            for service in (ours, as_served):
                begin = time.perf_counter()
                while service.ask(service.path(tiles_at(16, 1, seed=1)[0]))[0] == 503:
                    time.sleep(0.2)
                note(f"the first tile came after {time.perf_counter() - begin:.1f} s")
            services = {"ours": ours, "ST_AsMVT": peer, "tipg": tipg}
            for zoom in ZOOMS:
                run_zoom(zoom, services, as_served, Path(folder))


if __name__ == "__main__":
    main()
