"""Requests for tiles as maps write them, and what their answers begin with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from starlette.types import Scope

from api.hot_answers import Always, Header
from api.known_hosts import KnownHosts
from api.tile_answers import MEDIA_TYPE, headers_of, is_open
from gisgov.config import Settings
from gisgov.governance.access import Actor
from gisgov.secrecy import redacted
from gisgov.services.tiles import TileAnswer, TileName, tile_name

_PATH: Final = re.compile(r"/v1/tiles/([\w.:-]{1,80})/([0-9]{1,2})/([0-9]{1,7})/([0-9]{1,7})\.mvt")
_QUERY: Final = re.compile(rb"(?:v=([0-9a-f-]{1,100}))?")
_MEDIA_TYPE: Final = MEDIA_TYPE.encode()


@dataclass(frozen=True, slots=True)
class TileRequest:
    """What a request asks for.

    Attributes
    ----------
    name : TileName
        What of.
    place : tuple of int
        Zoom, column, row; whether there is such a tile is not known.
    version : str or None
        The version that its address names.
    headers : dict of bytes to bytes
        Its headers, of which none was given twice.
    always : Always
        Headers that every answer to it has.
    """

    name: TileName
    place: tuple[int, int, int]
    version: str | None
    headers: dict[bytes, bytes]
    always: Always


class TileRequests:
    """Reads requests for tiles.

    Parameters
    ----------
    settings : Settings
        Under which names the service answers, and to whom areas are shown.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hosts = KnownHosts(settings, Always)

    def is_one(self, scope: Scope) -> bool:
        """Whether a request has the address of a tile."""
        return _PATH.fullmatch(scope["path"]) is not None

    def read(self, scope: Scope) -> TileRequest | None:
        """Return what a request asks for; None where it is none for a tile, or unusual."""
        path = _PATH.fullmatch(scope["path"])
        query = _QUERY.fullmatch(scope["query_string"])
        if path is None or query is None or not _is_plain(path[1]):
            return None
        headers = dict(scope["headers"])
        always = self._hosts.find(scope, headers.get(b"host"))
        if always is None or len(headers) != len(scope["headers"]):
            return None
        place = int(path[2]), int(path[3]), int(path[4])
        version = None if query[1] is None else query[1].decode()
        return TileRequest(tile_name(path[1]), place, version, headers, always)

    def head(self, asked: TileRequest, answer: TileAnswer) -> tuple[int, list[Header]]:
        """Return status and headers of an answer, but for those that every answer has."""
        is_open_ = is_open(asked.name, self._settings)
        headers = [*_told(answer.version, answer.is_gzip, asked.version, is_open_)]
        if answer.data:
            headers.append((b"content-length", b"%d" % len(answer.data)))
            headers.append((b"content-type", _MEDIA_TYPE))
        return 304 if answer.data is None else 200 if answer.data else 204, headers


def counted_as(actor: Actor, scope: Scope) -> str:
    """Return under which name a request is counted."""
    if actor.account_id is not None:
        return f"account {actor.account_id}"
    return f"address {scope['client'][0] if scope.get('client') else ''}"


@lru_cache(maxsize=1000)
def _told(version: str, is_gzip: bool, asked: str | None, is_open_: bool) -> tuple[Header, ...]:
    """Return the headers of a tile by its version, as `headers_of` has them."""
    told = headers_of(TileAnswer(version, b"", is_gzip), asked, is_open=is_open_)
    return tuple((name.lower().encode(), value.encode()) for name, value in told.items())


@lru_cache(maxsize=1000)
def _is_plain(name: str) -> bool:
    """Whether a name may stand in a log line as it is."""
    return name.isprintable() and redacted(name) == name
