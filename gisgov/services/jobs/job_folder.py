"""The folder of one job: what its files say together, and the few changes that they undergo."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gisgov.errors import JobDied, JobTimedOut, NotFoundError
from gisgov.services.jobs.folders import discard, is_held, locked, read_json, write_json
from gisgov.services.jobs.records import Job, JobProblem, JobProgress, JobState, ordered

INPUTS, RESULTS, ORDER = "inputs", "results", "job.json"
_CLAIM, _PROGRESS, _END = "claim.json", "progress.json", "end.json"
_GONE_S, _LOOK_S = 5.0, 0.02


class JobFolder:
    """One job on the disk.

    Parameters
    ----------
    path : pathlib.Path
        The folder.
    ending : pathlib.Path
        Lock that is held while the end of a job is written, so that one end is written once.
    keep : datetime.timedelta
        How long the job is kept after it has ended.
    """

    def __init__(self, path: Path, *, ending: Path, keep: timedelta) -> None:
        self.path = path
        self._ending = ending
        self._keep = keep

    @property
    def lock(self) -> Path:
        """File that the process which does the job holds a lock on as long as it lives."""
        return self.path / "lock"

    # --- seeing

    def look(self) -> Job:
        """Return the job as it stands; one whose process died has failed.

        Raises
        ------
        NotFoundError
            There is no such job, or it was kept long enough.
        """
        job = self._read()
        if job.state is JobState.RUNNING and not is_held(self.lock):
            self._bury()
            job = self._read()
        if job.expires is not None and job.expires < datetime.now(UTC):
            raise unknown_job(self.path.name)
        return job

    def _read(self) -> Job:
        # whoever writes one of these has written those behind it
        end, progress, claim, order = (
            read_json(self.path / name) for name in (_END, _PROGRESS, _CLAIM, ORDER)
        )
        if order is None:
            raise unknown_job(self.path.name)
        job = ordered(order)
        if claim is not None:
            step = None if progress is None else JobProgress(**progress)
            started = datetime.fromisoformat(claim["started"])
            job = replace(job, state=JobState.RUNNING, worker=claim["pid"], started=started, progress=step)
        if end is None:
            return job
        finished = datetime.fromisoformat(end["finished"])
        return replace(
            job,
            state=JobState(end["state"]),
            finished=finished,
            expires=finished + self._keep,
            problem=None if end["problem"] is None else JobProblem(**end["problem"]),
        )

    def _bury(self) -> None:
        """Say of a job whose process is gone that it failed."""
        claim = read_json(self.path / _CLAIM)
        if claim is None:
            return  # it waits again
        lasted = datetime.now(UTC) - datetime.fromisoformat(claim["started"])
        error: JobDied
        if lasted >= timedelta(seconds=claim["limit_s"]):
            error = JobTimedOut(
                f"The job took longer than {claim['limit_s']:,} s and was ended.",
                hint="Ask for less at a time, or allow more time with GISGOV_JOB_MINUTES.",
            )
        else:
            error = JobDied(
                "The process that did the job died before it was done.",
                hint="Ask again; where that happens again, the machine has too little memory for it.",
            )
        self.end(JobState.FAILED, JobProblem.of(error))

    # --- doing

    def take(self, *, limit_s: int) -> bool:
        """Write down that this process, which holds the lock, does the job; False where it must not."""
        if (self.path / _CLAIM).exists():
            return False
        now = datetime.now(UTC).isoformat()
        try:
            write_json(self.path / _CLAIM, {"pid": os.getpid(), "started": now, "limit_s": limit_s})
        except FileNotFoundError:
            return False  # removed meanwhile
        return not (self.path / _END).exists()  # cancelled meanwhile

    def tell(self, progress: JobProgress) -> None:
        """Write down how far the job has come."""
        write_json(self.path / _PROGRESS, asdict(progress))

    # --- ending

    def end(self, state: JobState, problem: JobProblem | None = None) -> bool:
        """Write down how the job ended and remove its inputs; what was said first holds.

        Returns
        -------
        bool
            Whether this was the first.
        """
        told = None if problem is None else asdict(problem)
        with locked(self._ending):
            if (self.path / _END).exists() or not self.path.exists():
                return False
            finished = datetime.now(UTC).isoformat()
            write_json(self.path / _END, {"state": state.value, "finished": finished, "problem": told})
        shutil.rmtree(self.path / INPUTS, ignore_errors=True)
        return True

    def cancel(self) -> None:
        """End the job if it has not ended, else remove it altogether."""
        if not self.end(JobState.CANCELLED):
            discard(self.path)
            return
        self._kill()
        for name in (INPUTS, RESULTS):
            shutil.rmtree(self.path / name, ignore_errors=True)

    def put_back(self, pid: int) -> None:
        """Let the job wait again if a process does it; that process is to be ended next."""
        claim = read_json(self.path / _CLAIM)
        if claim is not None and claim["pid"] == pid and is_held(self.lock):
            for name in (_CLAIM, _PROGRESS):
                (self.path / name).unlink(missing_ok=True)

    def _kill(self) -> None:
        """End the process that does the job, and wait until it is gone."""
        claim = read_json(self.path / _CLAIM)
        if claim is None or not is_held(self.lock):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(claim["pid"], signal.SIGKILL)
        begin = time.monotonic()
        while is_held(self.lock) and time.monotonic() - begin < _GONE_S:
            time.sleep(_LOOK_S)


def unknown_job(job_id: str) -> NotFoundError:
    """Return the error that tells of a job that is not there."""
    return NotFoundError(
        f"There is no job {job_id!r}, or no longer.",
        hint="A job that has ended is removed after some time.",
        field="id",
    )
