"""The processes of one service, which answer on one port: what only one of them does, and when they end."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait
from pathlib import Path


def end_with_parent() -> None:
    """End this process in order when the one that started it is gone; do nothing without one.

    It may have been killed, and nobody would end its children then.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


class Turn:
    """What one process of a service has at a time: the first that takes it, until it gives it back or ends.

    Parameters
    ----------
    folder : pathlib.Path
        Folder on this machine that the siblings share. Without siblings, and where nothing can be written
        there, everybody has a turn.
    name : str
        What it is about.
    """

    def __init__(self, folder: Path, name: str) -> None:
        parent = multiprocessing.parent_process()
        self._path = None if parent is None else folder / f"{name}-{parent.pid}.turn"
        self._file: int | None = None

    def take(self) -> bool:
        """Take it if nobody else has it; tell whether this process has it now."""
        if self._path is None or self._file is not None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def give_back(self) -> None:
        """Let another one take it."""
        if self._path is not None and self._file is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None
