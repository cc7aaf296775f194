"""Tiles past the application: the ordinary question for one, as maps ask it by the hundred.

What it answers, it answers as the route in `api.routes.tiles` does behind all its layers: the same tile,
headers and line in the log, counted and admitted alike. Whatever is unusual or wrong it leaves to them:
sessions, other days, other parameters, names that need care, tiles that cannot be given.
"""

from __future__ import annotations

import asyncio
import re
import time
from functools import lru_cache
from typing import Final

import structlog
from starlette.types import Receive, Scope, Send

from api.compressing import takes_gzip
from api.context import Context
from api.identity import nobody
from api.known_hosts import KnownHosts
from api.known_keys import KnownKeys
from api.log_lines import LogLines
from api.proxies import Believing
from api.rates import Rates
from api.request_id import request_id
from api.tile_answers import MEDIA_TYPE, Deadline, gone, has_version, headers_of, is_open
from gisgov.errors import GisgovError, SignInRefused
from gisgov.governance.access import Actor, Errand, rights_table
from gisgov.secrecy import redacted
from gisgov.services.accounts import holder_of_key
from gisgov.services.tiles import Asker, LiveTiles, Patience, Stand, TileAnswer, TileName, tile_name

PREFIX: Final = "/v1/tiles/"
OPERATION: Final = "GET /v1/tiles/{layer}/{z}/{x}/{y}.mvt"

_PATH: Final = re.compile(r"/v1/tiles/([\w.:-]{1,80})/([0-9]{1,2})/([0-9]{1,7})/([0-9]{1,7})\.mvt")
_QUERY: Final = re.compile(rb"(?:v=([0-9a-f-]{1,100}))?")
_READING: Final = frozenset({"GET", "HEAD"})

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.hot")


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
        self._hosts: KnownHosts[list[tuple[bytes, bytes]]] = KnownHosts(context.settings, list)
        self._keys = KnownKeys(OPERATION, lambda: None)  # each question has a state of its own
        self._lines = LogLines(context.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer a request below `PREFIX`, or return False without having sent anything."""
        begun = time.perf_counter()
        asked = _PATH.fullmatch(scope["path"])
        query = _QUERY.fullmatch(scope["query_string"])
        if asked is None or query is None or scope["method"] not in _READING or not _is_plain(asked[1]):
            return False
        if self._believing is not None:
            scope = await self._believing(scope)
        headers = dict(scope["headers"])
        always = self._hosts.find(scope, headers.get(b"host"))
        if always is None or len(headers) != len(scope["headers"]):
            return False
        own_id = request_id(headers.get(b"x-request-id", b"").decode("latin-1"))
        place = int(asked[2]), int(asked[3]), int(asked[4])
        name = tile_name(asked[1])
        try:
            answer = await self._answer(scope, receive, headers, own_id, name, place)
        except GisgovError:
            return False  # who is told of it, and how, the application knows
        except Exception:
            _log.exception("no tile out of memory", path=scope["path"])
            return False
        if answer is None:
            return False
        version = None if query[1] is None else query[1].decode()
        told = headers_of(answer, version, is_open=is_open(name, self._context.settings))
        await self._send(scope, send, answer, told, always, own_id, begun)
        return True

    def close(self) -> None:
        """Write the lines that wait."""
        self._lines.write()

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        headers: dict[bytes, bytes],
        own_id: str,
        name: TileName,
        place: tuple[int, int, int],
    ) -> TileAnswer | None:
        stand = await self._tiles.stand()
        actor = await self._actor(headers, stand)
        if actor is None or not actor.may(self._right):
            return None
        client = scope["client"][0] if scope.get("client") else ""
        whose = f"address {client}" if actor.account_id is None else f"account {actor.account_id}"
        if self._requests.count(whose) > 0:
            return None
        limit_s = float(self._context.settings.statement_seconds)
        errand = Errand(OPERATION, client, own_id, limit_s)
        patience = Patience(Deadline.of(scope).left_s, gone(receive))
        try:
            return await self._tiles.tile(
                name,
                place,
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
        shown = headers.get(b"authorization")
        if shown is None:
            return None if b"cookie" in headers else self._nobody
        seen = stand.era, stand.latest["account"]
        known = self._keys.find_actor(shown, seen)
        if known is not None:
            return known
        kind, _, key = shown.decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        try:
            holder = await asyncio.to_thread(holder_of_key, self._context.database, key.strip())
        except SignInRefused:
            return None
        self._keys.remember(shown, holder, seen)
        return holder.actor

    async def _send(
        self,
        scope: Scope,
        send: Send,
        answer: TileAnswer,
        told: dict[str, str],
        always: list[tuple[bytes, bytes]],
        own_id: str,
        begun: float,
    ) -> None:
        data = answer.data or b""
        status = 304 if answer.data is None else 200 if data else 204
        headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
        if data:
            headers.append((b"content-length", b"%d" % len(data)))
            headers.append((b"content-type", MEDIA_TYPE.encode()))
        body = b"" if scope["method"] == "HEAD" else data
        headers = [*headers, *always, (b"x-request-id", own_id.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        client = scope["client"][0] if scope.get("client") else None
        query = scope["query_string"].decode("latin-1")
        self._lines.add(own_id, scope["method"], scope["path"], query, status, len(body), begun, client)


@lru_cache(maxsize=1000)
def _is_plain(name: str) -> bool:
    """Whether a name may stand in a log line as it is."""
    return name.isprintable() and redacted(name) == name
