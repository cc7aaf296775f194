"""A job in the hands of the process that does it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Sized
from pathlib import Path

from gisgov.services.jobs.job_folder import INPUTS, RESULTS, JobFolder
from gisgov.services.jobs.records import Job, JobProblem, JobProgress, JobState
from gisgov.types import Item

_EVERY_S = 0.25


class Claim:
    """A job that this process has taken out.

    Parameters
    ----------
    job : Job
        The job.
    folder : JobFolder
        Its folder.
    """

    def __init__(self, job: Job, folder: JobFolder) -> None:
        self.job = job
        self._folder = folder

    @property
    def inputs(self) -> Path:
        """Folder of the files that came with the job; `Job.inputs` names them."""
        return self._folder.path / INPUTS

    @property
    def results(self) -> Path:
        """Folder for what the job makes; nobody sees it before `finish`."""
        folder = self._folder.path / RESULTS
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def scratch(self) -> Path:
        """Folder for what is needed meanwhile; it goes with the inputs, even if this process is killed."""
        folder = self.inputs / "scratch"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def progress(self, items: Iterable[Item], *, label: str, total: int | None = None) -> Iterator[Item]:
        """Yield the items and write down how far ``label`` has come, as `gisgov.types.Progress` has it."""
        whole = len(items) if total is None and isinstance(items, Sized) else total
        done, told = 0, time.monotonic()
        self._folder.tell(JobProgress(label, done, whole))
        for item in items:
            yield item
            done += 1
            if time.monotonic() - told > _EVERY_S:
                told = time.monotonic()
                self._folder.tell(JobProgress(label, done, whole))
        self._folder.tell(JobProgress(label, done, whole))

    def finish(self) -> None:
        """Say that the job is done; its results are there."""
        self._folder.end(JobState.DONE)

    def fail(self, problem: JobProblem) -> None:
        """Say that the job failed, and why."""
        shutil.rmtree(self._folder.path / RESULTS, ignore_errors=True)
        self._folder.end(JobState.FAILED, problem)
