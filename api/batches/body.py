"""The body of a request, the next piece of it fetched while the last one is worked on."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from api.problems import TOO_SLOW, Refusal

SILENCE_S: Final = 60.0
"""How long a body may pause; who sends nothing for longer holds a connection for nothing."""


class Body:
    """Pieces of a body as they come, and whether whoever sends them is still there.

    Parameters
    ----------
    receive : Receive
        Of ASGI; nobody else asks it meanwhile.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.is_whole = False
        """Whether all of the body is here."""
        self._coming: asyncio.Task[bytes | None] = asyncio.create_task(self._fetch())

    async def take(self) -> bytes | None:
        """Return the next piece; None after the last.

        Raises
        ------
        ClientDisconnect
            The client went away.
        Refusal
            Nothing came for a long time.
        """
        try:
            piece = await asyncio.wait_for(asyncio.shield(self._coming), SILENCE_S)
        except TimeoutError as error:
            raise Refusal(
                TOO_SLOW, f"The body came no further for {SILENCE_S:.0f} seconds.", hint="Send it anew."
            ) from error
        if piece is not None:
            self._coming = asyncio.create_task(self._fetch())
        return piece

    def check(self) -> None:
        """Make sure that the client is still there.

        Raises
        ------
        ClientDisconnect
            It is not.
        """
        if self._coming.done() and self._coming.exception() is not None:
            raise ClientDisconnect

    async def drop_rest(self, seconds: float) -> None:
        """Read what still comes, for so long at most, and do nothing with it."""
        with contextlib.suppress(ClientDisconnect, Refusal, TimeoutError):
            async with asyncio.timeout(seconds):
                while await self.take() is not None:
                    pass

    async def close(self) -> None:
        """Wait for nothing any more."""
        self._coming.cancel()
        await asyncio.gather(self._coming, return_exceptions=True)

    async def _fetch(self) -> bytes | None:
        if self.is_whole:
            return None
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        self.is_whole = not message.get("more_body", False)
        return bytes(message.get("body", b""))
