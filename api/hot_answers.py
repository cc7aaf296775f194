"""Answers out of memory as HTTP has them: status, headers and body, for ASGI or for the wire."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from isal import isal_zlib

from api.caching import SMALLEST_COMPRESSED, matches
from api.compressing import takes_gzip
from api.request_id import request_id

Header = tuple[bytes, bytes]
_GZIP: Final = 31  # zlib's word for the form of gzip
_FAST: Final = 1
_JSON: Final = (b"content-type", b"application/json")
_KEEP: Final = (b"cache-control", b"no-cache")
_VARY: Final = (b"vary", b"Accept-Encoding")
_ENCODING: Final = (b"content-encoding", b"gzip")
_STATUS: Final = {200: b"HTTP/1.1 200 OK\r\n", 304: b"HTTP/1.1 304 Not Modified\r\n"}


class Always:
    """Headers that every answer has, in both forms."""

    def __init__(self, headers: list[Header]) -> None:
        self.headers = headers
        self.lines = lines_of(headers)


@dataclass(slots=True)
class HotAnswer:
    """An answer.

    Attributes
    ----------
    status : int
        200, or 304 for whoever has it already.
    body : bytes
        What is sent, compressed where that was asked.
    etag, request_id : str
        Its tag, and the id of the request.
    varies, is_compressed : bool
        Whether it depends on the encoding asked for; whether it is compressed.
    always : Always
        Its other headers.
    """

    status: int
    body: bytes
    etag: str
    request_id: str
    varies: bool
    is_compressed: bool
    always: Always

    def headers(self) -> list[Header]:
        """Return the headers for ASGI."""
        told = [] if self.status == 304 else [(b"content-length", b"%d" % len(self.body)), _JSON]
        told += [(b"etag", self.etag.encode()), _KEEP]
        if self.varies:
            told.append(_VARY)
        if self.is_compressed:
            told.append(_ENCODING)
        return [*told, *self.always.headers, (b"x-request-id", self.request_id.encode())]

    def whole(self, first: Iterable[Header]) -> bytes:
        """Return all that is sent, with headers of the server before ours."""
        lines = first_lines(first)
        if self.status == 200 and not self.varies:  # as nearly all are
            return _plain(lines, self.body, self.etag, self.always.lines, self.request_id)
        return b"".join((_STATUS[self.status], lines, lines_of(self.headers()), b"\r\n", self.body))


class _FirstLines:
    """The headers of the server as they are sent: it has others once a second."""

    def __init__(self) -> None:
        self._known: tuple[Iterable[Header], bytes] = ((), b"")

    def lines(self, headers: Iterable[Header]) -> bytes:
        known, lines = self._known
        if known is not headers:
            lines = lines_of(headers)
            self._known = headers, lines
        return lines


def first_lines(headers: Iterable[Header]) -> bytes:
    """Return headers of the server as they are sent."""
    return _first.lines(headers)


def lines_of(headers: Iterable[Header]) -> bytes:
    """Return headers as they are sent."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


_first: Final = _FirstLines()


def is_plain(text: bytes) -> bool:
    """Whether an answer is sent as it is, whatever encodings are taken."""
    return len(text) < SMALLEST_COMPRESSED


def plain(text: bytes, always: Always, own_id: str, first: Iterable[Header]) -> bytes:
    """Return all that is sent of an answer that `is_plain`, to whoever did not have it; as `written` does it.

    Parameters
    ----------
    text : bytes
        Its JSON.
    always : Always
        Headers that every answer has.
    own_id : str
        The id of the request.
    first : iterable of tuple
        Headers of the server.
    """
    return _plain(first_lines(first), text, _tag(text), always.lines, own_id)


def _plain(first: bytes, text: bytes, etag: str, always: bytes, own_id: str) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\n%bcontent-length: %d\r\ncontent-type: application/json\r\netag: %b\r\n"
        b"cache-control: no-cache\r\n%bx-request-id: %b\r\n\r\n%b"
        % (first, len(text), etag.encode(), always, own_id.encode(), text)
    )


def _tag(text: bytes) -> str:
    return f'W/"{hashlib.sha256(text).hexdigest()[:32]}"'


def written(text: bytes, asked: Mapping[bytes, bytes], always: Always) -> HotAnswer:
    """Return an answer with its headers.

    Parameters
    ----------
    text : bytes
        Its JSON.
    asked : mapping of bytes to bytes
        The headers of the request.
    always : Always
        Headers that every answer has.
    """
    etag = _tag(text)
    own_id = request_id(asked.get(b"x-request-id", b"").decode("latin-1"))
    if b"if-none-match" in asked and matches(asked[b"if-none-match"].decode("latin-1"), etag):
        return HotAnswer(304, b"", etag, own_id, True, False, always)
    varies = len(text) >= SMALLEST_COMPRESSED
    if varies and takes_gzip(asked.get(b"accept-encoding", b"").decode("latin-1")):
        packed = isal_zlib.compress(text, _FAST, _GZIP)
        return HotAnswer(200, packed, etag, own_id, True, True, always)
    return HotAnswer(200, text, etag, own_id, varies, False, always)
