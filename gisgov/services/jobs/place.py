"""Where the files of jobs lie.

The folder of a job holds ``inputs``, the files that came with it, and a folder for each attempt: what an
attempt makes is seen by nobody before the job is done, and goes with the attempt when that comes to nothing.
"""

from __future__ import annotations

import contextlib
import mimetypes
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from gisgov.errors import JobNotDone, NotFoundError, UnavailableError
from gisgov.services.jobs.drafts import Draft, draft_in, forsaken_drafts
from gisgov.services.jobs.folders import discard
from gisgov.services.jobs.records import Job, JobState

_ID = re.compile(r"[0-9a-f]{32}")
_ORPHAN_S = 3600.0
"""A younger folder without a job may be just about to be put in."""

_TYPES = {
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ndjson": "application/x-ndjson",
}


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file that a job made.

    Attributes
    ----------
    name : str
        Its name.
    path : pathlib.Path
        Where it lies.
    media_type : str
        What it holds.
    bytes : int
        Its size.
    """

    name: str
    path: Path
    media_type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class JobPlace:
    """The folder of all jobs, which every service and every worker of a database reads and writes.

    Attributes
    ----------
    root : pathlib.Path
        The folder; made when the first job comes, for this user alone.
    name : str
        Folder in it of the jobs that are put in here; a job knows its own.
    most_waiting : int
        How many jobs may wait.
    keep : datetime.timedelta
        How long a job that has ended is kept.
    """

    root: Path
    name: str
    most_waiting: int
    keep: timedelta

    @property
    def folder(self) -> Path:
        """Where the jobs are that are put in here."""
        return self.root / self.name

    @contextlib.contextmanager
    def draft(self) -> Iterator[Draft]:
        """Make room for a job whose files are still coming in; without `submit_job` it is removed again.

        Raises
        ------
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
        with draft_in(self.folder, most_waiting=self.most_waiting) as draft:
            yield draft

    def of(self, job: Job) -> Path:
        """Return the folder of a job."""
        return self.root / job.folder / job.id

    def forget(self, folder: str, job_id: str) -> None:
        """Remove all files of a job."""
        discard(self.root / folder / job_id)

    def inputs(self, job: Job) -> Path:
        """Return the folder of the files that came with a job; `Job.inputs` names them."""
        return self.of(job) / "inputs"

    def attempt(self, job: Job, number: int) -> Path:
        """Return the folder of an attempt."""
        return self.of(job) / f"attempt-{number}"

    # --- results

    def results(self, job: Job) -> tuple[ResultFile, ...]:
        """Return the files that a job made, by name; none before it is done."""
        folder = self.attempt(job, job.attempt) / "results"
        if job.state is not JobState.DONE or not folder.is_dir():
            return ()
        files = sorted(path for path in folder.iterdir() if path.is_file())
        return tuple(ResultFile(path.name, path, _media_type(path), path.stat().st_size) for path in files)

    def result(self, job: Job, name: str) -> ResultFile:
        """Return a file that a job made.

        Raises
        ------
        NotFoundError
            It made no such file.
        JobNotDone
            It waits, runs, failed or was cancelled.
        """
        if job.state is not JobState.DONE:
            raise JobNotDone(
                f"The job has made nothing that could be shown: it is {job.state}.",
                hint="Look at its state first: it has a result when it is done.",
            )
        for file in self.results(job):
            if file.name == name:
                return file
        raise NotFoundError(f"The job made no {name}.", field="name")

    # --- removing

    def tidy(self, job: Job, attempt: int) -> None:
        """Remove what is not needed any more of the files of a job after one of its attempts.

        The files that came with it are kept while it may be tried again, by itself or by people.
        """
        if job.state is JobState.CANCELLED:
            self.forget(job.folder, job.id)
        elif job.state is JobState.DONE:
            discard(self.inputs(job))
            discard(self.attempt(job, job.attempt) / "scratch")
        if job.attempt != attempt or job.state is JobState.FAILED:
            discard(self.attempt(job, attempt))

    def orphans(self) -> tuple[Path, ...]:
        """Return the folders that look like those of jobs and are not young."""
        if not self.folder.is_dir():
            return ()
        folders = (path for path in self.folder.iterdir() if _ID.fullmatch(path.name))
        return tuple(path for path in folders if _age_s(path) > _ORPHAN_S)

    def sweep(self) -> None:
        """Remove what processes that died have left half done."""
        if self.folder.is_dir():
            for path in (*forsaken_drafts(self.folder), *self.folder.glob(".removed-*")):
                shutil.rmtree(path, ignore_errors=True)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _media_type(path: Path) -> str:
    known = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0]
    return known or "application/octet-stream"
