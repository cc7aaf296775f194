"""What a benchmark prints: bars, and notes beside them.

A bar is our time against a peer's on the same input, or what a result has to be like.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

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
        Least ratio of the peer's time to ours; below 1 where the peer is a part of our work.
    limit_s : float
        Our time has to be below this besides.
    """

    name: str
    ours_s: float
    peer: str
    peer_s: float
    need: float
    limit_s: float = math.inf

    @property
    def ratio(self) -> float:
        """How many times faster we are."""
        return self.peer_s / self.ours_s

    def __str__(self) -> str:
        verdict = "ok" if self.ratio >= self.need and self.ours_s < self.limit_s else "short"
        limit = f" limit={seconds(self.limit_s)}" if self.limit_s < math.inf else ""
        return (
            f"bar {self.name} ours={seconds(self.ours_s)} peer={self.peer}:{seconds(self.peer_s)} "
            f"ratio={self.ratio:.2f} need={self.need:.4g}{limit} {verdict}"
        )


@dataclass(frozen=True, slots=True)
class Goal:
    """What a result has to be like, whatever it took.

    Attributes
    ----------
    name : str
        What was measured, without spaces.
    reached, need : float
        What it is, and what it has to be, in the same unit.
    sense : {">=", "<="}
        Whether it may be more or less than needed.
    beside : str
        Words like ``PEER=…`` and ``unit=s`` that nothing depends on.
    """

    name: str
    reached: float
    sense: Literal[">=", "<="]
    need: float
    beside: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it is as it has to be; what could not be measured is not."""
        return self.reached >= self.need if self.sense == ">=" else self.reached <= self.need

    def __str__(self) -> str:
        beside = f" {self.beside}" if self.beside else ""
        verdict = "ok" if self.is_met else "short"
        return f"bar {self.name} reached={self.reached:.4g} need{self.sense}{self.need:.4g}{beside} {verdict}"


def seconds(time_s: float) -> str:
    """Write a time in seconds, a short one with more decimals.

    Examples
    --------
    >>> seconds(12.3456), seconds(0.0123456)
    ('12.346s', '0.01235s')
    """
    return f"{time_s:.3f}s" if time_s >= 0.1 else f"{time_s:.5f}s"


def show(bar: Bar | Goal) -> None:
    """Print a bar, or a goal, which is counted as one."""
    print(bar, flush=True)


def note(text: str) -> None:
    """Print something that was found beside the times."""
    print(f"note {text}", flush=True)


def timed(work: Callable[[], Result], *, runs: int = 3) -> tuple[float, Result]:
    """Return the least seconds of several runs, and what the last one returned."""
    ((best_s, result),) = timed_in_turns(work, runs=runs)
    return best_s, result


def timed_in_turns(*works: Callable[[], Result], runs: int = 3) -> list[tuple[float, Result]]:
    """Do several works one after the other, several times, so that a busy minute meets all of them alike."""
    best = [(math.inf, None)] * len(works)
    for _ in range(runs):
        for i, work in enumerate(works):
            begin = time.perf_counter()
            result = work()
            best[i] = min(best[i][0], time.perf_counter() - begin), result
    return cast("list[tuple[float, Result]]", best)
