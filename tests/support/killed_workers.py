"""A mixed load of jobs on workers that are killed at random moments, and what must be true afterwards."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from trial_kinds import KINDS as TRIAL_KINDS

from fixtures.shipped import redivision_policy
from gisgov.services import check_jobs, redividing
from gisgov.services.check_jobs import FILE, CheckQuestion
from gisgov.services.jobs import Input, Job, JobState, list_jobs, submit_job
from gisgov.services.redividing import RedivisionRequest, refuse_early
from gisgov.store.database import Database
from gisgov.store.tables import assignment, plan
from gisgov.work.kinds import KINDS as OWN
from gisgov.work.orders import WorkOrder

SUPPORT: Final = Path(__file__).resolve().parent
PATIENT: Final = "killed_workers:KINDS"
KINDS = {name: replace(kind, attempts=1_000) for name, kind in {**OWN, **TRIAL_KINDS}.items()}
"""What workers can do here; a job that is killed again and again is tried as often as that."""


@dataclass
class Killing:
    """Workers, the jobs they do, and the chance that kills them.

    Parameters
    ----------
    database : Database
        With two communities of blocks (`lattices.settle`).
    order : WorkOrder
        What workers are told.
    areas : pathlib.Path
        A file of areas to check.
    draft : callable
        Makes an empty draft of a name.
    seed : int
        Of what is killed when.
    """

    database: Database
    order: WorkOrder
    areas: Path
    draft: Callable[[str], None]
    seed: int
    jobs: list[Job] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    hits: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - no secret
        self._workers: list[subprocess.Popen[bytes]] = []

    def run(self, kills: int, *, pause_s: float) -> None:
        """Kill so often, with jobs of all kinds waiting all the while; then let the rest be done."""
        with self._workers_at_work(2):
            while sum(self.kills.values()) < kills:
                self._add_jobs(6)
                while not list_jobs(self.database, state=JobState.RUNNING):
                    time.sleep(0.02)
                time.sleep(self._chance.uniform(0.0, 2 * pause_s))
                self._kill_one()
            while self._open():
                self._start_missing()
                time.sleep(0.1)
            while self._entries():
                time.sleep(0.1)

    # --- the load

    def _add_jobs(self, most: int) -> None:
        while self._open() < most:
            (self._add_rows, self._add_check, self._add_redivision)[len(self.jobs) % 3]()

    def _add_rows(self) -> None:
        with self.order.place.draft() as draft:
            job = submit_job(
                self.database,
                draft,
                kind="rows",
                title=f"rows-{len(self.jobs)}",
                parameters={"parts": 5, "pause_s": 0.1},
            )
        self.jobs.append(job)

    def _add_check(self) -> None:
        with self.order.place.draft() as draft:
            (draft.inputs / "upload-file.geojson").write_bytes(self.areas.read_bytes())
            question = CheckQuestion(crs="wgs84")
            job = submit_job(
                self.database,
                draft,
                kind=check_jobs.KIND,
                title="grids.geojson",
                parameters={"question": question.written(), "place": "body"},
                inputs={FILE: Input("upload-file.geojson", "grids.geojson")},
            )
        self.jobs.append(job)

    def _add_redivision(self) -> None:
        name = f"draft-{len(self.jobs)}"
        self.draft(name)
        asked = RedivisionRequest(plan=name, source=name)
        digest = refuse_early(self.database, asked, redivision_policy())
        parameters = {"request": asked.written(), "place": "body", "content_sha256": digest}
        with self.order.place.draft() as draft:
            job = submit_job(self.database, draft, kind=redividing.KIND, title=name, parameters=parameters)
        self.jobs.append(job)

    def _open(self) -> int:
        return sum(
            len(list_jobs(self.database, state=state)) for state in (JobState.WAITING, JobState.RUNNING)
        )

    def _entries(self) -> int:
        with self.database.begin() as connection:
            return connection.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) or 0

    # --- the chance

    @contextmanager
    def _workers_at_work(self, count: int) -> Iterator[None]:
        self._workers = [start_worker(self.order) for _ in range(count)]
        try:
            yield
        finally:
            for worker in self._workers:
                worker.kill()
                worker.communicate()

    def _start_missing(self) -> None:
        for number, worker in enumerate(self._workers):
            if worker.poll() is not None:
                worker.communicate()
                self._workers[number] = start_worker(self.order)

    def _kill_one(self) -> None:
        worker = self._chance.choice(self._workers)
        running = len(list_jobs(self.database, state=JobState.RUNNING))
        below = processes_below(worker.pid)
        what = self._chance.choice(["worker", "process"])
        if what == "worker":
            worker.kill()
        elif below:
            with suppress(ProcessLookupError):
                os.kill(self._chance.choice(below), signal.SIGKILL)
        else:
            return
        self.kills[what] += 1
        self.hits += running > 0
        self._start_missing()

    # --- what must be true

    def faults(self) -> list[str]:
        """Return what is not as it must be once all jobs have ended."""
        return [*self._wrong_jobs(), *self._wrong_rows(), *self._wrong_drafts(), *self._wrong_files()]

    def _wrong_jobs(self) -> Iterator[str]:
        ended = {job.id: job for job in list_jobs(self.database, limit=10_000)}
        if set(ended) != {job.id for job in self.jobs}:
            yield "there are other jobs than were put in"
        yield from (
            f"{job.kind} {job.title} is {job.state}: {job.problem}"
            for job in ended.values()
            if job.state is not JobState.DONE
        )

    def _wrong_rows(self) -> Iterator[str]:
        with self.database.begin() as connection:
            query = sa.text("SELECT file_name, count(*), count(DISTINCT sha256) FROM import_batch GROUP BY 1")
            found = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
        expected = {job.title: (5, 5) for job in self.jobs if job.kind == "rows"}
        if found != expected:
            yield f"rows: {found} instead of {expected}"

    def _wrong_drafts(self) -> Iterator[str]:
        with self.database.begin() as connection:
            drafts = {
                row.name: row
                for row in connection.execute(
                    sa.select(
                        plan.c.name, plan.c.source, sa.func.count(assignment.c.block_id).label("blocks")
                    )
                    .outerjoin(assignment, assignment.c.plan_id == plan.c.id)
                    .where(plan.c.status == "draft")
                    .group_by(plan.c.id)
                )
            }
        expected = {job.title for job in self.jobs if job.kind == redividing.KIND}
        if set(drafts) != expected:
            yield f"drafts: {sorted(set(drafts) ^ expected)}"
        # a draft that was divided twice tells of the first time too
        yield from (
            f"{name}: {row.blocks} blocks, {row.source}"
            for name, row in drafts.items()
            if row.blocks != 200 or row.source is None or "before" in row.source
        )

    def _wrong_files(self) -> Iterator[str]:
        ended = {job.id: job for job in list_jobs(self.database, limit=10_000)}
        for folder in self.order.place.folder.iterdir():
            if folder.name not in ended:
                yield f"{folder.name} belongs to no job"
                continue
            kept = {path.name for path in folder.iterdir()} - {"arriving"}
            attempt = f"attempt-{ended[folder.name].attempt}"
            inside = {path.name for path in (folder / attempt).iterdir()}
            if kept != {attempt} or inside != {"results"}:
                yield f"{folder.name} holds {kept}, {inside}"


def start_worker(order: WorkOrder) -> subprocess.Popen[bytes]:
    """Start a worker that reads the kinds of the tests."""
    path = os.pathsep.join([str(SUPPORT), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "gisgov.work"],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(order.line())
    process.stdin.flush()
    return process


def processes_below(pid: int) -> list[int]:
    """Return the ids of the processes that a process has started and that live."""
    place = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(one) for one in place.read_text(encoding="ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
