"""What the processes of a machine have heard of: of each subject the newest version that changed it."""

from __future__ import annotations

import fcntl
import mmap
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gisgov.store.changes import SUBJECTS, Subject

_MARK: Final = int.from_bytes(b"gisgovH1", "little")
_BYTES: Final = 8 * (1 + len(SUBJECTS))
_PLACE: Final[Mapping[Subject, int]] = {subject: 1 + i for i, subject in enumerate(SUBJECTS)}


class HeardVersions:
    """Numbers in a file that all processes of a machine have in their memory.

    One reads them as fast as a variable of its own, so that what one process hears all others know at their
    next answer. They only grow, but for `reset`.

    Parameters
    ----------
    path : pathlib.Path
        The file, of one epoch of one database. Where it cannot be written the numbers are of this process
        alone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        self._file: int | None = None
        self._numbers = memoryview(bytearray(_BYTES)).cast("q")
        self._open()

    def of(self, subject: Subject) -> int:
        """Return the newest version heard of that changed a subject; 0 for none."""
        return self._numbers[_PLACE[subject]]

    def all(self) -> dict[Subject, int]:
        """Return the numbers of all subjects."""
        return {subject: self._numbers[place] for subject, place in _PLACE.items()}

    def raise_to(self, versions: Mapping[Subject, int]) -> None:
        """Tell of versions; those that are older than what is known change nothing."""
        if any(self.of(subject) < version for subject, version in versions.items()):
            self._write(versions, is_reset=False)

    def reset(self, versions: Mapping[Subject, int]) -> None:
        """Forget what was heard, and begin with these versions: those of the database went back."""
        self._write(dict.fromkeys(SUBJECTS, 0) | dict(versions), is_reset=True)

    def follow_file(self) -> None:
        """Open the file that lies at the path now, where somebody removed the former one."""
        try:
            there = self._path.stat()
        except OSError:
            there = None
        mine = None if self._file is None else os.fstat(self._file)
        if there is None or mine is None or (there.st_ino, there.st_dev) != (mine.st_ino, mine.st_dev):
            known = self.all()
            self.close()
            self._open()
            self.raise_to(known)

    def close(self) -> None:
        """Let go of the file."""
        with self._writing:
            self._numbers = memoryview(bytearray(self._numbers)).cast("q")
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _open(self) -> None:
        with self._writing:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError:
                return
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                if os.fstat(file).st_size != _BYTES:
                    os.ftruncate(file, _BYTES)
                numbers = memoryview(mmap.mmap(file, _BYTES)).cast("q")
                if numbers[0] != _MARK:
                    for place in _PLACE.values():
                        numbers[place] = 0
                    numbers[0] = _MARK
            except OSError:
                os.close(file)
                return
            fcntl.flock(file, fcntl.LOCK_UN)
            self._file, self._numbers = file, numbers

    def _write(self, versions: Mapping[Subject, int], *, is_reset: bool) -> None:
        with self._writing:
            if self._file is not None:
                fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                for subject, version in versions.items():
                    place = _PLACE[subject]
                    self._numbers[place] = version if is_reset else max(version, self._numbers[place])
            finally:
                if self._file is not None:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
