"""The application, with what answers before it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.hot_resolve import PATH, HotResolve
from api.hot_tiles import PREFIX, HotTiles


class HotService(FastAPI):
    """An application that asks `HotResolve` and `HotTiles` first, while there are any.

    Attributes
    ----------
    hot : HotResolve or None
        Set while the service runs.
    hot_tiles : HotTiles or None
        Set while the service runs.
    """

    hot: HotResolve | None = None
    hot_tiles: HotTiles | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        is_hot = self.hot is not None and scope["type"] == "http" and scope["path"] == PATH
        if is_hot and self.hot is not None and await self.hot(scope, send):
            return
        is_tile = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        if is_tile and self.hot_tiles is not None and await self.hot_tiles(scope, receive, send):
            return
        await super().__call__(scope, receive, send)

    def at_once(self, scope: Scope, first: Sequence[tuple[bytes, bytes]]) -> bytes | None:
        """Return all that is to be sent, where that is known at once; see `HotResolve.at_once`."""
        if self.hot is None or scope["path"] != PATH:
            return None
        return self.hot.at_once(scope, first)
