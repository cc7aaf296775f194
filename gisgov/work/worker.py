"""A worker: takes attempts at jobs out of the queue and lets processes of its own make them.

The queue is procrastinate's: it hands each entry to one worker, wakes workers that sleep, and tells them of
jobs that nobody wants any more. That a worker has died is seen at once by the advisory lock which it holds as
long as it lives; every worker looks for entries of those that are gone, and lets their jobs wait again.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import psycopg
import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ProcrastinateException
from procrastinate.job_context import AbortReason
from procrastinate.manager import JobManager

from gisgov.errors import DatabaseUnavailable, GisgovError
from gisgov.services.days import local_day
from gisgov.services.following_risk import follow_risk
from gisgov.services.jobs import sweep_jobs
from gisgov.store import jobs, rerouting, succession
from gisgov.store.database import Database
from gisgov.store.queue import LOCK_CLASS, QUEUE, TASK
from gisgov.work.orders import WorkOrder
from gisgov.work.outcomes import judge, put_back, take_up, tidy
from gisgov.work.processes import Ended, Processes

_LOOK_EVERY_S: Final = 1.0
"""How often a worker looks for jobs of workers that died, and whether its own still count."""
_SWEEP_EVERY_S: Final = 600.0
_EFFECT_EVERY_S: Final = 60.0
"""How often it looks for plans whose first day has come."""
_PAUSE_S: Final = 2.0
_FOLLOW_AGAIN_S: Final = 60.0
"""How long ratings stay as they are after they could not follow, say for rules that cannot be read."""
_POLL_EVERY_S: Final = 1.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.jobs")


class Worker:
    """One worker.

    Parameters
    ----------
    order : WorkOrder
        What it is told.
    """

    def __init__(self, order: WorkOrder) -> None:
        self._order = order
        self._place = order.place
        self._database = Database(order.database_url)
        self._processes = Processes(order)
        self._at_work: dict[str, tuple[int, asyncio.Task[Ended]]] = {}
        self._working: asyncio.Task[None] | None = None
        self._is_stopped = False

    async def run(self) -> None:
        """Work until `stop`; while the database is away, look for it every few seconds."""
        await self._processes.prepare()
        try:
            while not self._is_stopped:
                try:
                    await self._work()
                except (ProcrastinateException, GisgovError, psycopg.Error, OSError) as error:
                    _log.warning("worker cannot reach the database", reason=str(error))
                    await asyncio.sleep(_PAUSE_S)
        finally:
            await self._processes.close()
            self._database.dispose()

    def stop(self) -> None:
        """End in order: processes are ended, and their jobs wait again."""
        self._is_stopped = True
        if self._working is not None:
            self._working.cancel()

    async def _work(self) -> None:
        """Register as a worker and take attempts out of the queue, until stopped or something fails."""
        url = self._database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connector = PsycopgConnector(conninfo=url, min_size=1, max_size=4, timeout=10.0)
        app = App(connector=connector)
        app.task(name=TASK, queue=QUEUE, pass_context=True)(self._attempt)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as held, app.open_async():
            app.job_manager = _LockingManager(connector, held)
            self._working = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self._order.processes,
                    fetch_job_polling_interval=_POLL_EVERY_S,
                    delete_jobs="always",
                    shutdown_graceful_timeout=0.0,
                    install_signal_handlers=False,
                )
            )
            watching = asyncio.create_task(self._watch(held))
            following = asyncio.create_task(self._follow())
            tasks = {self._working, watching, following}
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                ended = await asyncio.gather(*tasks, return_exceptions=True)
                self._working = None
            for error in ended:
                if isinstance(error, Exception):
                    raise error

    async def _attempt(self, context: JobContext, job: str, attempt: int) -> None:
        """Make an attempt; this is the one task that the queue knows."""
        making = asyncio.create_task(self._processes.make_attempt(job, attempt))
        self._at_work[job] = attempt, making
        try:
            ended = await asyncio.shield(making)
        except asyncio.CancelledError:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)  # the process is gone then
            if context.abort_reason() is AbortReason.SHUTDOWN:
                await asyncio.to_thread(put_back, self._database, self._place, job, attempt)
            else:
                await asyncio.to_thread(tidy, self._database, self._place, job, attempt)
            if making.cancelled() and not _is_cancelled():
                return  # by `_watch`: somebody else has taken the job up, or nobody wants it
            raise
        finally:
            del self._at_work[job]
        limit_s = self._order.limit_s
        await asyncio.to_thread(judge, self._database, self._place, job, attempt, ended, limit_s)
        await self._processes.prepare()

    async def _watch(self, held: psycopg.AsyncConnection[Any]) -> None:
        """Look after jobs as long as the connection that holds the lock of this worker lives."""
        swept, let_in = -_SWEEP_EVERY_S, -_EFFECT_EVERY_S
        while True:
            await held.execute("SELECT 1")
            await asyncio.to_thread(take_up, self._database, self._place)
            for job in await asyncio.to_thread(self._given_up):
                if job in self._at_work:
                    self._at_work[job][1].cancel()
            if time.monotonic() - swept > _SWEEP_EVERY_S:
                swept = time.monotonic()
                await asyncio.to_thread(sweep_jobs, self._database, self._place)
                await asyncio.to_thread(self._hand_on_late_events)
            if time.monotonic() - let_in > _EFFECT_EVERY_S:
                let_in = time.monotonic()
                await asyncio.to_thread(self._let_plans_in)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _follow(self) -> None:
        """Let ratings follow what they rest on; beside the jobs, which need not wait for it."""
        while True:
            try:
                await asyncio.to_thread(self._let_ratings_follow)
            except DatabaseUnavailable:
                raise
            except GisgovError as error:
                _log.warning("ratings cannot follow", reason=str(error))
                await asyncio.sleep(_FOLLOW_AGAIN_S)
            except Exception:  # whatever it is, jobs are done meanwhile
                _log.exception("ratings cannot follow")
                await asyncio.sleep(_FOLLOW_AGAIN_S)
            await asyncio.sleep(_LOOK_EVERY_S)

    def _let_ratings_follow(self) -> None:
        """Rate the buildings that an event, a change or a day that passed concerns."""
        today = local_day(None, self._order.zone)
        follow_risk(
            self._database,
            today=today,
            timezone=self._order.zone,
            within_m=self._order.event_building_m,
        )

    def _let_plans_in(self) -> None:
        """Let the plans take effect whose day has come."""
        today = local_day(None, self._order.zone)
        with self._database.begin() as connection:
            is_due = bool(succession.plans_due(connection, today))
        if is_due:
            self._take_effect(today)

    def _hand_on_late_events(self) -> None:
        """Let open events that former plans still have go to those that followed."""
        today = local_day(None, self._order.zone)
        with self._database.begin() as connection:
            is_late = bool(rerouting.plans_with_late_events(connection, today))
        if is_late:
            self._take_effect(today)

    def _take_effect(self, today: date) -> None:
        """Let plans take effect; what fails is told, and tried again later."""
        from gisgov.services.publishing import take_effect  # all of geometry comes with it

        try:
            done = take_effect(self._database, today)
        except GisgovError as error:
            _log.warning("plans cannot take effect", reason=str(error))
            return
        for plan in done:
            events = 0 if plan.rerouted is None else plan.rerouted.events
            _log.info("plan in effect", plan=plan.plan, layer=plan.layer, rerouted_events=events)

    def _given_up(self) -> frozenset[str]:
        attempts = {job: attempt for job, (attempt, _) in self._at_work.items()}
        if not attempts:
            return frozenset()
        with self._database.begin() as connection:
            return jobs.given_up(connection, attempts)


class _LockingManager(JobManager):
    """Takes the lock that shows that a worker lives before it can be given anything to do."""

    def __init__(self, connector: PsycopgConnector, held: psycopg.AsyncConnection[Any]) -> None:
        super().__init__(connector)
        self._held = held

    async def register_worker(self) -> int:
        worker_id = await super().register_worker()
        await self._held.execute("SELECT pg_advisory_lock(%s::INTEGER, %s::INTEGER)", (LOCK_CLASS, worker_id))
        return worker_id


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def work(order: WorkOrder, *, until_closed: int | None = None) -> None:
    """Work until this process is asked to end.

    Parameters
    ----------
    order : WorkOrder
        What is to be known.
    until_closed : int, optional
        A file descriptor: its other end is held by whoever started this process, and closed with it.
    """
    asyncio.run(_work(order, until_closed))


async def _work(order: WorkOrder, until_closed: int | None) -> None:
    worker = Worker(order)
    loop = asyncio.get_running_loop()
    with _on_signals(loop, worker):
        if until_closed is not None:
            loop.add_reader(until_closed, worker.stop)
        await worker.run()
        if until_closed is not None:
            loop.remove_reader(until_closed)


@contextlib.contextmanager
def _on_signals(loop: asyncio.AbstractEventLoop, worker: Worker) -> Iterator[None]:
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, worker.stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
