"""Use case: put a job in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

import sqlalchemy as sa

from gisgov.errors import NotSignedIn, QueueFull
from gisgov.services.jobs.drafts import Draft
from gisgov.services.jobs.folders import discard
from gisgov.services.jobs.reading import find_job
from gisgov.services.jobs.records import Input, Job
from gisgov.store import audit, jobs
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.queue import put_in_queue
from gisgov.types import Json

ATTEMPTS: Final = 5
"""Attempts at a job before its kind says otherwise."""


def refuse_when_full(database: Database, most_waiting: int) -> None:
    """Refuse a job before its files come in.

    Raises
    ------
    QueueFull
        As many as may wait are waiting.
    """
    with database.begin() as connection, as_owner(connection):
        _refuse_when_full(connection, most_waiting)


def submit_job(
    database: Database,
    draft: Draft,
    *,
    kind: str,
    title: str,
    parameters: Json,
    inputs: Mapping[str, Input] | None = None,
) -> Job:
    """Put a job in, for whoever the database is in the hands of.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks: it is their job, and is done with their rights.
    draft : Draft
        Holds its files; see `JobPlace.draft`.
    kind, title, parameters, inputs
        See `Job`.

    Raises
    ------
    NotSignedIn
        Nobody in particular asks: a job is somebody's.
    QueueFull
        As many as may wait are waiting.
    """
    actor = database.actor
    if actor is not None and actor.account_id is None and not actor.is_operator:
        raise NotSignedIn("A job belongs to an account.", hint="Sign in, or send a key.")
    values = {
        "id": draft.id,
        "kind": kind,
        "title": title,
        "parameters": parameters,
        "inputs": {name: asdict(one) for name, one in (inputs or {}).items()},
        "folder": draft.folder.parent.name,
        "account_id": None if actor is None else actor.account_id,
        "asked_by": "service" if actor is None else actor.name,
        "scopes": None if actor is None or actor.scopes is None else sorted(actor.scopes),
        "request_id": database.errand.request_id or None,
        "attempts": ATTEMPTS,
    }
    try:
        with database.begin() as connection, as_owner(connection):
            _refuse_when_full(connection, draft.most_waiting, alone=True)
            jobs.insert_job(connection, values)
            jobs.set_queue_id(connection, draft.id, put_in_queue(connection, draft.id, 1))
            audit.note(connection, "submit", f"job {draft.id}", {"kind": kind})
            draft.folder.rename(draft.settled)  # a worker may look for it as soon as this is committed
    except BaseException:
        discard(draft.settled)
        raise
    return find_job(database, draft.id)


def _refuse_when_full(connection: sa.Connection, most_waiting: int, *, alone: bool = False) -> None:
    waiting = jobs.count_waiting(connection, alone=alone)
    if waiting >= most_waiting:
        raise QueueFull(
            f"{waiting} jobs are waiting, which is as many as may wait.", hint="Ask again in a while."
        )
