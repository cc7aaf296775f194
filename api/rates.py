"""How often somebody may ask: counted in this process, in a window that moves."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from gisgov.config import Settings
from gisgov.errors import TooManyRequests


class Rates:
    """Counts what is asked, by account or address.

    Parameters
    ----------
    settings : Settings
        How much is too much.
    """

    def __init__(self, settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._requests = RateLimitItemPerMinute(settings.requests_per_minute, namespace="requests")
        self._sign_ins = RateLimitItemPerMinute(settings.sign_ins_per_minute, namespace="sign-ins")

    def count_request(self, whose: str) -> None:
        """Count a request.

        Raises
        ------
        TooManyRequests
            Whoever it is asked too often.
        """
        self._count(self._requests, whose)

    def count_sign_in(self, client: str) -> None:
        """Count an attempt to sign in from an address; see `count_request`."""
        self._count(self._sign_ins, client)

    def _count(self, limit: RateLimitItem, whose: str) -> None:
        if self._limiter.hit(limit, whose):
            return
        left_s = self._limiter.get_window_stats(limit, whose).reset_time - time.time()
        raise TooManyRequests(
            f"More than {limit.amount:,} requests came within a minute.",
            retry_after_s=max(1, math.ceil(left_s)),
        )
