"""Tiles of a basemap, fetched for whoever asks: its address and its key stay here."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import httpx

from gisgov.basemaps import Basemap
from gisgov.errors import UnavailableError

_TIMEOUT: Final = httpx.Timeout(10.0, connect=4.0)
_LIMITS: Final = httpx.Limits(max_connections=16, max_keepalive_connections=16)
_MOST_BYTES: Final = 2_000_000
_KEPT_S: Final = 86_400.0
_KEPT_BYTES: Final = 64_000_000
_KEPT_TILES: Final = 20_000
_FAILURES: Final = 3
"""So many in a row, and the server is taken to be away."""
_PAUSE_S: Final = 20.0
"""How long nothing is asked of a server that could not be reached: maps go on without it meanwhile."""

_SIGNATURES: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
)


@dataclass(frozen=True, slots=True)
class BasemapTile:
    """An image; empty where the basemap has nothing to show."""

    data: bytes
    media_type: str


@dataclass(slots=True)
class BasemapTiles:
    """The tiles of a basemap: those of the last day are kept in memory, as far as there is room.

    Attributes
    ----------
    basemap : Basemap
        Where they are.
    clock : callable
        Seconds that only grow.
    """

    basemap: Basemap
    clock: Callable[[], float] = time.monotonic
    _client: httpx.AsyncClient | None = None
    _kept: OrderedDict[tuple[int, int, int, int], tuple[float, BasemapTile]] = field(
        default_factory=OrderedDict
    )
    _bytes: int = 0
    _silent_until: float = float("-inf")
    _failures: int = 0

    async def tile(self, sheet: int, z: int, x: int, y: int) -> BasemapTile:
        """Return a tile of a sheet.

        Raises
        ------
        NotFoundError
            There is no such sheet or tile.
        UnavailableError
            The server of the basemap does not answer, or with something that is no image. The text names
            neither its address nor its key.
        """
        address = self.basemap.address(sheet, z, x, y)
        place = (sheet, z, x, y)
        since, tile = self._kept.get(place, (float("-inf"), None))
        if tile is not None and self.clock() - since < _KEPT_S:
            self._kept.move_to_end(place)
            return tile
        if self.clock() < self._silent_until:
            raise _unavailable("could not be reached a moment ago")
        try:
            tile = await self._fetch(address)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._count_failure(error)
            # the chain would show the address
            raise _unavailable(f"cannot be reached ({type(error).__name__})") from None
        self._failures = 0
        self._keep(place, tile)
        return tile

    def _count_failure(self, error: Exception) -> None:
        """Leave a server alone that is away; one slow tile, or many asked at once, is no sign of that."""
        if isinstance(error, httpx.PoolTimeout):
            return
        self._failures += 1
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) or self._failures >= _FAILURES:
            self._silent_until = self.clock() + _PAUSE_S

    async def _fetch(self, address: str) -> BasemapTile:
        if self._client is None:
            # it leads to no other server: what is set is what is asked
            self._client = httpx.AsyncClient(timeout=_TIMEOUT, limits=_LIMITS, follow_redirects=False)
        data = bytearray()
        async with self._client.stream("GET", address, headers={"User-Agent": "gisgov"}) as response:
            if response.status_code in (204, 404):
                return BasemapTile(b"", "")
            if response.status_code != httpx.codes.OK:
                raise _unavailable(f"answered with the status {response.status_code}")
            async for piece in response.aiter_bytes():
                data += piece
                if len(data) > _MOST_BYTES:
                    raise _unavailable(f"sent a tile of more than {_MOST_BYTES // 1_000_000} MB")
        # what it is, not what it is called: a browser shows nothing else under the name of this service
        found = next((kind for signature, kind in _SIGNATURES if signature.match(data)), None)
        if found is None:
            raise _unavailable("sent something that is no image")
        return BasemapTile(bytes(data), found)

    def _keep(self, place: tuple[int, int, int, int], tile: BasemapTile) -> None:
        _, before = self._kept.pop(place, (0.0, BasemapTile(b"", "")))
        self._kept[place] = (self.clock(), tile)
        self._bytes += len(tile.data) - len(before.data)
        while self._bytes > _KEPT_BYTES or len(self._kept) > _KEPT_TILES:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._bytes -= len(oldest.data)

    async def close(self) -> None:
        """Let go of the server of the basemap."""
        if self._client is not None:
            await self._client.aclose()


def _unavailable(what: str) -> UnavailableError:
    return UnavailableError(
        f"The server of the basemap {what}.",
        hint="Maps go on without it; whoever runs the service looks at GISGOV_BASEMAP_URL.",
    )
