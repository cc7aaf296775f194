"""Tiles past the application: the ordinary question for one, as maps ask it by the hundred.

What it answers, it answers as the route in `api.routes.tiles` does behind all its layers: the same tile,
headers and line in the log, counted and admitted alike. Whatever is unusual or wrong it leaves to them:
sessions, other days, other parameters, names that need care, tiles that cannot be given.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.types import Receive, Scope, Send

from api.compressing import takes_gzip
from api.context import Context
from api.hot_answers import Header, first_lines, lines_of
from api.identity import nobody
from api.known_keys import KnownKeys
from api.log_lines import LogLines
from api.proxies import Believing
from api.rates import Rates
from api.request_id import request_id
from api.tile_answers import Deadline, gone, has_version
from api.tile_requests import TileRequest, TileRequests, counted_as
from gisgov.errors import GisgovError, SignInRefused
from gisgov.governance.access import Actor, Errand, rights_table
from gisgov.services.accounts import holder_of_key
from gisgov.services.tiles import (
    AheadTile,
    Asker,
    LiveTiles,
    Patience,
    Stand,
    TileAnswer,
)

PREFIX: Final = "/v1/tiles/"
OPERATION: Final = "GET /v1/tiles/{layer}/{z}/{x}/{y}.mvt"

_READING: Final = frozenset({"GET", "HEAD"})
_STATUS: Final = {
    200: b"HTTP/1.1 200 OK\r\n",
    204: b"HTTP/1.1 204 No Content\r\n",
    304: b"HTTP/1.1 304 Not Modified\r\n",
}

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.hot")


@dataclass(slots=True, eq=False)
class SoonTile:
    """The answer to a request, which is being made; `HotTiles.soon` gives it."""

    hot: HotTiles
    scope: Scope
    first: Sequence[Header]
    asked: TileRequest
    actor: Actor
    whose: str
    begun: float
    tile: AheadTile | None = None

    def whole(self) -> bytes | None:
        """Return status line, headers and body in HTTP/1.1; None where the application has to be asked.

        Called once, when it is ready.
        """
        return self.hot.whole(self)

    def give_up(self) -> None:
        """Say that `whole` will not be asked: the application is."""
        self.hot.give_up(self)


class HotTiles:
    """Answers what it can, and says of the rest that it did not.

    Parameters
    ----------
    context : Context
        The service.
    rates : Rates
        Where requests are counted.
    tiles : LiveTiles
        The tiles.
    """

    def __init__(self, context: Context, rates: Rates, tiles: LiveTiles) -> None:
        self._context = context
        self._requests = rates.requests
        self._tiles = tiles
        self._nobody = nobody(context.settings)
        self._right = rights_table().right_of(OPERATION)
        self._believing = Believing(context.settings) if context.settings.behind_proxy else None
        self._asked_for = TileRequests(context.settings)
        self._keys = KnownKeys(OPERATION, lambda: None)  # each question has a state of its own
        self._lines = LogLines(context.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer a request below `PREFIX`, or return False without having sent anything."""
        begun = time.perf_counter()
        if scope["method"] not in _READING:
            return False
        if self._believing is not None and self._asked_for.is_one(scope):
            scope = await self._believing(scope)
        asked = self._asked_for.read(scope)
        if asked is None:
            return False
        own_id = request_id(asked.headers.get(b"x-request-id", b"").decode("latin-1"))
        try:
            answer = await self._answer(scope, receive, asked, own_id)
        except GisgovError:
            return False  # who is told of it, and how, the application knows
        except Exception:
            _log.exception("no tile out of memory", path=scope["path"])
            return False
        if answer is None:
            return False
        await self._send(scope, send, asked, answer, own_id, begun)
        return True

    def soon(
        self, scope: Scope, first: Sequence[Header], ready: Callable[[SoonTile], None]
    ) -> SoonTile | None:
        """Begin to answer a GET below `PREFIX`, for a server that can send the whole as it is.

        Parameters
        ----------
        scope : dict
            The request, as ASGI has it.
        first : sequence of tuple
            The headers that the server has for every answer.
        ready : callable
            Called by the loop, later and once, when the answer is known.

        Returns
        -------
        SoonTile or None
            None where nothing was begun and the application has to be asked.
        """
        begun = time.perf_counter()
        if scope["method"] != "GET" or self._believing is not None:
            return None
        asked, seen = self._asked_for.read(scope), self._tiles.seen
        if asked is None or seen is None:
            return None
        actor = self._known_actor(asked.headers, seen)
        if actor is None or not actor.may(self._right):
            return None
        whose = counted_as(actor, scope)
        if self._requests.count(whose) > 0:
            return None
        soon = SoonTile(self, scope, first, asked, actor, whose, begun)
        try:
            soon.tile = self._tiles.ahead(
                asked.name,
                asked.place,
                actor,
                is_gzip=takes_gzip(asked.headers.get(b"accept-encoding", b"").decode("latin-1")),
                has=has_version(asked.headers.get(b"if-none-match", b"").decode("latin-1")),
                ready=lambda _: ready(soon),
            )
        except Exception:  # the application finds it too, and tells of it
            _log.exception("no tile begun", path=scope["path"])
        if soon.tile is None:
            self._requests.take_back(whose)
            return None
        return soon

    def whole(self, soon: SoonTile) -> bytes | None:
        """Return all that is to be sent; see `SoonTile.whole`."""
        try:
            assert soon.tile is not None  # noqa: S101 - `soon` gave it
            stand, asked = soon.tile.stand, soon.asked
            is_same = stand is not None and self._known_actor(asked.headers, stand) is soon.actor
            answer = soon.tile.answer() if is_same else None
            if answer is None:
                self.give_up(soon)
                return None
            own_id = request_id(asked.headers.get(b"x-request-id", b"").decode("latin-1"))
            status, headers = self._asked_for.head(asked, answer)
            data = answer.data or b""
            own = b"x-request-id: %b\r\n\r\n" % own_id.encode()
            whole = b"".join(
                (_STATUS[status], first_lines(soon.first), lines_of(headers), asked.always.lines, own, data)
            )
        except Exception:
            _log.exception("no tile soon", path=soon.scope["path"])
            self.give_up(soon)
            return None
        self._tell(soon.scope, own_id, status, len(data), soon.begun)
        return whole

    def give_up(self, soon: SoonTile) -> None:
        """Let the application answer, and count it."""
        self._requests.take_back(soon.whose)

    def close(self) -> None:
        """Write the lines that wait."""
        self._lines.write()

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        asked: TileRequest,
        own_id: str,
    ) -> TileAnswer | None:
        headers = asked.headers
        stand = await self._tiles.stand()
        actor = await self._actor(headers, stand)
        if actor is None or not actor.may(self._right):
            return None
        client = scope["client"][0] if scope.get("client") else ""
        whose = counted_as(actor, scope)
        if self._requests.count(whose) > 0:
            return None
        limit_s = float(self._context.settings.statement_seconds)
        errand = Errand(OPERATION, client, own_id, limit_s)
        patience = Patience(Deadline.of(scope).left_s, gone(receive))
        try:
            return await self._tiles.tile(
                asked.name,
                asked.place,
                Asker(actor, errand, patience),
                day=None,
                is_gzip=takes_gzip(headers.get(b"accept-encoding", b"").decode("latin-1")),
                has=has_version(headers.get(b"if-none-match", b"").decode("latin-1")),
                stand=stand,
            )
        except Exception:
            self._requests.take_back(whose)  # the application, which answers, counts it
            raise

    async def _actor(self, headers: dict[bytes, bytes], stand: Stand) -> Actor | None:
        """Return who shows a key, as accounts stand now; None where the application has to find out."""
        known = self._known_actor(headers, stand)
        shown = headers.get(b"authorization")
        if known is not None or shown is None:
            return known
        kind, _, key = shown.decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        try:
            holder = await asyncio.to_thread(holder_of_key, self._context.database, key.strip())
        except SignInRefused:
            return None
        self._keys.remember(shown, holder, _accounts_of(stand))
        return holder.actor

    def _known_actor(self, headers: dict[bytes, bytes], stand: Stand) -> Actor | None:
        """Return who asks, as far as that is in memory and right as accounts stood then."""
        shown = headers.get(b"authorization")
        if shown is None:
            return None if b"cookie" in headers else self._nobody
        return self._keys.find_actor(shown, _accounts_of(stand))

    async def _send(
        self,
        scope: Scope,
        send: Send,
        asked: TileRequest,
        answer: TileAnswer,
        own_id: str,
        begun: float,
    ) -> None:
        status, told = self._asked_for.head(asked, answer)
        body = b"" if scope["method"] == "HEAD" else answer.data or b""
        headers = [*told, *asked.always.headers, (b"x-request-id", own_id.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        self._tell(scope, own_id, status, len(body), begun)

    def _tell(self, scope: Scope, own_id: str, status: int, sent: int, begun: float) -> None:
        client = scope["client"][0] if scope.get("client") else None
        query = scope["query_string"].decode("latin-1")
        self._lines.add(own_id, scope["method"], scope["path"], query, status, sent, begun, client)


def _accounts_of(stand: Stand) -> tuple[int, int]:
    """Return what is another value as soon as accounts are."""
    return stand.era, stand.latest["account"]
