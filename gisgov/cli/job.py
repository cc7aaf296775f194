"""``gisgov job``: the jobs of the service listed, watched, ended and tried again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gisgov.cli.job_texts import listed, shown, told
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.progress import notice, progress
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import ConflictError
from gisgov.services.jobs import (
    Job,
    JobPlace,
    JobReport,
    JobState,
    LogLine,
    cancel_job,
    find_job,
    job_log,
    list_jobs,
    report_of,
    retry_job,
)

if TYPE_CHECKING:
    from gisgov.store.database import Database

_LOOK_S = 0.25


@click.group
def job() -> None:
    """List, watch, end and try again the jobs of the service."""


@job.command("list")
@click.option(
    "--state", type=click.Choice([state.value for state in JobState]), help="Only those that stand so."
)
@click.option("--kind", metavar="NAME", help="Only those of a kind, such as check.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    metavar="N",
    help="How many jobs.",
)
@json_option(tuple[JobReport, ...])
def list_(state: str | None, kind: str | None, limit: int, as_json: bool) -> None:
    """List jobs, the last one first: one's own, or all of them for whoever manages jobs."""
    database, place = _opened()
    wanted = None if state is None else JobState(state)
    found = list_jobs(database, state=wanted, kind=kind, limit=limit)
    emit(tuple(report_of(one, place) for one in found), as_json=as_json, text=listed)


@job.command
@click.argument("job_id", metavar="ID")
@json_option(JobReport)
def show(job_id: str, as_json: bool) -> None:
    """Show how a job stands."""
    database, place = _opened()
    emit(report_of(find_job(database, job_id), place), as_json=as_json, text=shown)


@job.command
@click.argument("job_id", metavar="ID")
@json_option(JobReport)
def watch(job_id: str, as_json: bool) -> None:
    """Show how a job goes on until it has ended; exit status 1 when it failed or was cancelled."""
    database, place = _opened()
    ended = _watched(database, job_id)
    emit(report_of(ended, place), as_json=as_json, text=shown)
    finish(found=ended.state is not JobState.DONE)


@job.command
@click.argument("job_id", metavar="ID")
@json_option(tuple[LogLine, ...])
def log(job_id: str, as_json: bool) -> None:
    """Print what a job has told of itself."""
    database, _ = _opened()
    emit(job_log(database, job_id), as_json=as_json, text=told)


@job.command
@click.argument("job_id", metavar="ID")
def cancel(job_id: str) -> None:
    """End a job that waits or runs; remove one that has ended, with its results."""
    database, place = _opened()
    cancel_job(database, place, job_id)
    notice(f"Job {job_id} was ended or removed.")


@job.command
@click.argument("job_id", metavar="ID")
@json_option(JobReport)
def retry(job_id: str, as_json: bool) -> None:
    """Try a job again that failed; a worker does it when its turn comes."""
    database, place = _opened()
    emit(report_of(retry_job(database, place, job_id), place), as_json=as_json, text=shown)


@job.command
@click.argument("job_id", metavar="ID")
@click.argument("name")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Default: its name, here."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def result(job_id: str, name: str, output: Path | None, force: bool) -> None:
    """Fetch a file that a job made; `gisgov job show` names them."""
    database, place = _opened()
    file = place.result(find_job(database, job_id), name)
    target = Path(file.name) if output is None else output
    if target.exists() and not force:
        raise ConflictError(f"{target} is there already.", hint="Write over it with --force.")
    shutil.copyfile(file.path, target)
    notice(f"{target}: {file.bytes:,} bytes")


def _opened() -> tuple[Database, JobPlace]:
    from gisgov.work.place import job_place

    settings = load_settings()
    database = open_database(settings)
    url = database.engine.url.render_as_string(hide_password=False)
    return database, job_place(settings, url)


def _watched(database: Database, job_id: str) -> Job:
    """Show how a job goes on; return it once it has ended."""
    show_progress = progress()
    while not (now := find_job(database, job_id)).state.has_ended:
        step = now.progress
        if step is None:
            time.sleep(_LOOK_S)
            continue
        for _ in show_progress(_units(database, job_id, step.label), label=step.label, total=step.total):
            pass
    return now


def _units(database: Database, job_id: str, label: str) -> Iterator[int]:
    """Yield each unit that a step of a job has done, as they come, until the next step begins."""
    done = 0
    while True:
        now = find_job(database, job_id)
        step = now.progress
        if step is None or step.label != label or now.state.has_ended:
            return
        yield from range(done, step.done)
        done = max(done, step.done)
        time.sleep(_LOOK_S)
