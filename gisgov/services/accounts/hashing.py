"""Hashes of passwords by argon2id, a few at a time: each takes 64 MiB and all processors."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from gisgov.errors import TooManyRequests
from gisgov.governance.access.passwords import normalized

_AT_ONCE = 2
_PATIENCE_S = _AGAIN_S = 10
_turn = BoundedSemaphore(_AT_ONCE)
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Return the hash of a password, with its parameters and a salt."""
    with _a_turn():
        return _hasher.hash(normalized(password))


def is_right(hashed: str | None, password: str) -> bool:
    """Whether a password is that of a hash; no hash takes as long, and is wrong."""
    compared = _hash_of_nobody() if hashed is None else hashed
    with _a_turn():
        try:
            _hasher.verify(compared, normalized(password))
        except VerificationError:
            return False
    return hashed is not None


def is_outdated(hashed: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _hasher.check_needs_rehash(hashed)


@cache
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_urlsafe())


@contextmanager
def _a_turn() -> Iterator[None]:
    if not _turn.acquire(timeout=_PATIENCE_S):
        raise TooManyRequests("Too many people sign in at this moment.", retry_after_s=_AGAIN_S)
    try:
        yield
    finally:
        _turn.release()
