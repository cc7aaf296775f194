"""Names that the service answers to, remembered with the headers that every answer under them has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from starlette.types import Scope

from api.security import data_headers, host_of, is_known
from gisgov.config import Settings
from gisgov.hosts import LOOPBACK_NAMES

Made = TypeVar("Made")

_MOST: Final = 1_000


class KnownHosts(Generic[Made]):
    """What answers have by the name that they were asked under.

    Parameters
    ----------
    settings : Settings
        Which names there are.
    make : callable
        Makes what is remembered of the headers.
    """

    def __init__(self, settings: Settings, make: Callable[[list[tuple[bytes, bytes]]], Made]) -> None:
        self._settings = settings
        self._make = make
        self._known: dict[tuple[bytes | None, str], Made] = {}

    def find(self, scope: Scope, given: bytes | None) -> Made | None:
        """Return it for a request that gives a host; None where the service has no such name."""
        key = given, scope["scheme"]
        known = self._known.get(key)
        if known is not None:
            return known
        host = host_of(scope)
        if not is_known(host, self._settings):
            return None
        if len(self._known) >= _MOST:  # ports may be any
            self._known.clear()
        promises = scope["scheme"] == "https" and host not in LOOPBACK_NAMES
        known = self._known[key] = self._make(data_headers(promises_https=promises))
        return known
