"""Jobs and how they stand: every change of state asks whether the state is still the one it starts from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gisgov.governance.access import Grant, Role
from gisgov.store.tables import account, account_role, job, job_log, job_progress, layer
from gisgov.types import Json

_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('gisgov.jobs', 0))")

_STANDING = sa.select(job, job_progress.c.label, job_progress.c.done, job_progress.c.total).outerjoin(
    job_progress, job_progress.c.job_id == job.c.id
)

Row = sa.Row[Any]


def count_waiting(connection: sa.Connection, *, alone: bool = False) -> int:
    """Return how many jobs wait, whoever put them in.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service itself.
    alone : bool
        Keep others from putting one in before this transaction ends.
    """
    if alone:
        connection.execute(_LOCK)
    count = sa.select(sa.func.count()).select_from(job).where(job.c.state == "waiting")
    return connection.scalar(count) or 0


def insert_job(connection: sa.Connection, values: Json) -> None:
    """Put a job in; its entry in the queue comes with `set_queue_id`."""
    connection.execute(job.insert().values(**values))


def set_queue_id(connection: sa.Connection, job_id: str, queue_id: int) -> None:
    """Write down which entry of the queue stands for a job."""
    connection.execute(job.update().where(job.c.id == job_id).values(queue_id=queue_id))


def find_row(connection: sa.Connection, job_id: str, *, for_change: bool = False) -> Row | None:
    """Return a job with its progress, None where there is none or it is not for whoever acts."""
    query = _STANDING.where(job.c.id == job_id, _is_kept())
    return connection.execute(query.with_for_update(of=job) if for_change else query).one_or_none()


def list_rows(
    connection: sa.Connection, *, state: str | None, kind: str | None, after: str | None, limit: int
) -> tuple[Row, ...]:
    """Return the jobs that whoever acts may see, the last one first, beginning behind the one given."""
    query = _STANDING.where(_is_kept()).order_by(job.c.number.desc()).limit(limit)
    if state is not None:
        query = query.where(job.c.state == state)
    if kind is not None:
        query = query.where(job.c.kind == kind)
    if after is not None:
        number = sa.select(job.c.number).where(job.c.id == after).scalar_subquery()
        query = query.where(job.c.number < number)
    return tuple(connection.execute(query))


def _is_kept() -> sa.ColumnElement[bool]:
    return sa.or_(job.c.expires.is_(None), job.c.expires > sa.func.now())


def start(connection: sa.Connection, job_id: str, attempt: int, attempts: int) -> bool:
    """Write down that an attempt begins; False where it is not the one that waits.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service itself.
    job_id : str
        The job.
    attempt : int
        Number of the attempt.
    attempts : int
        How many a job of this kind may have; those that were granted already count.
    """
    connection.execute(sa.delete(job_progress).where(job_progress.c.job_id == job_id))
    return _changed(
        connection,
        _attempt(job_id, attempt, "waiting"),
        state="running",
        started=sa.func.now(),
        attempts=sa.func.greatest(job.c.attempt, attempts),
    )


def finish(connection: sa.Connection, job_id: str, attempt: int, keep: timedelta) -> bool:
    """Write down that a job is done; False where this attempt is not the one that runs any more."""
    return _changed(connection, _attempt(job_id, attempt, "running"), state="done", **_ended(keep))


def fail(connection: sa.Connection, job_id: str, attempt: int, keep: timedelta, problem: Json) -> bool:
    """Write down that a job failed and why; False where this attempt is not its last one any more."""
    changes = {**_ended(keep), "problem": problem}
    return _changed(connection, _attempt(job_id, attempt, "waiting", "running"), state="failed", **changes)


def cancel(connection: sa.Connection, job_id: str, keep: timedelta) -> bool:
    """Write down that nobody wants a job any more; False where it has ended."""
    unended = sa.and_(job.c.id == job_id, job.c.state.in_(("waiting", "running")))
    return _changed(connection, unended, state="cancelled", **_ended(keep))


def try_again(connection: sa.Connection, job_id: str, attempt: int, *, more: int = 0) -> bool:
    """Let a job wait for its next attempt after this one came to nothing; ``more`` are granted for it."""
    return _changed(
        connection,
        _attempt(job_id, attempt, "waiting", "running"),
        state="waiting",
        started=None,
        attempt=attempt + 1,
        attempts=job.c.attempts + more,
    )


def revive(connection: sa.Connection, job_id: str, attempt: int, attempts: int) -> bool:
    """Let a job that failed wait again, with so many attempts more; False where it did not fail."""
    return _changed(
        connection,
        _attempt(job_id, attempt, "failed"),
        state="waiting",
        started=None,
        finished=None,
        expires=None,
        problem=None,
        attempt=attempt + 1,
        attempts=attempt + attempts,
    )


def _attempt(job_id: str, attempt: int, *states: str) -> sa.ColumnElement[bool]:
    return sa.and_(job.c.id == job_id, job.c.attempt == attempt, job.c.state.in_(states))


def _ended(keep: timedelta) -> Json:
    # of this statement, not of the begin of its transaction: the work of an hour may lie between
    now = sa.func.statement_timestamp()
    return {"finished": now, "expires": now + keep}


def _changed(connection: sa.Connection, which: sa.ColumnElement[bool], **values: Any) -> bool:
    return connection.execute(job.update().where(which).values(**values)).rowcount == 1


def given_up(connection: sa.Connection, attempts: Mapping[str, int]) -> frozenset[str]:
    """Return those of some jobs whose attempt, given by its number, nobody wants any more."""
    query = sa.select(job.c.id, job.c.attempt).where(job.c.id.in_(attempts), job.c.state != "cancelled")
    wanted = {row.id for row in connection.execute(query) if row.attempt == attempts[row.id]}
    return frozenset(attempts) - wanted


def has_open_jobs(connection: sa.Connection) -> bool:
    """Whether a job waits or runs."""
    query = sa.select(sa.exists().where(job.c.state.in_(("waiting", "running"))))
    return bool(connection.scalar(query))


def owner_of(connection: sa.Connection, account_id: int) -> tuple[str, str, tuple[Grant, ...]] | None:
    """Return name, kind and roles of the account whose job it is; None where it was disabled."""
    whose = account.c.id == account_id, account.c.disabled_at.is_(None)
    row = connection.execute(sa.select(account.c.name, account.c.kind).where(*whose)).one_or_none()
    if row is None:
        return None
    held = (
        sa.select(account_role.c.role, layer.c.name, account_role.c.area_code)
        .outerjoin(layer, layer.c.id == account_role.c.layer_id)
        .where(account_role.c.account_id == account_id)
    )
    grants = (Grant(Role(one.role), one.name, one.area_code) for one in connection.execute(held))
    return row.name, row.kind, tuple(sorted(grants, key=str))


def delete_job(connection: sa.Connection, job_id: str) -> None:
    """Remove a job with its progress and its log."""
    connection.execute(sa.delete(job).where(job.c.id == job_id))


def delete_expired(connection: sa.Connection) -> tuple[tuple[str, str], ...]:
    """Remove the jobs that were kept long enough; return ``(folder, id)`` of each."""
    removed = sa.delete(job).where(job.c.expires <= sa.func.now()).returning(job.c.folder, job.c.id)
    return tuple((row.folder, row.id) for row in connection.execute(removed))


def known_ids(connection: sa.Connection, ids: frozenset[str]) -> frozenset[str]:
    """Return those of some ids that jobs have."""
    return frozenset(connection.scalars(sa.select(job.c.id).where(job.c.id.in_(ids))))


# --- progress and log


def tell_progress(
    connection: sa.Connection, job_id: str, attempt: int, label: str, done: int, total: int | None
) -> bool:
    """Write down how far a job has come; False where this attempt is not the one that runs any more."""
    told = {"label": label, "done": done, "total": total}
    row = sa.select(job.c.id, *(sa.literal(value, job_progress.c[name].type) for name, value in told.items()))
    written = connection.execute(
        insert(job_progress)
        .from_select(["job_id", *told], row.where(_attempt(job_id, attempt, "running")))
        .on_conflict_do_update(index_elements=["job_id"], set_=told)
        .returning(job_progress.c.job_id)
    )
    return written.first() is not None


def add_line(connection: sa.Connection, job_id: str, attempt: int, line: str) -> None:
    """Add a line to the log of a job, if it is still there."""
    row = sa.select(job.c.id, sa.literal(attempt), sa.literal(line)).where(job.c.id == job_id)
    connection.execute(job_log.insert().from_select(["job_id", "attempt", "line"], row))


def lines_of(connection: sa.Connection, job_id: str) -> tuple[tuple[datetime, int, str], ...]:
    """Return the lines of a job's log in their order: when, by which attempt, what."""
    query = sa.select(job_log.c.at, job_log.c.attempt, job_log.c.line).where(job_log.c.job_id == job_id)
    return tuple((row.at, row.attempt, row.line) for row in connection.execute(query.order_by(job_log.c.id)))
