"""The process that makes one attempt and ends: ``python -m gisgov.work.child``, started by a worker.

With everything loaded it reads its order from stdin and waits for a second line, which names the attempt.
Its memory goes with it, it can be killed at any moment, it dies with its worker, and the kernel ends it when
its time is up. How it went it says in one line on stdout.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import select
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Final

import structlog

from gisgov.errors import GisgovError
from gisgov.files.geometry_limits import limited_geometry
from gisgov.logs import configure_logging
from gisgov.secrecy import keep_password_of
from gisgov.services.jobs import Job, JobProblem, find_job
from gisgov.store import jobs
from gisgov.store.database import Database
from gisgov.store.failures import may_pass
from gisgov.types import Json
from gisgov.undisturbed import undisturbed
from gisgov.work.attempt import Kind, Superseded, Work
from gisgov.work.orders import WorkOrder

DONE, FAILED, AGAIN, IDLE = "done", "failed", "again", "idle"
"""How it went: done; failed for a reason that it tells; failed for one that may pass; nothing to be done."""

IDLE_S: Final = 600.0
_NICER: Final = 5
_FIRST_TO_GO: Final = "500"
_PR_SET_PDEATHSIG: Final = 1

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.jobs")


def main() -> int:
    """Make one attempt.

    Returns
    -------
    int
        0, however it went.
    """
    worker = os.getppid()
    die_with(worker)
    with open(0, "rb", buffering=0, closefd=False) as told:  # unbuffered: what is not read yet is to be seen
        line = told.readline()
        if not line:
            return 0
        order = WorkOrder.read(line)
        configure_logging(order.log_level, order.log_format)
        keep_password_of(order.database_url)
        with undisturbed():
            kinds = kinds_of(order)
            gc.freeze()
        service = Database(order.database_url)
        is_ready, _, _ = select.select([told], [], [], IDLE_S)
        asked = told.readline() if is_ready else b""
        if not asked:
            return 0
    threading.Thread(target=_die_when_left, daemon=True).start()
    _step_back()
    try:
        with limited_geometry(order.geometry_limits):
            _say(make_attempt(json.loads(asked), order, service, kinds))
    finally:
        service.dispose()
    return 0


def die_with(parent: int) -> None:
    """Let the kernel kill this process when its parent dies; nothing is done on other systems than Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died just before
            os._exit(1)


def kinds_of(order: WorkOrder) -> Mapping[str, Kind]:
    """Return what can be done."""
    module, _, name = order.kinds.partition(":")
    kinds: Mapping[str, Kind] = getattr(import_module(module), name)
    return kinds


def make_attempt(asked: Json, order: WorkOrder, service: Database, kinds: Mapping[str, Kind]) -> Json:
    """Make an attempt at a job, and return how it went.

    Parameters
    ----------
    asked : dict
        The ``job`` and the number of the ``attempt``.
    order : WorkOrder
        Where it is done.
    service : Database
        The database in the service's own hands.
    kinds : mapping
        What can be done.

    Returns
    -------
    dict
        ``outcome`` and, where it failed, the ``problem``.
    """
    try:
        job = find_job(service, asked["job"])
        kind = kinds.get(job.kind)
        if kind is None:
            problem = JobProblem("unexpected", f"This gisgov knows no job of the kind {job.kind!r}.")
            return _told(FAILED, problem)
        with service.begin() as connection:
            if not jobs.start(connection, job.id, asked["attempt"], kind.attempts):
                return _told(IDLE)
        job = find_job(service, job.id)
    except GisgovError as error:
        return _told(AGAIN if may_pass(error) else IDLE, JobProblem.of(error))
    signal.alarm(order.limit_s)
    try:
        return _do(kind, job, order, service)
    finally:
        signal.alarm(0)


def _do(kind: Kind, job: Job, order: WorkOrder, service: Database) -> Json:
    work, usual = Work(job, order, service), tempfile.tempdir
    with structlog.contextvars.bound_contextvars(
        job=job.id, kind=job.kind, attempt=job.attempt, request_id=job.request_id
    ):
        try:
            tempfile.tempdir = str(work.scratch)  # so that nothing is left when this process is killed
            kind.run(work)
            work.finish()
        except Superseded:
            _log.info("job given up")
            return _told(IDLE)
        except GisgovError as error:
            again = may_pass(error)
            _log.info("attempt failed" if again else "job failed", reason=str(error))
            return _told(AGAIN if again else FAILED, JobProblem.of(error))
        except Exception:
            _log.exception("job failed unexpectedly")
            problem = JobProblem(
                "unexpected", "The job failed; the log of the service tells why under its id."
            )
            return _told(FAILED, problem)
        finally:
            work.give_up()
            tempfile.tempdir = usual
        _log.info("job done")
        return _told(DONE)


def _told(outcome: str, problem: JobProblem | None = None) -> Json:
    return {"outcome": outcome, "problem": None if problem is None else asdict(problem)}


def _say(answer: Json) -> None:
    os.write(1, json.dumps(answer).encode() + b"\n")


def _die_when_left() -> None:
    """End this process when the worker has closed its end of the pipe, or is gone."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def _step_back() -> None:
    """Let the service and the database go first, for the processor and when memory runs out."""
    os.nice(_NICER)
    with suppress(OSError):  # not on this system, or not allowed
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
