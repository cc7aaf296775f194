"""How often somebody may ask: counted in this process, in a window that moves."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from typing import Final

from gisgov.config import Settings
from gisgov.errors import TooManyRequests

_SPAN_S: Final = 60.0


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
        How much is too much.

    Attributes
    ----------
    requests, sign_ins : MovingWindow
        Where requests, and attempts to sign in, are counted.
    """

    def __init__(self, settings: Settings) -> None:
        self.requests = MovingWindow(settings.requests_per_minute)
        # whoever guesses passwords is let in by any process: together they allow no more than the setting
        self.sign_ins = MovingWindow(max(1, settings.sign_ins_per_minute // settings.workers))

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


def _count(window: MovingWindow, whose: str) -> None:
    left_s = window.count(whose)
    if left_s > 0:
        raise TooManyRequests(
            f"More than {window.most:,} requests came within a minute.",
            retry_after_s=max(1, math.ceil(left_s)),
        )
