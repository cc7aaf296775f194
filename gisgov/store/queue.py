"""The queue that jobs wait in: the tables of procrastinate, which its workers take entries from.

An entry stands for one attempt at a job. What becomes of the job is written in its own row
(`gisgov.store.jobs`); the queue says who is to make the attempt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from procrastinate import SyncPsycopgConnector
from procrastinate.jobs import Job as Entry
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.sql import queries

QUEUE: Final = "gisgov"
TASK: Final = "gisgov.attempt"

LOCK_CLASS: Final = 0x67677633
"""First half of the advisory locks that living workers hold; the other half is the worker's id."""

_manager = JobManager(SyncPsycopgConnector())
"""It is used on connections of ours alone, so it opens none."""

# Which entries did a worker take that is gone? One that lives holds its lock, which ends with its connection.
_FORSAKEN = sa.text(
    """
    SELECT entry.id, entry.args ->> 'job' AS job_id, CAST(entry.args ->> 'attempt' AS INTEGER) AS attempt
    FROM procrastinate_jobs AS entry
    WHERE entry.status = 'doing'
        AND entry.queue_name = :queue
        AND NOT EXISTS (
            SELECT FROM pg_locks AS held
            WHERE held.locktype = 'advisory'
                AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND held.classid = :lock_class
                AND CAST(held.objid AS BIGINT) = entry.worker_id
                AND held.objsubid = 2
                AND held.granted
        )
    FOR UPDATE OF entry SKIP LOCKED
    """
)


# Which jobs wait or run though no entry stands for them? A worker whose database went away at the wrong
# moment may have closed one that it could not follow up. Index: job_state_idx.
_LOST = sa.text(
    """
    SELECT job.id AS job_id, job.attempt
    FROM job
    WHERE job.state IN ('waiting', 'running')
        AND NOT EXISTS (
            SELECT FROM procrastinate_jobs AS entry
            WHERE entry.id = job.queue_id AND entry.status IN ('todo', 'doing')
        )
    FOR UPDATE OF job SKIP LOCKED
    """
)


@dataclass(frozen=True, slots=True)
class ForsakenEntry:
    """An attempt that nobody makes any more; its entry in the queue, if there still is one."""

    id: int | None
    job_id: str
    attempt: int


def put_in_queue(connection: sa.Connection, job_id: str, attempt: int, *, delay_s: float = 0.0) -> int:
    """Let an attempt at a job wait for a worker; workers that sleep are woken when the transaction ends.

    Returns
    -------
    int
        Id of the entry.
    """
    scheduled = datetime.now(UTC) + timedelta(seconds=delay_s) if delay_s > 0 else None
    entry = Entry(
        id=None,
        queue=QUEUE,
        lock=None,
        queueing_lock=None,
        task_name=TASK,
        task_kwargs={"job": job_id, "attempt": attempt},
        scheduled_at=scheduled,
    )
    put = _manager.defer_job(entry, connection=_of_driver(connection))
    assert put.id is not None  # noqa: S101 - the database gave it
    return put.id


def call_off(connection: sa.Connection, entry_id: int) -> None:
    """Take an entry out that waits; tell the worker that has it to give it up."""
    _manager.cancel_job_by_id(entry_id, abort=True, delete_job=True, connection=_of_driver(connection))


def forsaken(connection: sa.Connection) -> tuple[ForsakenEntry, ...]:
    """Return the attempts whose workers are gone; nobody else sees them before this transaction ends."""
    rows = connection.execute(_FORSAKEN, {"queue": QUEUE, "lock_class": LOCK_CLASS}).all()
    lost = connection.execute(_LOST).all()
    return (
        *(ForsakenEntry(row.id, row.job_id, row.attempt) for row in rows),
        *(ForsakenEntry(None, row.job_id, row.attempt) for row in lost),
    )


def close_entry(connection: sa.Connection, entry_id: int) -> None:
    """Take out an entry that a worker had."""
    connection.exec_driver_sql(
        queries["finish_job"],
        {"job_id": entry_id, "status": Status.FAILED.value, "delete_job": True},
    )


def _of_driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection
