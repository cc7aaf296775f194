"""``GET /v1/resolve`` out of memory: the ordinary question, answered before the application is asked at all.

What it answers, it answers as the route in `api.routes.resolving` does behind all its layers: the same
body, headers and line in the log, counted and admitted alike. Whatever is unusual, wrong or not certain it
leaves to them: unknown parameters, sessions, rights in some areas alone, days that are not at hand.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import structlog
from starlette.types import Scope, Send

from api.context import Context
from api.hot_answers import Always, HotAnswer, is_plain, plain, written
from api.hot_days import ReadyDays
from api.hot_queries import Queries
from api.hot_wire import KnownHeads
from api.identity import nobody
from api.known_hosts import KnownHosts
from api.known_keys import KnownKeys
from api.log_lines import LogLines
from api.proxies import Believing
from api.rates import Rates
from api.request_id import request_id
from gisgov.services.ready_answers import Caller, caller_of

PATH: Final = "/v1/resolve"
OPERATION: Final = f"GET {PATH}"
_TURNS: Final = 4
"""How many lookups go the slow way together.

More of them would not be done sooner: they contend for one interpreter, and for it with whoever makes ready
what answers them all, and with whoever asks the database whether what is ready still holds. While a few are
on their way the others wait here, and are mostly answered out of memory then.
"""
_READING: Final = frozenset({"GET", "HEAD"})

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.hot")


class HotResolve:
    """Answers what it can, and says of the rest that it did not.

    Parameters
    ----------
    context : Context
        The service.
    rates : Rates
        Where requests are counted.
    keys : KnownKeys
        Who comes with which key.

    Attributes
    ----------
    turns : asyncio.Semaphore
        What is to be held by whoever asks the application instead.
    """

    def __init__(self, context: Context, rates: Rates, keys: KnownKeys) -> None:
        self.turns = asyncio.Semaphore(_TURNS)
        self._requests = rates.requests
        self._keys = keys
        self._nobody = caller_of(nobody(context.settings), OPERATION)
        self._days = ReadyDays(context.database, context.indexes, context.timezone)
        self._queries = Queries(context.timezone)
        self._believing = Believing(context.settings) if context.settings.behind_proxy else None
        self._hosts = KnownHosts(context.settings, Always)
        self._heads = KnownHeads(keys.digest)
        self._lines = LogLines(context.settings)

    async def __call__(self, scope: Scope, send: Send) -> bool:
        """Answer a request for `PATH`, or return False without having sent anything."""
        begun = time.perf_counter()
        if self._believing is not None:
            scope = await self._believing(scope)
        answer = self._answer(scope)
        if answer is None:
            return False
        sent = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers()})
        await send({"type": "http.response.body", "body": sent})
        self._tell(scope, answer, len(sent), begun)
        return True

    def at_once(self, scope: Scope, first: Sequence[tuple[bytes, bytes]]) -> bytes | None:
        """Answer a GET for `PATH` with all that is to be sent, for a server that can send it as it is.

        Parameters
        ----------
        scope : dict
            The request, as ASGI has it.
        first : sequence of tuple
            The headers that the server has for every answer.

        Returns
        -------
        bytes or None
            Status line, headers and body in HTTP/1.1; None where the application has to be asked.
        """
        begun = time.perf_counter()
        if scope["method"] != "GET" or self._believing is not None:
            return None
        answer = self._answer(scope)
        if answer is None:
            return None
        self._tell(scope, answer, len(answer.body), begun)
        return answer.whole(first)

    def at_sight(
        self, data: bytes, client: tuple[str, int] | None, scheme: str, first: Sequence[tuple[bytes, bytes]]
    ) -> bytes | None:
        """Answer what came on a connection on which nothing is pending, before it is read.

        Parameters
        ----------
        data : bytes
            What came.
        client : tuple, optional
            Address and port of who sent it.
        scheme : str
            By which it came.
        first : sequence of tuple
            The headers that the server has for every answer.

        Returns
        -------
        bytes or None
            As from `at_once`; None where it is not one whole request whose like was read before.
        """
        begun = time.perf_counter()
        try:
            found = self._heads.find(data, scheme)
            if found is None:
                return None
            query, head = found
            caller = self._nobody if head.shown is None else self._keys.find_digest(head.shown)
            text = None if caller is None else self._text(query, caller, client)
            if text is None:
                return None
            if is_plain(text):  # a head that is known has neither a tag nor an id of its own
                own_id, status, sent = request_id(""), 200, len(text)
                whole = plain(text, head.always, own_id, first)
            else:
                answer = written(text, head.encodings, head.always)
                own_id, status, sent = answer.request_id, answer.status, len(answer.body)
                whole = answer.whole(first)
        except Exception:
            _log.exception("no answer at sight")
            return None
        asker = client[0] if client else None
        self._lines.add(own_id, "GET", PATH, query.decode(), status, sent, begun, asker)
        return whole

    def learn(self, data: bytes, scope: Scope) -> None:
        """Answer at sight from now on what has the head of a request that was answered at once."""
        always = self._hosts.find(scope, dict(scope["headers"]).get(b"host"))
        if always is not None and scope["method"] == "GET":
            self._heads.learn(data, scope, always)

    def make_ready(self) -> None:
        """Make ready beside what answers, before anybody asks."""
        self._days.make_ready()

    def close(self) -> None:
        """Write the lines that wait."""
        self._lines.write()

    def _answer(self, scope: Scope) -> HotAnswer | None:
        try:
            if scope["method"] not in _READING:
                return None
            headers = dict(scope["headers"])
            if len(headers) != len(scope["headers"]):
                return None
            always = self._hosts.find(scope, headers.get(b"host"))
            caller = self._caller(headers)
            if always is None or caller is None:
                return None
            text = self._text(scope["query_string"], caller, scope.get("client"))
            return None if text is None else written(text, headers, always)
        except Exception:
            _log.exception("no answer out of memory", query=scope["query_string"].decode("latin-1"))
            return None

    def _text(self, query: bytes, caller: Caller, client: tuple[str, int] | None) -> bytes | None:
        """Return what answers a query, after it was counted; None where the slow way has to, or refuse."""
        asked = self._queries.read(query)
        if asked is None:
            return None
        x, y, rest = asked
        question = self._days.question(rest)
        text = None if question is None else question.answer(x, y, phones=caller.sees_phones)
        if text is None or self._requests.count(caller.counted_as or _address(client)) > 0:
            return None
        return text

    def _caller(self, headers: dict[bytes, bytes]) -> Caller | None:
        shown = headers.get(b"authorization")
        if shown is not None:
            return self._keys.find(shown)
        return None if b"cookie" in headers else self._nobody

    def _tell(self, scope: Scope, answer: HotAnswer, sent: int, begun: float) -> None:
        client = scope.get("client")
        self._lines.add(
            answer.request_id,
            scope["method"],
            PATH,
            scope["query_string"].decode(),
            answer.status,
            sent,
            begun,
            client[0] if client else None,
        )


def _address(client: tuple[str, int] | None) -> str:
    return f"address {client[0] if client else ''}"
