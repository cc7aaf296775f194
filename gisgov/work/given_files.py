"""The files of a job under the names that they were given: plans, sources and messages are called by them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gisgov.services.jobs import Input
from gisgov.work.attempt import Work

_MOST_BYTES: Final = 180


def given_file(work: Work, name: str) -> Path | None:
    """Return the path of the file of a field, called as it was given; None where none came."""
    given = work.job.inputs.get(name)
    if given is None:
        return None
    folder = work.scratch / name
    folder.mkdir(exist_ok=True)
    path = folder / plain_name(given)
    if not path.exists():
        path.hardlink_to(work.inputs / given.stored)
    return path


def plain_name(given: Input) -> str:
    """Return the given name as one that any folder takes, with the suffix that the file is stored under.

    Examples
    --------
    >>> plain_name(Input("upload-file.gpkg", "网格/2026.GPKG"))
    '网格_2026.gpkg'
    >>> plain_name(Input("upload-file.csv", ".csv"))
    'upload-file.csv'
    """
    suffix = Path(given.stored).suffix
    stem = given.given[: -len(suffix)] if given.given.lower().endswith(suffix) else given.given
    plain = "".join(one if one.isprintable() and one not in '/\\:*?"<>|' else "_" for one in stem).strip(" .")
    while len(plain.encode()) > _MOST_BYTES:
        plain = plain[:-1]
    return f"{plain}{suffix}" if plain else given.stored
