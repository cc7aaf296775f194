"""What a service does for its jobs from time to time, as long as it lives."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog
from starlette.concurrency import run_in_threadpool

from api.jobs.runner import Runner
from gisgov.services.jobs import JobStore

_EVERY_S = 5.0
_SWEEP_EVERY = 120
_FORSAKEN = timedelta(seconds=15)
"""A job that has waited so long was perhaps taken by a service that is gone."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.jobs")


@contextlib.asynccontextmanager
async def supervised(jobs: JobStore, runner: Runner) -> AsyncIterator[None]:
    """See that jobs are done and old ones removed while the block lasts; then end those that run.

    A job is begun when it comes; here those are begun that came to a service which is gone.
    """
    task = asyncio.create_task(_look_after(jobs, runner))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await run_in_threadpool(runner.close)


async def _look_after(jobs: JobStore, runner: Runner) -> None:
    turn = 0
    while True:
        try:
            if turn % _SWEEP_EVERY == 0:
                await run_in_threadpool(jobs.sweep)
            # at first whatever a service before this one has left, then what one beside it has forsaken
            await run_in_threadpool(runner.nudge, waited=_FORSAKEN if turn else timedelta(0))
        except OSError as error:  # a full disk, say: it may be better in a while
            _log.warning("jobs cannot be looked after", reason=str(error))
        turn += 1
        await asyncio.sleep(_EVERY_S)
