"""The application, with what answers before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.hot_resolve import PATH, HotResolve
from api.hot_tiles import PREFIX, HotTiles, SoonTile


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
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] in ("GET", "HEAD"):
            await self._resolve(scope, receive, send)
            return
        is_tile = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        if is_tile and self.hot_tiles is not None and await self.hot_tiles(scope, receive, send):
            return
        await super().__call__(scope, receive, send)

    async def _resolve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a lookup out of memory, or in its turn."""
        hot = self.hot
        if hot is None:
            await super().__call__(scope, receive, send)
            return
        if await hot(scope, send):
            return
        has_to_wait = hot.turns.locked()
        async with hot.turns:
            if not (has_to_wait and await hot(scope, send)):
                await super().__call__(scope, receive, send)

    def at_once(self, scope: Scope, first: Sequence[tuple[bytes, bytes]]) -> bytes | None:
        """Return all that is to be sent, where that is known at once; see `HotResolve.at_once`."""
        if self.hot is None or scope["path"] != PATH:
            return None
        return self.hot.at_once(scope, first)

    def at_sight(
        self, data: bytes, client: tuple[str, int] | None, scheme: str, first: Sequence[tuple[bytes, bytes]]
    ) -> bytes | None:
        """Return all that is to be sent to whoever sent this; see `HotResolve.at_sight`."""
        return None if self.hot is None else self.hot.at_sight(data, client, scheme, first)

    def soon(
        self, scope: Scope, first: Sequence[tuple[bytes, bytes]], ready: Callable[[SoonTile], None]
    ) -> SoonTile | None:
        """Begin to make what is to be sent, where it can be known soon; see `HotTiles.soon`."""
        if self.hot_tiles is None or not scope["path"].startswith(PREFIX):
            return None
        return self.hot_tiles.soon(scope, first, ready)

    def learn(self, data: bytes, scope: Scope) -> None:
        """Hear how something that was answered at once was read; see `HotResolve.learn`."""
        if self.hot is not None:
            self.hot.learn(data, scope)
