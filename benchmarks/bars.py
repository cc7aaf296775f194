"""One bar of a benchmark: our time against a peer's on the same input, and how it is printed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")

QUICK = os.environ.get("QUICK", "") not in ("", "0")
"""Whether small inputs are asked for (``QUICK=1``): the whole run then stays under a minute."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How much faster than a peer we have to be, and are.

    Attributes
    ----------
    name : str
        What was measured, without spaces.
    ours_s, peer_s : float
        Seconds, best of the runs.
    peer : str
        Whom we are compared with, without spaces.
    need : float
        Least ratio of the peer's time to ours.
    """

    name: str
    ours_s: float
    peer: str
    peer_s: float
    need: float

    @property
    def ratio(self) -> float:
        """How many times faster we are."""
        return self.peer_s / self.ours_s

    def __str__(self) -> str:
        verdict = "ok" if self.ratio >= self.need else "short"
        return (
            f"bar {self.name} ours={self.ours_s:.3f}s peer={self.peer}:{self.peer_s:.3f}s "
            f"ratio={self.ratio:.2f} need={self.need:g} {verdict}"
        )


def show(bar: Bar) -> None:
    """Print a bar."""
    print(bar, flush=True)


def timed(work: Callable[[], Result], *, runs: int = 3) -> tuple[float, Result]:
    """Return the least seconds of several runs, and what the last one returned."""
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds), result
