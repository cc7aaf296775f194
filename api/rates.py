"""How often somebody may ask: counted in a window that moves, by this process or with its siblings."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

import structlog

from api.shared_rates import SharedWindow
from gisgov.config import Settings
from gisgov.errors import TooManyRequests

_SPAN_S: Final = 60.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.rates")


class MovingWindow:
    """The moments at which each of many asked within the last minute.

    Counting costs the same however many there were: a moment is added at one end and those that are over
    leave at the other. What is refused is not counted.

    Parameters
    ----------
    most : int
        How often one may ask within a minute.

    Examples
    --------
    >>> window = MovingWindow(2)
    >>> window.count("a"), window.count("a"), window.count("a") > 59, window.count("b")
    (0.0, 0.0, True, 0.0)
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._moments: dict[str, deque[float]] = {}
        self._lock = threading.Lock()
        self._tidied = time.monotonic()

    def count(self, whose: str) -> float:
        """Count that somebody asks; return 0, or how many seconds are left until they may ask again."""
        now = time.monotonic()
        over = now - _SPAN_S
        with self._lock:
            moments = self._moments.get(whose)
            if moments is None:
                self._tidy(over)
                moments = self._moments[whose] = deque()
            while moments and moments[0] <= over:
                moments.popleft()
            if len(moments) >= self.most:
                return moments[0] - over
            moments.append(now)
        return 0.0

    def take_back(self, whose: str) -> None:
        """Forget that somebody asked just now: what they asked is counted again where it is answered."""
        with self._lock:
            moments = self._moments.get(whose)
            if moments:
                moments.pop()

    def _tidy(self, over: float) -> None:
        """Forget those who did not ask for a minute: once a minute, when somebody new comes."""
        if self._tidied <= over:
            self._tidied = over + _SPAN_S
            self._moments = {who: when for who, when in self._moments.items() if when and when[-1] > over}


class Rates:
    """Counts what is asked, by account or address.

    Parameters
    ----------
    settings : Settings
        How much is too much, and how many processes answer.
    folder : pathlib.Path, optional
        Folder on this machine that the processes share. Where there is none, or nothing can be written
        there, each of them allows its share.

    Attributes
    ----------
    requests, sign_ins : MovingWindow or SharedWindow
        Where requests, and attempts to sign in, are counted.
    """

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        def window(most: int, name: str) -> MovingWindow | SharedWindow:
            return _window(most, settings.workers, None if folder is None else folder / name)

        self.requests = window(settings.requests_per_minute, "requests.rates")
        self.sign_ins = window(settings.sign_ins_per_minute, "sign-ins.rates")

    def count_request(self, whose: str) -> None:
        """Count a request.

        Raises
        ------
        TooManyRequests
            Whoever it is asked too often.
        """
        _count(self.requests, whose)

    def count_sign_in(self, client: str) -> None:
        """Count an attempt to sign in from an address; see `count_request`."""
        _count(self.sign_ins, client)


def _window(most: int, workers: int, path: Path | None) -> MovingWindow | SharedWindow:
    if workers > 1 and path is not None:
        try:
            return SharedWindow(most, path, workers)
        except OSError as error:
            _log.warning("requests are not counted together", file=str(path), reason=error.strerror)
    return MovingWindow(max(1, most // workers))


def _count(window: MovingWindow | SharedWindow, whose: str) -> None:
    left_s = window.count(whose)
    if left_s > 0:
        raise TooManyRequests(
            f"More than {window.most:,} requests came within a minute.",
            retry_after_s=max(1, math.ceil(left_s)),
        )
