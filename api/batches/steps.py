"""Work of batches in threads, a short step at a time, so that the service answers others meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import anyio
from anyio.lowlevel import RunVar

from api.batches.batch import Stop
from api.problems import Refusal
from gisgov.errors import GisgovError

_STEP_S: Final = 0.02
_threads: RunVar[anyio.CapacityLimiter] = RunVar("_threads")


@dataclass(frozen=True, slots=True)
class Step:
    """What a step of work yielded, whether more is to be done, and what stops the work."""

    piece: bytes
    is_last: bool
    stop: Stop | None = None


async def next_step(work: Iterator[bytes]) -> Step:
    """Go on with work in a thread for about 20 ms.

    Batches have as many threads as the machine has processors, all together: more would not be faster, and
    those of all other routes stay free.
    """
    try:
        limiter = _threads.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(os.cpu_count() or 1)
        _threads.set(limiter)
    return await anyio.to_thread.run_sync(_worked, work, limiter=limiter)


def _worked(work: Iterator[bytes]) -> Step:
    end = time.perf_counter() + _STEP_S
    pieces: list[bytes] = []
    try:
        for piece in work:
            pieces.append(piece)
            if time.perf_counter() > end:
                return Step(b"".join(pieces), is_last=False)
    except (GisgovError, Refusal) as error:
        return Step(b"".join(pieces), is_last=True, stop=error)
    return Step(b"".join(pieces), is_last=True)
