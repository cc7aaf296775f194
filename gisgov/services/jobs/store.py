"""The jobs of a service, as folders on the disk.

A folder holds what was asked (``job.json``, written once), who does it (``claim.json``, and ``lock``, held
by that process as long as it lives), how far it is (``progress.json``) and how it ended (``end.json``). The
state of a job is what these files say together; nothing is kept in memory.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gisgov.errors import JobNotDone, NotFoundError, QueueFull, UnavailableError
from gisgov.services.jobs.claims import Claim
from gisgov.services.jobs.drafts import Draft, draft_in, forsaken_drafts
from gisgov.services.jobs.folders import discard, is_held, locked, try_lock, write_json
from gisgov.services.jobs.job_folder import ORDER, RESULTS, JobFolder, unknown_job
from gisgov.services.jobs.records import Input, Job, JobState
from gisgov.types import Json

_ID = re.compile(r"[0-9a-f]{32}")


class JobStore:
    """The jobs in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are; made when the first one comes, for this user alone.
    most_waiting : int
        How many may wait.
    keep : datetime.timedelta
        How long a job that has ended is kept.
    """

    def __init__(self, folder: Path, *, most_waiting: int, keep: timedelta) -> None:
        self.folder = folder
        self._most_waiting = most_waiting
        self._keep = keep

    @property
    def _lock(self) -> Path:
        return self.folder / "lock"

    # --- putting in

    @contextlib.contextmanager
    def draft(self) -> Iterator[Draft]:
        """Make room for a job whose files are still coming in; without `submit` it is removed again.

        Raises
        ------
        QueueFull
            As many as may wait are waiting.
        UnavailableError
            The folder cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UnavailableError(
                f"The folder of the jobs, {self.folder}, cannot be made: {error.strerror}.",
                hint="Name another one in GISGOV_JOBS_DIR.",
            ) from error
        self._refuse_when_full()
        with draft_in(self.folder) as draft:
            yield draft

    def submit(
        self,
        draft: Draft,
        *,
        kind: str,
        title: str,
        parameters: Json,
        inputs: Mapping[str, Input] | None = None,
        request_id: str | None = None,
    ) -> Job:
        """Put a job in.

        Parameters
        ----------
        draft : Draft
            Holds its files.
        kind, title, parameters, inputs, request_id
            See `Job`.

        Raises
        ------
        QueueFull
            As many as may wait are waiting.
        """
        job = Job(draft.id, kind, title, parameters, dict(inputs or {}), request_id, datetime.now(UTC))
        write_json(draft.folder / ORDER, job.order())
        with locked(self._lock):  # two at once must not both find the last place
            self._refuse_when_full()
            draft.folder.rename(self.folder / draft.id)
        return job

    def _refuse_when_full(self) -> None:
        waiting = sum(1 for _ in self._waiting())
        if waiting >= self._most_waiting:
            raise QueueFull(
                f"{waiting} jobs are waiting, which is as many as may wait.", hint="Ask again in a while."
            )

    # --- seeing

    def jobs(self) -> Iterator[Job]:
        """Yield every job, in no order."""
        for folder in self._folders():
            with contextlib.suppress(NotFoundError):  # removed meanwhile
                yield folder.look()

    def _waiting(self) -> Iterator[Job]:
        return (job for job in self.jobs() if job.state is JobState.WAITING)

    def find(self, job_id: str) -> Job:
        """Return a job as it stands.

        Raises
        ------
        NotFoundError
            There is no such job, or no longer.
        """
        return self._folder(job_id).look()

    def result(self, job_id: str, name: str) -> Path:
        """Return a file that a job made.

        Raises
        ------
        NotFoundError
            There is no such job, or it made no such file.
        JobNotDone
            It waits, runs, failed or was cancelled.
        """
        state = self.find(job_id).state
        if state is not JobState.DONE:
            raise JobNotDone(
                f"The job has made nothing that could be shown: it is {state}.",
                hint="Look at its state first: it has a result when it is done.",
            )
        path = self.folder / job_id / RESULTS / name
        if not path.is_file():
            raise NotFoundError(f"The job made no {name}.")
        return path

    # --- doing

    @contextlib.contextmanager
    def claim(self, *, limit_s: int) -> Iterator[Claim | None]:
        """Take out the job that has waited longest, for this process to do as long as the block lasts.

        Parameters
        ----------
        limit_s : int
            The kernel ends this process after as many seconds, whatever it is doing then.

        Yields
        ------
        Claim or None
            None where nothing waits.
        """
        for job in sorted(self._waiting(), key=lambda job: (job.created, job.id)):
            folder = self._folder(job.id)
            with contextlib.ExitStack() as held:
                try:
                    mine = held.enter_context(try_lock(folder.lock))
                except FileNotFoundError:
                    continue  # removed meanwhile
                if mine and folder.take(limit_s=limit_s):
                    signal.alarm(limit_s)
                    try:
                        yield Claim(job, folder)
                    finally:
                        signal.alarm(0)
                    return
        yield None

    @contextlib.contextmanager
    def slot(self, count: int) -> Iterator[bool]:
        """Hold one of ``count`` places for processes that do jobs; tell whether one was free."""
        with contextlib.ExitStack() as held:
            yield any(held.enter_context(try_lock(self._slot(number))) for number in range(count))

    def has_work(self, slots: int, *, asked: Collection[int] = (), waited: timedelta = timedelta(0)) -> bool:
        """Tell whether another process is needed and there is a place for it.

        Parameters
        ----------
        slots : int
            How many places there are.
        asked : collection of int
            Processes that were asked to take out a job: some may still be about to.
        waited : datetime.timedelta
            Only jobs count that have waited so long.
        """
        if all(is_held(self._slot(number)) for number in range(slots)):
            return False
        jobs, since = list(self.jobs()), datetime.now(UTC) - waited
        idle = set(asked) - {job.worker for job in jobs}
        return sum(job.state is JobState.WAITING and job.created <= since for job in jobs) > len(idle)

    def _slot(self, number: int) -> Path:
        return self.folder / f".slot-{number}"

    # --- ending

    def cancel(self, job_id: str) -> None:
        """End a job that waits or runs and remove its files; remove one that has ended altogether.

        Raises
        ------
        NotFoundError
            There is no such job.
        """
        self.find(job_id)
        self._folder(job_id).cancel()

    def release(self, pid: int) -> None:
        """End a process and let the job that it does wait again, for a service that is to end itself."""
        for folder in self._folders():
            folder.put_back(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def sweep(self) -> None:
        """Remove what was kept long enough, and what processes that died have left."""
        for folder in self._folders():
            try:
                folder.look()
            except NotFoundError:
                discard(folder.path)
        if self.folder.is_dir():
            for path in (*forsaken_drafts(self.folder), *self.folder.glob(".removed-*")):
                shutil.rmtree(path, ignore_errors=True)

    def _folders(self) -> Iterator[JobFolder]:
        if self.folder.is_dir():
            yield from (self._folder(path.name) for path in self.folder.iterdir() if _ID.fullmatch(path.name))

    def _folder(self, job_id: str) -> JobFolder:
        if not _ID.fullmatch(job_id):
            raise unknown_job(job_id)
        return JobFolder(self.folder / job_id, ending=self._lock, keep=self._keep)
