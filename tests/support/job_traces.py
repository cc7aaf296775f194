"""What jobs leave behind: files, rows, and entries of the queue."""

from __future__ import annotations

import sqlalchemy as sa

from gisgov.services.jobs import Job, JobPlace
from gisgov.store.database import Database


def files_of(place: JobPlace, job: Job) -> set[str]:
    """Return the files that a job has, but for when it came."""
    folder = place.of(job)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"arriving"}


def rows_of(database: Database) -> list[str]:
    """Return the rows that jobs have written: the title of each and the number of its part."""
    with database.begin() as connection:
        return sorted(connection.scalars(sa.text("SELECT file_name || ' ' || sha256 FROM import_batch")))


def entries(database: Database) -> int:
    """Return how many attempts wait in the queue or are made."""
    with database.begin() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) or 0
