"""Starts the processes that do jobs, and ends them with the service."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from datetime import timedelta

from api.jobs.orders import WorkOrder
from gisgov.paths import root

_COMMAND = (sys.executable, "-P", "-m", "api.jobs.worker")


class Runner:
    """The processes of one service.

    After a job the next process is made ready, with everything loaded, so that a small job which follows does
    not wait for that; one that is not needed for long ends itself. Several services may share a folder of
    jobs: the places for processes are shared too.

    Parameters
    ----------
    order : WorkOrder
        What they are told.
    """

    def __init__(self, order: WorkOrder) -> None:
        self._order = order
        self._store = order.store
        self._lock = threading.Lock()
        self._ready: subprocess.Popen[bytes] | None = None
        self._at_work: set[subprocess.Popen[bytes]] = set()
        self._is_closed = False

    def nudge(self, *, waited: timedelta = timedelta(0)) -> None:
        """Set a process to work if a job waits and there is a place for it.

        Parameters
        ----------
        waited : datetime.timedelta
            Only jobs count that have waited so long: who took in a younger one is about to begin it.
        """
        with self._lock:
            asked = [process.pid for process in self._at_work]
            if self._is_closed or not self._store.has_work(self._order.processes, asked=asked, waited=waited):
                return
            process, self._ready = self._ready, None
            if process is not None and process.poll() is not None:  # it waited too long and ended itself
                _close(process)
                process = None
            process = process or self._start()
            if not _begin(process):
                return  # it died just now; the next nudge starts another
            self._at_work.add(process)
            threading.Thread(target=self._watch, args=(process,), daemon=True).start()

    def close(self) -> None:
        """End all processes; the jobs that they do will wait for the next service."""
        with self._lock:
            self._is_closed = True
            processes = [*self._at_work, *filter(None, [self._ready])]
            for process in processes:
                self._store.release(process.pid)
        for process in processes:
            process.wait()
            _close(process)

    def _start(self) -> subprocess.Popen[bytes]:
        paths = [str(root()), *filter(None, [os.environ.get("PYTHONPATH")])]
        process = subprocess.Popen(  # noqa: S603 - a program of ours, without arguments from outside
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # ctrl-C is for the service, which then ends it in order
        )
        _write(process, self._order.line())
        return process

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        status = process.wait()
        with self._lock:
            self._at_work.discard(process)
            if self._ready is None and not self._is_closed and status == 0:
                self._ready = self._start()
        # one that found nothing to do, or cannot even start, would be followed by others like it at once
        if status <= 0:
            self.nudge()


def _begin(process: subprocess.Popen[bytes]) -> bool:
    is_told = _write(process, b"begin\n")
    _close(process)
    return is_told


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def _write(process: subprocess.Popen[bytes], line: bytes) -> bool:
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    try:
        process.stdin.write(line)
        process.stdin.flush()
    except BrokenPipeError:
        return False
    return True
