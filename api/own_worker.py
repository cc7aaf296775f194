"""The worker that a service starts for itself, and ends with itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool

from api.siblings import Turn
from gisgov.errors import GisgovError
from gisgov.paths import root
from gisgov.services.days import local_day
from gisgov.services.jobs import has_open_jobs
from gisgov.services.publishing import has_plans_due
from gisgov.store.database import Database
from gisgov.work.orders import WorkOrder

_COMMAND: Final = (sys.executable, "-P", "-m", "gisgov.work")
_EVERY_S: Final = 5.0
_PLANS_EVERY_S: Final = 60.0
"""How often it looks for plans whose first day has come, which a worker lets take effect."""
_PATIENCE_S: Final = 10.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.jobs")


class OwnWorker:
    """The worker of one service: a process, started when there is something to do.

    Parameters
    ----------
    order : WorkOrder
        What it is told.
    is_wanted : bool
        False where other workers do the jobs.
    command : sequence of str
        How it is started.
    turn : Turn, optional
        Of several processes of a service that one starts the worker which has the turn.
    """

    def __init__(
        self,
        order: WorkOrder,
        *,
        is_wanted: bool = True,
        command: Sequence[str] = _COMMAND,
        turn: Turn | None = None,
    ) -> None:
        self._order = order
        self._turn = turn
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = not is_wanted

    @property
    def pid(self) -> int | None:
        """Id of the process; None where none was started yet."""
        return None if self._process is None else self._process.pid

    def today(self) -> date:
        """Return which day it is where the plans are in force."""
        return local_day(None, self._order.zone)

    def nudge(self) -> None:
        """See that the worker lives, here or with a sibling of this process."""
        with self._lock:
            if self._is_closed or (self._process is not None and self._process.poll() is None):
                return
            if self._turn is not None and not self._turn.take():
                return
            if self._process is not None:
                _log.warning("worker died and is started again", status=self._process.returncode)
                _close(self._process)
            self._process = self._start()

    def close(self) -> None:
        """End the worker; the jobs that it does will wait for the next one."""
        with self._lock:
            self._is_closed = True
            process, self._process = self._process, None
        if process is None:
            return
        _close(process)  # which it takes as a sign to end in order
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._turn is not None:
            self._turn.give_back()

    def _start(self) -> subprocess.Popen[bytes]:
        paths = [str(root()), *filter(None, [os.environ.get("PYTHONPATH")])]
        process = subprocess.Popen(  # noqa: S603 - a program of ours, without arguments from outside
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # ctrl-C is for the service, which then ends it in order
        )
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        with contextlib.suppress(BrokenPipeError):  # it died just now: the next nudge starts another
            process.stdin.write(self._order.line())
            process.stdin.flush()
        return process


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


@contextlib.asynccontextmanager
async def looked_after(worker: OwnWorker, database: Database) -> AsyncIterator[None]:
    """See that the worker lives as long as the block lasts and something is to be done; then end it."""
    task = asyncio.create_task(_look_after(worker, database))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await run_in_threadpool(worker.close)


async def _look_after(worker: OwnWorker, database: Database) -> None:
    looked = time.monotonic()
    while True:
        # the database may be away; who asks for a job is told so
        with contextlib.suppress(GisgovError):
            is_wanted = await run_in_threadpool(has_open_jobs, database)
            if not is_wanted and time.monotonic() - looked > _PLANS_EVERY_S:
                looked = time.monotonic()
                is_wanted = await run_in_threadpool(has_plans_due, database, worker.today())
            if is_wanted:
                await run_in_threadpool(worker.nudge)
        await asyncio.sleep(_EVERY_S)
