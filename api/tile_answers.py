"""What tiles are sent with: how long they may be kept, by whom, and for which version."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from starlette.types import Receive, Scope

from api.caching import matches
from gisgov.config import Settings
from gisgov.services.tiles import Asker, Patience, TileAnswer, TileName

MEDIA_TYPE: Final = "application/vnd.mapbox-vector-tile"
WAIT_S: Final = 10.0
"""How long a request waits for tiles that are being made."""

_YEAR: Final = "max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a request waits for tiles that are being made."""

    at: float

    @classmethod
    def of(cls, scope: Scope) -> Deadline:
        """Return the deadline of a request, the same whoever tries to answer it."""
        state = scope.setdefault("state", {})
        if "tiles_deadline" not in state:
            state["tiles_deadline"] = cls(time.monotonic() + WAIT_S)
        found: Deadline = state["tiles_deadline"]
        return found

    @property
    def left_s(self) -> float:
        """How long that is from now."""
        return max(0.0, self.at - time.monotonic())


def asker_of(request: Request) -> Asker:
    """Return who asks, as the routes have it."""
    patience = Patience(Deadline.of(request.scope).left_s, gone(request.receive))
    return Asker(request.state.actor, request.state.errand, patience)


def gone(receive: Receive) -> Callable[[], Coroutine[Any, Any, None]]:
    """Return what waits until whoever asked is gone."""

    async def until_gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    return until_gone


def is_open(name: TileName, settings: Settings) -> bool:
    """Whether everybody may see these tiles, so that anybody may keep them for others too."""
    return settings.public_areas and name.kind.right == "areas.read"


def has_version(if_none_match: str) -> Callable[[str], bool]:
    """Return what tells whether a header names the tag of a version."""
    if not if_none_match:
        return lambda _: False
    return lambda version: matches(if_none_match, tag_of(version))


def tag_of(version: str) -> str:
    """Return the entity tag of the tiles of a version: weak, since they leave compressed or not."""
    return f'W/"{version}"'


def headers_of(answer: TileAnswer, asked: str | None, *, is_open: bool) -> dict[str, str]:
    """Return the headers of a tile.

    Parameters
    ----------
    answer : TileAnswer
        The tile.
    asked : str or None
        The version that its address named.
    is_open : bool
        Whether everybody may see it.
    """
    whose = "public" if is_open else "private"
    kept = _YEAR if asked == answer.version else "no-cache"
    headers = {
        "ETag": tag_of(answer.version),
        "Cache-Control": f"{whose}, {kept}",
        # what one account sees is no answer to another one that uses the same browser
        "Vary": "Accept-Encoding" if is_open else "Accept-Encoding, Authorization, Cookie",
    }
    if answer.is_gzip:
        headers["Content-Encoding"] = "gzip"
    return headers
