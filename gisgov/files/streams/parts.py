"""A folder in which work is done part by part, so that a killed run can go on where it was.

What is under its name is whole: every file is written aside, forced to the disk and then renamed. One run at
a time works in a folder, held by a lock that the system takes back from a process that was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from gisgov.errors import ConflictError, FileError
from gisgov.types import Json

_REQUEST: Final = "request.json"
_LOCK: Final = "lock"


@dataclass(frozen=True, slots=True)
class PartFolder:
    """The folder of one run.

    Attributes
    ----------
    path : pathlib.Path
        Where it is.
    """

    path: Path

    @property
    def parts(self) -> Path:
        """Folder of the parts that are done."""
        return self.path / "parts"

    @property
    def told(self) -> Path:
        """Folder of what is known of each part."""
        return self.path / "told"

    @property
    def aside(self) -> Path:
        """Folder of what is not whole yet."""
        return self.path / "aside"

    def make(self) -> None:
        """Make the folder and those in it, where they are not there."""
        for folder in (self.parts, self.told, self.aside):
            folder.mkdir(parents=True, exist_ok=True)

    def request(self) -> Json | None:
        """Return what the run in the folder was asked for; None where there is none."""
        try:
            asked = json.loads((self.path / _REQUEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        return dict(asked)

    def write_request(self, asked: Json) -> None:
        """Note what the run is asked for."""
        self._put(self.path / _REQUEST, lambda place: _write_text(place, json.dumps(asked, indent=1)))

    def told_of(self, name: str, *, is_moved: bool = False) -> Json | None:
        """Return what is known of a part that is done (or was, and is moved); None where it is not."""
        try:
            told = json.loads((self.told / f"{name}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return dict(told) if is_moved or (self.parts / name).exists() else None

    def put(self, name: str, write: Callable[[Path], None], told: Callable[[], Json]) -> None:
        """Add a part: first what is known of it, then itself, each whole or not at all.

        Parameters
        ----------
        name : str
            Its name, which may have folders in it.
        write : callable
            Writes it to the place that it is given.
        told : callable
            Returns what is known of it, once it is written.
        """
        target = self.parts / name
        note = self.told / f"{name}.json"
        for folder in (target.parent, note.parent):
            folder.mkdir(parents=True, exist_ok=True)

        def write_both(place: Path) -> None:
            write(place)
            self._put(note, lambda aside: _write_text(aside, json.dumps(told())))

        self._put(target, write_both)

    def clear(self) -> None:
        """Remove everything but the lock; the request first, so that nothing half removed is gone on with."""
        (self.path / _REQUEST).unlink(missing_ok=True)
        for folder in (self.parts, self.told, self.aside):
            shutil.rmtree(folder, ignore_errors=True)

    def remove(self) -> None:
        """Remove the folder."""
        self.clear()
        shutil.rmtree(self.path, ignore_errors=True)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs out.

        Raises
        ------
        ConflictError
            Another run works in the folder.
        FileError
            The folder cannot be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise FileError(f"{self.path} cannot be made: {error.strerror}.", field="out") from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                (self.path / _LOCK).stat()  # not removed meanwhile by a run that came to its end
            except OSError:
                raise ConflictError(
                    f"Another run works in {self.path}.", hint="Wait for it, or choose another OUT."
                ) from None
            yield
        finally:
            os.close(handle)

    def _put(self, target: Path, write: Callable[[Path], None]) -> None:
        # two workers may come to do one part, if one of them is only thought to be dead
        aside = self.aside / f"{uuid.uuid4().hex}{target.suffix}"
        aside.parent.mkdir(exist_ok=True)
        try:
            write(aside)
            replace_durably(aside, target)
        finally:
            aside.unlink(missing_ok=True)


def replace_durably(aside: Path, target: Path) -> None:
    """Put a file or folder in place in one step, its content on the disk before its name."""
    if aside.is_file():
        _sync(aside)
    aside.replace(target)
    _sync(target.parent)


def write_batch(place: Path, batch: pa.RecordBatch) -> None:
    """Write a batch to a file of its own."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        pa.OSFile(str(place), "wb") as file,
        pa.ipc.new_stream(file, batch.schema, options=options) as writer,
    ):
        writer.write_batch(batch)


def read_batch(place: Path) -> pa.RecordBatch:
    """Read a batch that `write_batch` wrote."""
    with pa.memory_map(str(place)) as file, pa.ipc.open_stream(file) as reader:
        return reader.read_next_batch()


def _write_text(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8")


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
