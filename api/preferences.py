"""What a caller would rather have: the headers ``Accept`` (RFC 9110) and ``Prefer`` (RFC 7240)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_WAIT_S = 60


def preferred_type(accept: str, offered: Sequence[str]) -> str:
    """Return the media type that an Accept header likes best; the first offered one where it says nothing.

    Parameters
    ----------
    accept : str
        The header.
    offered : sequence of str
        What there is, the usual one first.

    Examples
    --------
    >>> offered = ("application/json", "application/geo+json", "text/html")
    >>> preferred_type("text/html,application/xhtml+xml,*/*;q=0.8", offered)
    'text/html'
    >>> preferred_type("application/json;q=0.5, application/geo+json", offered)
    'application/geo+json'
    >>> preferred_type("*/*", offered), preferred_type("image/png", offered)
    ('application/json', 'application/json')
    """
    liked = [(_quality(accept, kind), -place, kind) for place, kind in enumerate(offered)]
    return max(liked)[2]


def _quality(accept: str, kind: str) -> float:
    """Return how much a header likes a media type; the range that names it most closely decides."""
    closest, quality = -1, 0.0
    for one in accept.split(","):
        name, *parameters = (part.strip().lower() for part in one.split(";"))
        names = (name == "*/*", name == f"{kind.partition('/')[0]}/*", name == kind)
        closeness = max((place for place, is_named in enumerate(names) if is_named), default=-1)
        if closeness > closest:
            closest, quality = closeness, _weight(parameters)
    return quality


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        found = re.fullmatch(r"q=(\d(?:\.\d{0,3})?)", parameter)
        if found:
            return float(found.group(1))
    return 1.0


@dataclass(frozen=True, slots=True)
class Preference:
    """What a Prefer header says of how long to wait.

    Attributes
    ----------
    is_async : bool
        Whether not to wait at all.
    wait_s : int or None
        How many seconds to wait at most.
    """

    is_async: bool = False
    wait_s: int | None = None

    @classmethod
    def of(cls, header: str) -> Preference:
        """Read a Prefer header; what it does not understand it leaves alone, as RFC 7240 has it.

        Examples
        --------
        >>> Preference.of("respond-async, wait=10")
        Preference(is_async=True, wait_s=10)
        >>> Preference.of("return=minimal")
        Preference(is_async=False, wait_s=None)
        """
        named = [one.strip().lower() for one in re.split(r"[,;]", header)]
        waits = [
            found.group(1) for one in named if (found := re.fullmatch(r"wait\s*=\s*\"?(\d{1,6})\"?", one))
        ]
        wait_s = min(int(waits[0]), _MOST_WAIT_S) if waits else None
        return cls("respond-async" in named, wait_s)
