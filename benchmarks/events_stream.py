"""How soon who follows events is told of them, and whether anything is lost when what serves them dies.

Fifty clients of ten accounts follow ``gisgov serve --workers 2`` while events are committed one by one at a
steady rate. The lag is from the return of COMMIT to the client. Then the database is started anew, and a
process of the service killed; every client has to have been told of every event.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from benchmarks.bars import QUICK, Goal, note, show
from gisgov.embedded import Cluster, server_account
from gisgov.embedded.place import choose_place
from gisgov.errors import GisgovError
from gisgov.governance.access import ActorKind, Grant, Role
from gisgov.services.accounts import create_account, make_key
from gisgov.store.database import Database
from gisgov.store.migrating import migrate

CLIENTS = 50
ACCOUNTS = 10
RATE = 40.0
STEADY_S = 8.0 if QUICK else 20.0
PATIENCE_S = 90.0
_INSERT = sa.text(
    "INSERT INTO event (external_id, source, level, state, occurred_at, geom, crs) VALUES (:name, 'hotline', "
    "'2', 'reported', now(), ST_SetSRID(ST_MakePoint(114, 22.5), 4326), 'wgs84') RETURNING id"
)


class Writer:
    """Commits events at a steady rate, and remembers when each was committed."""

    def __init__(self, database: Database) -> None:
        self.committed: dict[int, float] = {}
        self._database = database
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def end(self) -> None:
        """Commit no more."""
        self._ends.set()
        self._thread.join()

    def _run(self) -> None:
        began = time.perf_counter()
        for number in range(1_000_000):
            if self._ends.wait(max(0.0, began + number / RATE - time.perf_counter())):
                return
            # one that fails as the server goes may have been committed: it counts if it is there in the end
            with contextlib.suppress(GisgovError):
                with self._database.begin() as connection:
                    event_id = int(connection.scalar(_INSERT, {"name": f"e{number}"}) or 0)
                self.committed[event_id] = time.perf_counter()


class Client:
    """Follows events over a socket, and remembers when it was told of each first."""

    def __init__(self, port: int, key: str) -> None:
        self.told: dict[int, float] = {}
        self.resets = 0
        self.last = ""
        self._port, self._key = port, key

    async def run(self) -> None:
        """Follow, and come again whenever the connection ends."""
        while True:
            with contextlib.suppress(OSError):
                await self._follow()
            await asyncio.sleep(0.1)

    async def _follow(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        with contextlib.closing(writer):
            last = f"Last-Event-ID: {self.last}\r\n" if self.last else ""
            head = f"Host: localhost\r\nAuthorization: Bearer {self._key}\r\n{last}"
            writer.write(f"GET /v1/events/stream HTTP/1.1\r\n{head}\r\n".encode())
            while line := await reader.readline():
                if line.startswith(b'data: {"id":'):
                    event_id = int(line[12 : line.index(b",")])
                    self.told.setdefault(event_id, time.perf_counter())
                elif line.startswith(b"id: "):
                    self.last = line[4:].decode().strip()
                elif line.startswith(b"event: reset"):
                    self.resets += 1


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """Give a private server that can be started anew."""
    folder = Path(tempfile.mkdtemp(prefix="gisgov-bench-"))
    folder.chmod(0o755)  # the server runs as another user when this runs as root
    account = server_account()
    made = Cluster(choose_place(folder / "cluster", account), account)
    try:
        yield made
    finally:
        made.remove()
        shutil.rmtree(folder)


@contextlib.contextmanager
def service(database_url: str, port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Serve with two processes until the block ends."""
    settings = {"DATABASE_URL": database_url, "SERVE_WORKER": "false", "PREPARE_TILES": "false", **more}
    words = {f"GISGOV_{name}": value for name, value in settings.items()} | {"GISGOV_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "gisgov", "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(command, env={**os.environ, **words}, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)


def one_worker(parent: int) -> int:
    """Return a process that answers, of those that a service started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return next(int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())


async def until(clients: list[Client], ids: set[int]) -> float:
    """Wait until every client was told of all events; return how long it took, or infinity."""
    began = time.perf_counter()
    while any(not ids <= one.told.keys() for one in clients):
        if time.perf_counter() - began > PATIENCE_S:
            return float("inf")
        await asyncio.sleep(0.05)
    return time.perf_counter() - began


async def measure(server: Cluster, database: Database, keys: list[str], url: str) -> None:
    """Follow through all that happens, and show it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with service(url, port) as process:
        clients = [Client(port, keys[number % len(keys)]) for number in range(CLIENTS)]
        tasks = [asyncio.create_task(one.run()) for one in clients]
        while not all(one.last for one in clients):
            await asyncio.sleep(0.05)
        writer = Writer(database)
        await asyncio.sleep(STEADY_S)
        steady = dict(writer.committed)
        await until(clients, set(steady))
        lags = [one.told[key] - at for one in clients for key, at in steady.items()]
        p50, p99 = (float(value) for value in np.percentile(lags, [50, 99]))
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        await asyncio.sleep(STEADY_S / 4)
        os.kill(one_worker(process.pid), signal.SIGKILL)
        await asyncio.sleep(STEADY_S / 4)
        await asyncio.to_thread(writer.end)
        with database.begin() as connection:
            there = set(connection.scalars(sa.text("SELECT id FROM event")))
        await until(clients, there)
        for task in tasks:
            task.cancel()
    lost = sum(len(there - one.told.keys()) for one in clients)
    about = f"clients={CLIENTS} accounts={ACCOUNTS} events={len(steady)} rate={len(steady) / STEADY_S:.0f}/s"
    show(Goal("events_stream_lag_p50", p50, "<=", 0.25, f"unit=s {about}"))
    show(Goal("events_stream_lag_p99", p99, "<=", 1.0, f"unit=s {about}"))
    resets = sum(one.resets for one in clients)
    show(Goal("events_stream_lost", lost, "<=", 0, f"events={len(there)} resets={resets}"))
    note(f"told {sum(len(one.told) for one in clients)} times, of {len(there)} events to {CLIENTS} clients")


def main() -> None:
    """Run it all."""
    with cluster() as server:
        url = server.start()
        database = Database(url)
        migrate(database)
        keys = []
        for number in range(ACCOUNTS):
            name = f"follows-{number}"
            create_account(database, name, kind=ActorKind.CLIENT, grants=(Grant(Role.VIEWER),))
            keys.append(make_key(database, name).key)
        asyncio.run(measure(server, database, keys, url))
        database.dispose()


if __name__ == "__main__":
    main()
