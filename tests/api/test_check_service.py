"""Checks of a real service of two processes: watched, cancelled, and what survives the death of whom."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import httpx
import numpy as np
import pytest
from signed_in import bearer

from benchmarks.jagged import jagged_areas

AREAS, MISSING = 5_000, 5


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many areas of which some are missing, so large that a check can be seen at work; and their scope."""
    folder = tmp_path_factory.mktemp("big")
    areas, scope = jagged_areas(AREAS)
    inner = np.flatnonzero(np.arange(AREAS) % 997 == 498)[:MISSING]
    left = np.delete(areas, inner)
    geopandas.GeoDataFrame(geometry=left, crs=4547).to_file(folder / "grids.gpkg")
    geopandas.GeoDataFrame(geometry=[scope], crs=4547).to_file(folder / "scope.gpkg")
    return folder


class Service:
    """A service of two processes on a port of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.database_url = database_url
        # each question over a connection of its own, which either of the processes may take
        self.client = httpx.Client(
            headers=bearer(database_url), timeout=120, limits=httpx.Limits(max_keepalive_connections=0)
        )
        self.jobs = folder / "jobs"
        self.log = folder / "log"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.start()

    def start(self, processes: int = 2) -> None:
        environment = os.environ | {
            "GISGOV_DATABASE_URL": self.database_url,
            "GISGOV_JOBS_DIR": str(self.jobs),
            "GISGOV_JOB_PROCESSES": "1",
        }
        command = [sys.executable, "-m", "uvicorn", "api.main:app", f"--workers={processes}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, f"--port={self.port}", "--no-access-log"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while True:
            try:
                self.ask("GET", "/healthz")
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
                time.sleep(0.1)
            else:
                return

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.client.request(method, f"http://127.0.0.1:{self.port}{path}", **more)

    def check(self, folder: Path) -> str:
        """Ask for a check and return its address."""
        with (folder / "grids.gpkg").open("rb") as areas, (folder / "scope.gpkg").open("rb") as scope:
            files = {"file": ("grids.gpkg", areas), "scope": ("scope.gpkg", scope)}
            answer = self.ask("POST", "/v1/check", files=files)
        assert answer.status_code == 202, answer.text
        return answer.headers["Location"]

    def watch(self, address: str, *states: str) -> list[Any]:
        """Look at a check until it is in one of some states; return all that was seen."""
        seen = []
        while not seen or seen[-1]["state"] not in states:
            seen.append(self.ask("GET", address, params={"defects": "false"}).json())
            assert seen[-1]["state"] not in {"failed", "done"} - set(states), seen[-1]
            time.sleep(0.05)
        return seen

    def processes(self) -> list[int]:
        """Return the processes that do jobs or are ready to, of all processes of the service."""
        told = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
        rows = [line.split(None, 2) for line in told.stdout.splitlines()]
        first = str(self.process.pid)
        takers = {first} | {pid for pid, parent, _ in rows if parent == first}
        workers = {pid for pid, parent, args in rows if parent in takers and args.endswith("gisgov.work")}
        return [int(pid) for pid, parent, _ in rows if parent in workers]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, module_database_url: str) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("service"), module_database_url)
    try:
        yield running
    finally:
        running.stop()
        running.client.close()


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def parent_of(process: int) -> int:
    told = subprocess.run(
        ["ps", "-o", "ppid=", "-p", str(process)], capture_output=True, text=True, check=True
    )
    return int(told.stdout)


def test_a_big_check_is_watched_to_its_end(service: Service, big: Path) -> None:
    seen = service.watch(service.check(big), "done")
    steps = [one["progress"] for one in seen if one["progress"] is not None]
    labels = list(dict.fromkeys(step["label"] for step in steps))
    assert labels[0] == "checking the areas"
    assert labels[-1] in ("writing the report", "drawing the map")
    assert all(step["share"] is None or 0 <= step["share"] <= 1 for step in steps)
    report = seen[-1]["report"]
    assert (report["areas"], report["counts"]["gap"]) == (AREAS - MISSING, MISSING)
    assert report["certificate"] is not None
    assert report["certified"] is False
    package = service.ask("GET", seen[-1]["reports"]["gpkg"])
    assert package.content.startswith(b"SQLite format 3")


def test_a_big_check_is_cancelled(service: Service, big: Path) -> None:
    address = service.check(big)
    service.watch(address, "running")
    at_work = service.processes()
    assert service.ask("DELETE", address).status_code == 204
    while set(at_work) <= set(service.processes()):
        time.sleep(0.05)
    assert service.ask("GET", address).json()["state"] == "cancelled"
    assert service.ask("DELETE", address).status_code == 204
    assert service.ask("GET", address).status_code == 404
    assert list(service.jobs.glob(f"*/{address.rpartition('/')[2]}")) == []


def test_a_check_whose_process_dies_is_tried_again(service: Service, big: Path) -> None:
    address = service.check(big)
    service.watch(address, "running")
    for process in service.processes():
        os.kill(process, signal.SIGKILL)
    assert service.watch(address, "done")[-1]["report"]["counts"]["gap"] == MISSING
    assert service.ask("GET", address.replace("checks", "jobs")).json()["attempt"] == 2


def test_a_check_outlives_the_process_that_took_it(service: Service, big: Path) -> None:
    address = service.check(big)
    service.watch(address, "running")
    taker = parent_of(parent_of(service.processes()[0]))
    assert taker != service.process.pid
    os.kill(taker, signal.SIGKILL)
    while True:
        try:
            info = service.watch(address, "running", "done")[-1]
        except httpx.TransportError:  # the connection was to the one that died
            continue
        if info["state"] == "done":
            break
    assert info["report"]["counts"]["gap"] == MISSING


def test_a_service_that_is_stopped_takes_its_checks_up_again(service: Service, big: Path) -> None:
    """Come last: it starts the service of this module again, as one process."""
    address = service.check(big)
    service.watch(address, "running")
    before = service.processes()
    assert before
    service.stop()
    assert not any(map(is_alive, before))
    service.start(processes=1)
    while service.ask("GET", address.replace("checks", "jobs")).json()["attempt"] == 1:
        time.sleep(0.05)
    assert service.watch(address, "running")[-1]["problem"] is None
    after = service.processes()
    assert after
    assert not set(before) & set(after)
    assert service.ask("DELETE", address).status_code == 204
