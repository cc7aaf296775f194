"""An attempt at a job, in the hands of the process that makes it, and what a kind of job is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from gisgov.errors import NotAllowed
from gisgov.governance.access import Actor, ActorKind, Errand, operator
from gisgov.services.jobs import Job
from gisgov.store import jobs
from gisgov.store.database import Database
from gisgov.types import Item
from gisgov.work.final import FinalDatabase
from gisgov.work.orders import WorkOrder

_EVERY_S: Final = 0.25
_MOST_LINES: Final = 1_000
_LONGEST_LINE: Final = 1_000


class Superseded(Exception):
    """Another attempt than this one counts, or none: the job was cancelled, or somebody else took it up."""


class Work:
    """What a kind of job is given.

    Parameters
    ----------
    job : Job
        The job.
    order : WorkOrder
        Where it is done: zone, working CRS, folder of the built pages.
    service : Database
        The database in the service's own hands.
    """

    def __init__(self, job: Job, order: WorkOrder, service: Database) -> None:
        self.job = job
        self.order = order
        self._service = service
        self._lines = 0

    # --- files

    @property
    def inputs(self) -> Path:
        """Folder of the files that came with the job; `Job.inputs` names them."""
        return self.order.place.inputs(self.job)

    @property
    def results(self) -> Path:
        """Folder for what the job makes; nobody sees it before the job is done."""
        return self._made("results")

    @property
    def scratch(self) -> Path:
        """Folder for what is needed meanwhile; it goes with the attempt, even if this process is killed."""
        return self._made("scratch")

    def _made(self, name: str) -> Path:
        folder = self.order.place.attempt(self.job, self.job.attempt) / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    # --- the database

    @cached_property
    def database(self) -> Database:
        """The database in the hands of whoever asked, with the rights that they have now.

        For reading, and for nothing that must happen exactly once: that goes through `final`.

        Raises
        ------
        NotAllowed
            The account was disabled meanwhile.
        """
        errand = Errand(f"job {self.job.kind}", f"job {self.job.id}", self.job.request_id or "")
        return self._service.acting(self._owner(), errand)

    @cached_property
    def final(self) -> FinalDatabase:
        """The same, for the effect of the job, which happens exactly once.

        All that is done through it is one transaction, which is committed together with the end of the job
        when the kind returns, and never else. `database` does not see it, and may wait for its locks: what a
        job reads through `database` it should have read before.
        """
        return FinalDatabase.of(self.database)

    def _owner(self) -> Actor:
        if self.job.account_id is None:
            return operator(self.job.asked_by)
        with self._service.begin() as connection:
            owner = jobs.owner_of(connection, self.job.account_id)
        if owner is None:
            raise NotAllowed(f"The account {self.job.asked_by} was disabled before its job was done.")
        name, kind, grants = owner
        return Actor(name, ActorKind(kind), self.job.account_id, grants, self.job.scopes)

    # --- telling

    def progress(self, items: Iterable[Item], *, label: str, total: int | None = None) -> Iterator[Item]:
        """Yield the items and write down how far ``label`` has come, as `gisgov.types.Progress` has it.

        Raises
        ------
        Superseded
            Nobody wants this attempt any more.
        """
        whole = len(items) if total is None and isinstance(items, Sized) else total
        done, told = 0, time.monotonic()
        self._tell(label, done, whole)
        for item in items:
            yield item
            done += 1
            if time.monotonic() - told > _EVERY_S:
                told = time.monotonic()
                self._tell(label, done, whole)
        self._tell(label, done, whole)

    def _tell(self, label: str, done: int, total: int | None) -> None:
        with self._service.begin() as connection:
            if not jobs.tell_progress(connection, self.job.id, self.job.attempt, label, done, total):
                raise Superseded

    def log(self, line: str) -> None:
        """Add a line to the log of the job, for whoever asked: no more than 1,000 lines are kept."""
        self._lines += 1
        if self._lines > _MOST_LINES:
            return
        text = "Further lines are not kept." if self._lines == _MOST_LINES else " ".join(line.split())
        with self._service.begin() as connection:
            jobs.add_line(connection, self.job.id, self.job.attempt, text[:_LONGEST_LINE])

    # --- ending

    def finish(self) -> None:
        """Commit what was done through `final`, with the end of the job.

        Raises
        ------
        Superseded
            This attempt is not the one that counts; nothing of it is left in the database.
        """
        with self.final.committed() as connection:
            if not jobs.finish(connection, self.job.id, self.job.attempt, self.order.place.keep):
                raise Superseded

    def give_up(self) -> None:
        """Take back what was done through `final`."""
        if "final" in self.__dict__:
            self.final.close()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job.

    Attributes
    ----------
    name : str
        Its name, as `submit_job` was given it.
    run : callable
        Does it. What it raises as `GisgovError` is told to whoever asked.
    attempts : int
        How often it may be tried where a process or the database fails it; what people must mend is never
        tried again.
    """

    name: str
    run: Callable[[Work], None]
    attempts: int = 5
