"""The processes of one worker: each makes one attempt, and the next one is made ready before it is needed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from signal import SIGKILL
from typing import Final

from gisgov.paths import root
from gisgov.types import Json
from gisgov.work.orders import WorkOrder

_COMMAND: Final = (sys.executable, "-P", "-m", "gisgov.work.child")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended.

    Attributes
    ----------
    answer : dict or None
        What it said; None where it died before.
    status : int
        Its exit status; negative: the signal that killed it.
    """

    answer: Json | None
    status: int


class Processes:
    """The processes of one worker.

    Parameters
    ----------
    order : WorkOrder
        What they are told.
    command : sequence of str
        How one is started.
    """

    def __init__(self, order: WorkOrder, command: Sequence[str] = _COMMAND) -> None:
        self._order = order
        self._command = command
        self._ready: asyncio.subprocess.Process | None = None
        self._is_closed = False

    async def prepare(self) -> None:
        """Make the next process ready, with everything loaded, so that a small job does not wait for that."""
        if not self._is_closed and (self._ready is None or self._ready.returncode is not None):
            self._ready = None
            self._ready = await self._start()

    async def make_attempt(self, job_id: str, attempt: int) -> Ended:
        """Let a process make an attempt, and wait until it is gone; it is killed when this is cancelled."""
        process = await self._taken()
        try:
            with contextlib.suppress(ConnectionError):  # it died just now: its status says so
                await _write(process, json.dumps({"job": job_id, "attempt": attempt}).encode() + b"\n")
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            said = await process.stdout.read()
            status = await process.wait()
        finally:
            await _end(process)
        return Ended(_answer(said), status)

    async def close(self) -> None:
        """End the process that is ready."""
        self._is_closed = True
        process, self._ready = self._ready, None
        if process is not None:
            await _end(process)

    async def _taken(self) -> asyncio.subprocess.Process:
        process, self._ready = self._ready, None
        if process is not None and process.returncode is None:
            return process
        return await self._start()

    async def _start(self) -> asyncio.subprocess.Process:
        paths = [str(root()), *filter(None, [os.environ.get("PYTHONPATH")])]
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # ctrl-C is for the worker, which then ends it in order
        )
        with contextlib.suppress(ConnectionError):
            await _write(process, self._order.line())
        return process


def _answer(said: bytes) -> Json | None:
    try:
        answer: Json = json.loads(said)
    except ValueError:
        return None
    return answer


async def _write(process: asyncio.subprocess.Process, line: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    process.stdin.write(line)
    await process.stdin.drain()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Make sure that a process is gone."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(SIGKILL)
    await process.wait()
    if process.stdin is not None:
        process.stdin.close()
