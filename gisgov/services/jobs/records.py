"""What is known of a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
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
class Job:
    """A job as it stands.

    Attributes
    ----------
    id : str
        32 hexadecimal digits that cannot be guessed: whoever knows them may see the job and end it.
    kind : str
        What is to be done, such as ``check``.
    title : str
        What it is about, in the words of whoever asked.
    parameters : dict
        What was asked, in JSON.
    inputs : mapping of str to Input
        The files that came with it, by the name of their field.
    request_id : str or None
        Id of the request that it came with, as the log has it.
    created : datetime.datetime
        When it was put in (UTC).
    state : JobState
        Where it stands.
    worker : int or None
        The process that does or did it.
    started, finished : datetime.datetime or None
        When it was begun and when it ended (UTC).
    expires : datetime.datetime or None
        When it will be removed; None before it has ended.
    progress : JobProgress or None
        How far it has come; None before its first step.
    problem : JobProblem or None
        Why it failed.
    """

    id: str
    kind: str
    title: str
    parameters: Json
    inputs: Mapping[str, Input]
    request_id: str | None
    created: datetime
    state: JobState = JobState.WAITING
    worker: int | None = None
    started: datetime | None = None
    finished: datetime | None = None
    expires: datetime | None = None
    progress: JobProgress | None = None
    problem: JobProblem | None = None

    def order(self) -> Json:
        """Return the part that never changes, as it is written down; `ordered` reads it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "parameters": self.parameters,
            "inputs": {name: asdict(one) for name, one in self.inputs.items()},
            "request_id": self.request_id,
            "created": self.created.isoformat(),
        }


def ordered(document: Json) -> Job:
    """Return a job that waits, from what `Job.order` wrote."""
    return Job(
        **{
            **document,
            "inputs": {name: Input(**one) for name, one in document["inputs"].items()},
            "created": datetime.fromisoformat(document["created"]),
        }
    )
