"""Requests for ``GET /v1/resolve`` answered as they lie on the wire, before any parser has read them.

Programs that ask for one coordinate after another send the same head each time, but for the query. Such a
head is read once, by uvicorn's parser; the same octets after another query mean the same. What is remembered
of them is what the parser said, under their digest: they hold keys, which are not to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from api.hot_answers import Always

_START: Final = b"GET /v1/resolve?"
_VERSION: Final = b" HTTP/1.1\r\n"
_END: Final = b"\r\n\r\n"
_LONGEST: Final = 4096
_MOST: Final = 10_000

# what says where a message ends, or that it is no usual one; and what a program sends anew each time
_UNUSUAL: Final = frozenset(
    b"content-length transfer-encoding expect upgrade te trailer cookie if-none-match x-request-id".split()
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a request says, but for its query.

    Attributes
    ----------
    shown : bytes or None
        The digest of what it shows in ``Authorization``, as `api.known_keys.KnownKeys` makes it.
    encodings : mapping of bytes to bytes
        Its ``Accept-Encoding`` alone.
    always : Always
        Headers that every answer to it has.
    scheme : str
        By which it came.
    """

    shown: bytes | None
    encodings: Mapping[bytes, bytes]
    always: Always
    scheme: str


class KnownHeads:
    """Heads that were read before.

    Parameters
    ----------
    digest : callable
        Under what octets are remembered.
    """

    def __init__(self, digest: Callable[[bytes], bytes]) -> None:
        self._digest = digest
        self._known: dict[bytes, Head] = {}

    def find(self, data: bytes, scheme: str) -> tuple[bytes, Head] | None:
        """Return query and head where the octets are one whole request with a head that is known.

        Anything else is None: also what is no request, several, a part of one, or one with a body.
        """
        if not data.startswith(_START) or len(data) > _LONGEST:
            return None
        end = data.find(_VERSION)
        if end < 0:
            return None
        head = self._known.get(self._digest(data[end:]))
        if head is None or head.scheme != scheme:
            return None
        return data[len(_START) : end], head

    def learn(self, data: bytes, scope: Scope, always: Always) -> None:
        """Remember what the parser read in octets that were answered at once, if it is all there is in them.

        Parameters
        ----------
        data : bytes
            All that the parser was given since it waited for a request.
        scope : dict
            The request that it read.
        always : Always
            Headers that every answer to this one has.
        """
        headers = dict(scope["headers"])
        query = scope["query_string"]
        begin = len(_START) + len(query)
        is_usual = headers.get(b"connection", b"keep-alive").lower() == b"keep-alive"
        if not (is_usual and headers.keys().isdisjoint(_UNUSUAL) and len(data) <= _LONGEST):
            return
        # line by line what was read, and nothing behind it: no line folded or ended in another way, no body
        lines = data[begin:].count(b"\n") == len(scope["headers"]) + 2 == data[begin:].count(b"\r\n")
        if not (lines and data.endswith(_END) and data.startswith(_START + query + _VERSION)):
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        shown = headers.get(b"authorization")
        encodings = {name: headers[name] for name in (b"accept-encoding",) if name in headers}
        self._known[self._digest(data[begin:])] = Head(
            None if shown is None else self._digest(shown), encodings, always, scope["scheme"]
        )
