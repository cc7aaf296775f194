"""Jobs in the words of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gisgov.cli.output import table
from gisgov.services.jobs import JobReport, LogLine


def listed(jobs: Sequence[JobReport]) -> str:
    """Return a table of jobs."""
    if not jobs:
        return "There are no jobs."
    rows = [
        [one.id, one.kind, one.title, one.state.value, _moment(one.created), one.asked_by] for one in jobs
    ]
    return table(["id", "kind", "title", "state", "asked", "by"], rows)


def shown(job: JobReport) -> str:
    """Return how a job stands, in lines."""
    lines = [
        f"{job.kind} {job.title}: {job.state.value}",
        f"asked by {job.asked_by} {_moment(job.created)}, attempt {job.attempt}",
    ]
    if job.started is not None:
        lines.append(f"begun {_moment(job.started)}")
    if job.finished is not None and job.expires is not None:
        lines.append(f"ended {_moment(job.finished)}, kept until {_moment(job.expires)}")
    if job.progress is not None and not job.state.has_ended:
        of = "" if job.progress.total is None else f" of {job.progress.total:,}"
        lines.append(f"{job.progress.label}: {job.progress.done:,}{of}")
    if job.problem is not None:
        lines.append(" ".join(filter(None, [job.problem.message, job.problem.hint])))
    lines.extend(f"result {one.name}  {one.bytes:,} bytes" for one in job.results)
    return "\n".join(lines)


def told(lines: Sequence[LogLine]) -> str:
    """Return the lines of a job's log."""
    if not lines:
        return "The job has told nothing."
    return "\n".join(f"{_moment(one.at)}  {one.line}" for one in lines)


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"
