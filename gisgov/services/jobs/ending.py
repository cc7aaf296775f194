"""Use cases: what people do with jobs that are there: end them, remove them, have them tried again."""

from __future__ import annotations

from gisgov.errors import ConflictError
from gisgov.services.jobs.place import JobPlace
from gisgov.services.jobs.reading import find_job
from gisgov.services.jobs.records import Job, JobState
from gisgov.services.jobs.submitting import ATTEMPTS
from gisgov.store import audit, jobs
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.queue import call_off, put_in_queue


def cancel_job(database: Database, place: JobPlace, job_id: str) -> None:
    """End a job that waits or runs and remove its files; remove one that has ended altogether.

    Whoever does it is told at once, and whatever they do yet has no effect.

    Raises
    ------
    NotFoundError
        There is no such job, or it is not for whoever asks.
    """
    job = find_job(database, job_id)
    with database.begin() as connection, as_owner(connection):
        if job.state.has_ended:
            jobs.delete_job(connection, job.id)
            audit.note(connection, "remove", f"job {job.id}", {"kind": job.kind})
        elif jobs.cancel(connection, job.id, place.keep):
            audit.note(connection, "cancel", f"job {job.id}", {"kind": job.kind})
            if job.queue_id is not None:
                call_off(connection, job.queue_id)
        else:
            return  # it has just ended
    place.forget(job.folder, job.id)


def retry_job(database: Database, place: JobPlace, job_id: str) -> Job:
    """Have a job tried again that failed.

    Raises
    ------
    NotFoundError
        There is no such job, or it is not for whoever asks.
    ConflictError
        It did not fail, or its files are gone.
    """
    job = find_job(database, job_id)
    if job.inputs and not place.inputs(job).is_dir():
        raise ConflictError("The files of the job are gone.", hint="Ask for it anew.", field="id")
    with database.begin() as connection, as_owner(connection):
        if job.state is not JobState.FAILED or not jobs.revive(connection, job.id, job.attempt, ATTEMPTS):
            raise ConflictError(
                f"Only a job that failed is tried again, and this one is {job.state}.", field="id"
            )
        jobs.set_queue_id(connection, job.id, put_in_queue(connection, job.id, job.attempt + 1))
        audit.note(connection, "retry", f"job {job.id}", {"kind": job.kind})
    return find_job(database, job_id)


def sweep_jobs(database: Database, place: JobPlace) -> None:
    """Remove the jobs that were kept long enough, and files that belong to no job.

    The database is the service's own. A worker does this from time to time.
    """
    with database.begin() as connection:
        expired = jobs.delete_expired(connection)
    for folder, job_id in expired:
        place.forget(folder, job_id)
    orphans = {path.name for path in place.orphans()}
    if orphans:
        with database.begin() as connection:
            known = jobs.known_ids(connection, frozenset(orphans))
        for job_id in orphans - known:
            place.forget(place.name, job_id)
    place.sweep()
