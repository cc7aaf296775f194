"""Where the jobs of a service lie, and the indexes that its processes share."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from gisgov.config import Settings
from gisgov.services.jobs import JobPlace


def job_place(settings: Settings, database_url: str) -> JobPlace:
    """Return where the jobs lie of a service with these settings; nothing is made on the disk yet.

    Parameters
    ----------
    settings : Settings
        Where the jobs are, how many may wait, how long they are kept.
    database_url : str
        Services of another database must not remove them: each has a folder of its own.
    """
    return JobPlace(
        _folder(settings.jobs_dir, "jobs"),
        _short_hash(database_url),
        most_waiting=settings.jobs_waiting,
        keep=timedelta(hours=settings.jobs_keep_hours),
    )


def index_place(settings: Settings, database_url: str) -> Path:
    """Return the folder of the indexes of a database on this machine; nothing is made on the disk yet.

    Parameters
    ----------
    settings : Settings
        Where the indexes are.
    database_url : str
        Each database has a folder of its own.
    """
    return _folder(settings.index_dir, "indexes") / _short_hash(database_url)


def _folder(given: Path | None, name: str) -> Path:
    if given is not None:
        return given.absolute()
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "gisgov" / name


def _short_hash(database_url: str) -> str:
    parts = urlsplit(database_url)
    user, _, server = parts.netloc.rpartition("@")
    # without the password, which may change and is nobody's business
    plain = f"{user.partition(':')[0]}@{server}{parts.path}?{parts.query}"
    return hashlib.sha256(plain.encode()).hexdigest()[:12]
