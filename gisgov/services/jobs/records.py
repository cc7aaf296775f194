"""What is known of a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gisgov.errors import GisgovError
from gisgov.types import Json


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Input:
    """A file that came with a job.

    Attributes
    ----------
    stored : str
        Its name in the folder of the job, chosen by the service.
    given : str
        Its name as it was given, for reports and messages alone: never a path.
    """

    stored: str
    given: str


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far the present step has come.

    Attributes
    ----------
    label : str
        What is being done.
    done : int
        How much of it is done.
    total : int or None
        How much there is; None where that is not known.
    """

    label: str
    done: int
    total: int | None

    @property
    def share(self) -> float | None:
        """The part that is done, 0..1; None where the whole is not known."""
        return None if self.total is None else min(self.done / max(self.total, 1), 1.0)


@dataclass(frozen=True, slots=True)
class JobProblem:
    """Why a job failed.

    Attributes
    ----------
    slug : str
        Kind of the problem, as `gisgov.errors` names it; ``unexpected`` for what nobody foresaw.
    message : str
        What was wrong and where, as one sentence.
    hint : str or None
        What to do about it.
    field : str or None
        The parameter at fault.
    """

    slug: str
    message: str
    hint: str | None = None
    field: str | None = None

    @classmethod
    def of(cls, error: GisgovError) -> JobProblem:
        """Return what an error tells."""
        return cls(error.slug, error.message, error.hint, error.field)


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a job's log.

    Attributes
    ----------
    at : datetime.datetime
        When it was written (UTC).
    attempt : int
        The attempt that wrote it, from 1.
    line : str
        What it says.
    """

    at: datetime
    attempt: int
    line: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands.

    Attributes
    ----------
    id : str
        32 hexadecimal digits that cannot be guessed.
    kind : str
        What is to be done, such as ``check``.
    title : str
        What it is about, in the words of whoever asked.
    parameters : dict
        What was asked, in JSON.
    inputs : mapping of str to Input
        The files that came with it, by the name of their field.
    folder : str
        Below the folder of all jobs, where its files lie; see `JobPlace`.
    account_id : int or None
        The account whose job it is; None where the operator asked.
    asked_by : str
        Name of whoever asked.
    scopes : frozenset of str or None
        Rights that the key it was asked with is limited to.
    request_id : str or None
        Id of the request that it came with, as the log has it.
    created : datetime.datetime
        When it was put in (UTC).
    state : JobState
        Where it stands.
    attempt, attempts : int
        The attempt that waits, runs or was the last, from 1, and the last that may be made.
    started, finished : datetime.datetime or None
        When the attempt was begun and when the job ended (UTC).
    expires : datetime.datetime or None
        When it will be removed; None before it has ended.
    progress : JobProgress or None
        How far it has come; None before its first step.
    problem : JobProblem or None
        Why it failed.
    queue_id : int or None
        Its entry in the queue.
    """

    id: str
    kind: str
    title: str
    parameters: Json
    inputs: Mapping[str, Input]
    folder: str
    account_id: int | None
    asked_by: str
    scopes: frozenset[str] | None
    request_id: str | None
    created: datetime
    state: JobState
    attempt: int
    attempts: int
    started: datetime | None = None
    finished: datetime | None = None
    expires: datetime | None = None
    progress: JobProgress | None = None
    problem: JobProblem | None = None
    queue_id: int | None = None

    @property
    def attempts_left(self) -> int:
        """How many more attempts may be made."""
        return 0 if self.state.has_ended else max(self.attempts - self.attempt, 0)
