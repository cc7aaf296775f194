"""Holders of keys, remembered for a moment: a key is looked up in the database once a minute, not each time.

What is remembered is a digest of what was shown, under a secret of this process; the key itself is not.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from gisgov.governance.access import Actor
from gisgov.services.accounts import KeyHolder
from gisgov.services.ready_answers import Caller, caller_of

_LONGEST_S: Final = 60.0
"""… as often as the database notes that a key was used: then it is asked again, and notes it."""
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Known:
    actor: Actor
    caller: Caller | None
    seen: Hashable
    until: float


class KnownKeys:
    """Who comes with a key, as far as one route needs to know.

    Parameters
    ----------
    operation : str
        The route, as the table of rights names it.
    accounts_seen : callable
        The version at which accounts, roles or keys changed last; None while that is not certain. Whoever was
        remembered at another version is forgotten.
    """

    def __init__(self, operation: str, accounts_seen: Callable[[], Hashable | None]) -> None:
        self._operation = operation
        self.accounts_seen = accounts_seen
        self._secret = os.urandom(32)
        self._known: dict[bytes, _Known] = {}

    def find(self, shown: bytes) -> Caller | None:
        """Return who shows this in ``Authorization``; None where the database has to be asked."""
        return self.find_digest(self.digest(shown))

    def find_digest(self, digest: bytes) -> Caller | None:
        """Return who shows what has this digest; see `find`."""
        known = self._find(digest, self.accounts_seen())
        return None if known is None else known.caller

    def find_actor(self, shown: bytes, seen: Hashable | None = None) -> Actor | None:
        """Return who shows this, with all that is known of them; None where the database has to be asked.

        ``seen`` takes the place of `accounts_seen` for who asked the database for it.
        """
        known = self._find(self.digest(shown), self.accounts_seen() if seen is None else seen)
        return None if known is None else known.actor

    def _find(self, digest: bytes, now: Hashable | None) -> _Known | None:
        known = self._known.get(digest)
        if known is None or known.seen != now or known.until < time.monotonic():
            return None
        return known

    def remember(self, shown: bytes, holder: KeyHolder, seen: Hashable | None) -> None:
        """Remember who the database said comes with a key.

        Parameters
        ----------
        shown : bytes
            What was shown in ``Authorization``.
        holder : KeyHolder
            Whose it is.
        seen : hashable or None
            What `accounts_seen` was **before** the database was asked: what changes meanwhile counts.
        """
        if seen is None:
            return
        caller = self._caller(holder.actor)
        if len(self._known) >= _MOST:
            self._known.clear()
        left_s = (holder.expires - datetime.now(UTC)).total_seconds()
        self._known[self.digest(shown)] = _Known(
            holder.actor, caller, seen, time.monotonic() + min(left_s, _LONGEST_S)
        )

    def _caller(self, actor: Actor) -> Caller | None:
        return caller_of(actor, self._operation)

    def digest(self, shown: bytes) -> bytes:
        """Return under what to remember something that is not to be kept itself."""
        return hashlib.blake2b(shown, key=self._secret, digest_size=16).digest()
