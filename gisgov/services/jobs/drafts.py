"""A job whose files are still coming in."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from gisgov.services.jobs.folders import discard, is_held, try_lock

_PREFIX = ".draft-"
_LOCK = "arriving"
_SETTLED_S = 60
"""A younger one may be just about to take its lock."""


class Draft:
    """The folder of a job that is not put in yet.

    Parameters
    ----------
    folder : pathlib.Path
        Where it lies until then.
    most_waiting : int
        How many jobs may wait.
    """

    def __init__(self, folder: Path, *, most_waiting: int) -> None:
        self.folder = folder
        self.id = folder.name.removeprefix(_PREFIX)
        self.most_waiting = most_waiting

    @property
    def inputs(self) -> Path:
        """Folder that the files go to."""
        return self.folder / "inputs"

    @property
    def settled(self) -> Path:
        """Where the folder lies once the job is put in."""
        return self.folder.with_name(self.id)


@contextlib.contextmanager
def draft_in(folder: Path, *, most_waiting: int) -> Iterator[Draft]:
    """Make a draft below a folder; what was not put in when the block ends is removed."""
    draft = Draft(folder / f"{_PREFIX}{uuid.uuid4().hex}", most_waiting=most_waiting)
    draft.inputs.mkdir(parents=True, mode=0o700)
    try:
        with try_lock(draft.folder / _LOCK):  # free, for nobody else knows of it
            yield draft
    finally:
        discard(draft.folder)


def forsaken_drafts(folder: Path) -> Iterator[Path]:
    """Yield the drafts of processes that died."""
    for draft in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):  # put in meanwhile
            made = draft.stat().st_mtime
            if time.time() - made > _SETTLED_S and not is_held(draft / _LOCK):
                yield draft
