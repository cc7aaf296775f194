"""Steps one after the other: told when they begin, timed when they end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gisgov.demo.report import StepTime

Tell = Callable[[str], None]
"""Takes a line for the person who waits."""


class Stopwatch:
    """Times the steps of a journey whose number is known.

    Parameters
    ----------
    total : int
        How many steps there will be.
    tell : callable
        Takes a line when a step begins and when it has ended.
    """

    def __init__(self, total: int, tell: Tell) -> None:
        self._total = total
        self._tell = tell
        self._steps: list[StepTime] = []
        self._begin = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Time what happens inside."""
        number = len(self._steps) + 1
        self._tell(f"{number:>2}/{self._total} {title} …")
        begin = time.monotonic()
        yield
        seconds = time.monotonic() - begin
        self._steps.append(StepTime(title, round(seconds, 3)))
        self._tell(f"{number:>2}/{self._total} {title}: {seconds:.1f} s")

    @property
    def steps(self) -> tuple[StepTime, ...]:
        """The steps that have ended."""
        return tuple(self._steps)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return round(time.monotonic() - self._begin, 3)
