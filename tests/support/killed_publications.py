"""Plans published over and over, the publisher or PostgreSQL killed meanwhile, and what must be true then."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa
from killed_ground import FIRST, OPEN, PICTURES, put_ground
from killed_workers import processes_below
from private_servers import pid_of

from gisgov.embedded import Cluster, server
from gisgov.errors import DatabaseUnavailable
from gisgov.services.audit import verify_audit
from gisgov.services.publishing import publish_plan
from gisgov.store import tables
from gisgov.store.database import Database
from gisgov.store.joining import join_buildings, join_events
from gisgov.store.migrating import migrate
from gisgov.store.plans import content_sha256

ZONE: Final = ZoneInfo("Asia/Shanghai")
VICTIMS: Final = ("publisher", "backend", "postgres")
"""The process that publishes, the server process that works for it, and the whole server."""

_QUESTIONS = {
    "plans": "SELECT name, status, valid_from, valid_to, took_effect_at IS NULL FROM plan ORDER BY id",
    "lineage": "SELECT count(*) FROM area_lineage WHERE plan_id = :draft",
    "routes": "SELECT count(DISTINCT event_id), count(*) FROM event_reroute WHERE cause_plan_id = :draft",
    "open": """
        SELECT plan_id, count(*) FROM event_area JOIN event ON event.id = event_id
        WHERE state = 'handling' GROUP BY plan_id ORDER BY plan_id""",
    "misplaced": """
        SELECT count(*) FILTER (WHERE area.id IS NULL OR NOT ST_Covers(area.geom, event.geom)), count(*)
        FROM event JOIN event_area ON event_id = event.id
        LEFT JOIN area ON area.plan_id = event_area.plan_id AND area.code = area_code
        WHERE state = 'handling'""",
    "buildings": "SELECT DISTINCT plan_id FROM building_area ORDER BY 1",
    "noted": """
        SELECT count(*) FROM audit_entry
        WHERE content ->> 'subject' = :subject AND content ->> 'verb' IN ('publish', 'take-effect')""",
}


@dataclass
class Killing:
    """A small district whose plans follow each other, and the chance that kills.

    Parameters
    ----------
    cluster : Cluster
        A private server of its own.
    seed : int
        Of what is killed when.
    """

    cluster: Cluster
    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - no secret
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["warm_publisher"])
        self._url = self.cluster.start()
        self._round = 0
        self._in_force = self._settle()
        self._window_s = 0.0

    def run(self, kills: int) -> None:
        """Publish one plan whole, to see how long it takes; then kill so often, and verify each time."""
        self._publish(None)
        while sum(self.kills.values()) < kills:
            self._publish(VICTIMS[sum(self.kills.values()) % len(VICTIMS)])

    # --- publishing, and killing

    def _publish(self, victim: str | None) -> None:
        self._round += 1
        name, first = f"plan-{self._round}", FIRST + timedelta(days=self._round)
        draft, digest = self._draft(name)
        came, goes = self._processes.Pipe(duplex=False)
        process = self._processes.Process(target=publish, args=(self._url, name, first, goes))
        process.start()
        goes.close()
        backend, begin = came.recv(), time.monotonic()
        if victim is not None:
            time.sleep(self._chance.uniform(0.0, self._window_s))
            self._kill(victim, process, backend)
        process.join()
        took_s = time.monotonic() - begin
        answer = _answer(came)
        answered = answer is True
        self._url = self.cluster.start()
        with self._database() as database, database.begin() as connection:
            is_published = connection.scalar(
                sa.select(tables.plan.c.status != "draft").where(tables.plan.c.id == draft)
            )
        if victim is None:
            self._window_s = took_s
        else:
            self.kills[victim] += 1
            self.outcomes["new" if is_published else "old"] += 1
            self.outcomes["answered before"] += answered
            # so that about every third is committed, however busy the machine is
            self._window_s *= 0.8 if is_published else 1.1
        told = f"round {self._round}, {victim}: "
        self.faults += [told + fault for fault in self._verify(draft, first, digest, bool(is_published))]
        if isinstance(answer, str):
            self.faults.append(told + answer)
        if answered and not is_published:
            self.faults.append(told + "it was answered as published, and is not")
        if is_published:
            self._in_force = draft
        else:
            self._forget(draft)

    def _kill(self, victim: str, process: BaseProcess, backend: int) -> None:
        with suppress(ProcessLookupError):
            if victim == "publisher":
                os.kill(process.pid or 0, signal.SIGKILL)
            elif victim == "backend":
                with psycopg.connect(_libpq(self._url), autocommit=True) as another:
                    os.kill(backend, signal.SIGKILL)
                    _wait_for_recovery(another, _libpq(self._url))
            else:
                postmaster = pid_of(self.cluster)
                below = processes_below(postmaster)
                for pid in (postmaster, *below):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                while server.is_running(postmaster, self.cluster.place.data):
                    time.sleep(0.005)

    # --- the district

    def _settle(self) -> int:
        with self._database() as database:
            migrate(database)
            with database.begin() as connection:
                self._ground = put_ground(connection)
            draft, _ = self._draft("plan-0")
            publish_plan(database, "plan-0", valid_from=FIRST, today=FIRST, timezone=ZONE)
            with database.begin() as connection:
                join_events(connection, timezone=ZONE)
                join_buildings(connection, day=FIRST)
        return draft

    @contextmanager
    def _database(self) -> Iterator[Database]:
        opened = Database(self._url)
        yield opened
        opened.dispose()

    def _draft(self, name: str) -> tuple[int, str]:
        """Make a draft of the next picture, and return its id and the digest of its areas."""
        with self._database() as database, database.begin() as connection:
            return self._ground.draft(connection, name, PICTURES[self._round % len(PICTURES)])

    def _forget(self, draft: int) -> None:
        with self._database() as database, database.begin() as connection:
            connection.execute(sa.delete(tables.plan).where(tables.plan.c.id == draft))

    # --- what must be true

    def _verify(self, draft: int, first: date, digest: str, is_published: bool) -> Iterator[str]:
        subject = f"plan {draft}"
        with self._database() as database:
            report = verify_audit(database)
        yield from (f"audit: {finding.what}" for finding in report.findings)
        with self._database() as database, database.begin() as connection:
            found = {
                name: [
                    tuple(row)
                    for row in connection.execute(sa.text(query), {"draft": draft, "subject": subject})
                ]
                for name, query in _QUESTIONS.items()
            }
            content = content_sha256(connection, draft)
            stored = connection.scalar(
                sa.select(tables.plan.c.content_sha256).where(tables.plan.c.id == draft)
            )
        owner = draft if is_published else self._in_force
        last = [row[1:] for row in found.pop("plans")[-2:]]
        expected: dict[str, Any] = {
            "open": [(owner, OPEN)],
            "misplaced": [(0, OPEN)],
            "buildings": [(owner,)],
            "routes": [(OPEN, OPEN)] if is_published else [(0, 0)],
            "noted": [(2,)] if is_published else [(0,)],
        }
        lineage = found.pop("lineage")[0][0]
        if (lineage > 0) is not is_published:
            yield f"{lineage} rows of lineage"
        yield from (
            f"{name}: {found[name]} instead of {value}"
            for name, value in expected.items()
            if found[name] != value
        )
        days = [("retired", first, False), ("published", None, False)] if is_published else None
        if days is not None and [(row[0], row[2], row[3]) for row in last] != days:
            yield f"plans: {last}"
        if not is_published and [(row[0], row[2]) for row in last] != [("published", None), ("draft", None)]:
            yield f"plans: {last}"
        if (stored != content) if is_published else (stored is not None or content != digest):
            yield "the areas are not those that were drawn, or published"


def publish(url: str, name: str, first: date, told: Connection) -> None:
    """Publish a plan in a process of its own, which tells of its backend first and of its success then."""
    database = Database(url)
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        told.send(driver.info.backend_pid)  # the pool gives the same one again
    try:
        publish_plan(database, name, valid_from=first, today=first, timezone=ZONE)
    except (DatabaseUnavailable, sa.exc.DBAPIError):  # the server was killed under it
        os._exit(1)
    except Exception as error:
        told.send(f"{type(error).__name__}: {error}")
        os._exit(1)
    told.send(True)
    os._exit(0)


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg:", "postgresql:")


def _wait_for_recovery(another: psycopg.Connection, url: str) -> None:
    """Wait until a server that lost a process has ended the others, and takes connections again."""
    with suppress(psycopg.OperationalError):
        while True:
            another.execute("SELECT 1")
            time.sleep(0.005)
    while True:
        with suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.02)


def _answer(came: Connection) -> bool | str:
    """Return whether a publisher said that it is done, or what it said is wrong."""
    try:
        told: bool | str = came.poll() and came.recv()
    except (EOFError, OSError):
        return False
    return told
