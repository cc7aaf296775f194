"""The basemap: fetched by the service, so that neither its address nor its key reaches a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
import structlog
from tile_servers import TileServer, png, tile_server

from gisgov.basemaps import Basemap
from gisgov.errors import UnavailableError
from gisgov.services.basemap_tiles import BasemapTile, BasemapTiles

Open = Callable[..., AbstractContextManager[Any]]
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
KEY = "MARK-key-of-the-basemap"
TILE = "/v1/basemap/3/6/2"


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server() as told:
        yield told


@pytest.fixture
def client(open_client: Open, server: TileServer) -> Iterator[Any]:
    address = f"{server.base}/vec?TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
    with open_client(
        NOWHERE,
        basemap_url=f"{address} {address.replace('vec', 'cva')}",
        basemap_key=KEY,
        basemap_matrix="c",
        basemap_attribution="审图号 GS(2026)0001号",
        log_level="debug",
    ) as opened:
        yield opened


def test_a_page_is_told_where_the_basemap_is_here(client: Any) -> None:
    answer = client.get("/v1/service")
    assert answer.json()["basemap"] == {
        "urls": ["/v1/basemap/{z}/{x}/{y}?sheet=0", "/v1/basemap/{z}/{x}/{y}?sheet=1"],
        "attribution": "审图号 GS(2026)0001号",
        "matrix": "c",
    }


def test_a_tile_is_fetched_once_with_the_key_that_nobody_sees(client: Any, server: TileServer) -> None:
    first = client.get(TILE)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "image/png")
    assert first.content == server.body
    assert first.headers["Cache-Control"] == "private, max-age=86400"
    assert client.get(TILE).content == server.body
    assert client.get(f"{TILE}?sheet=1").status_code == 200
    assert server.asked == [f"/{sheet}?TILEMATRIX=3&TILEROW=2&TILECOL=6&tk={KEY}" for sheet in ("vec", "cva")]
    assert KEY not in str(first.headers)


def test_what_is_not_on_the_matrix_is_not_asked_for(client: Any, server: TileServer) -> None:
    for place in ("3/8/2", "3/6/4", "0/1/0", "3/6/2?sheet=2"):
        assert client.get(f"/v1/basemap/{place}").status_code == 404, place
    assert server.asked == []


def test_what_shows_nothing_is_empty(client: Any, server: TileServer) -> None:
    server.status = 404
    assert client.get(TILE).status_code == 204


BAD = {
    "answered with the status 403": (403, "application/json", b"no such key"),
    "answered with the status 302": (302, "text/html", b""),
    "sent something that is no image": (200, "image/png", b"<html><script>alert(1)</script>"),
    "sent a tile of more than 2 MB": (200, "image/png", png(1, 2, 3) + bytes(2_100_000)),
}


def test_what_is_no_image_is_not_passed_on(client: Any, server: TileServer) -> None:
    server.location = "/elsewhere"
    for says, (server.status, server.media_type, server.body) in BAD.items():
        answer = client.get(TILE)
        assert answer.status_code == 503, says
        assert says in answer.json()["detail"]
        assert KEY not in answer.text
        assert server.base not in answer.text
    assert "/elsewhere" not in server.asked
    server.status, server.media_type, server.body = (
        200,
        "image/svg+xml",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    )
    assert client.get(TILE).status_code == 503, "a picture that may hold a script"
    server.media_type, server.body = "image/png", png(1, 2, 3)
    assert client.get(TILE).status_code == 200, "what failed is not kept"


def test_a_server_that_is_away_is_left_alone_for_a_while(
    open_client: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        open_client(
            NOWHERE,
            basemap_url=f"http://127.0.0.1:1/{{z}}/{{x}}/{{y}}?tk={KEY}",
            log_level="debug",
        ) as client,
        structlog.testing.capture_logs() as lines,
    ):
        first, again = client.get(TILE), client.get("/v1/basemap/3/6/3")
    assert (first.status_code, again.status_code) == (503, 503)
    assert "cannot be reached (ConnectError)" in first.json()["detail"]
    assert "a moment ago" in again.json()["detail"]
    told = first.text + again.text + str(lines) + "".join(capsys.readouterr())
    assert KEY not in told
    assert "127.0.0.1:1/" not in told


def test_one_slow_tile_silences_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[type[httpx.HTTPError]] = []

    async def fetch(self: BasemapTiles, address: str) -> BasemapTile:
        raise faults.pop()(address)

    async def ask(tiles: BasemapTiles, *expected: type[httpx.HTTPError]) -> list[str]:
        faults[:] = reversed(expected)
        told = []
        for column in range(len(expected)):
            with pytest.raises(UnavailableError) as refused:
                await tiles.tile(0, 3, column, 0)
            told.append(refused.value.message)
        return [text for text in told if "a moment ago" in text]

    monkeypatch.setattr(BasemapTiles, "_fetch", fetch)
    basemap = Basemap(("https://tiles.example/{z}/{x}/{y}",))
    slow, away, full = httpx.ReadTimeout, httpx.ConnectError, httpx.PoolTimeout
    assert asyncio.run(ask(BasemapTiles(basemap), slow, slow)) == []
    assert asyncio.run(ask(BasemapTiles(basemap), full, full, full, full)) == []
    assert len(asyncio.run(ask(BasemapTiles(basemap), slow, slow, slow, slow))) == 1
    assert len(asyncio.run(ask(BasemapTiles(basemap), away, slow))) == 1


def test_by_default_there_is_none(open_client: Open) -> None:
    with open_client(NOWHERE) as client:
        assert client.get("/v1/service").json()["basemap"] is None
        assert client.get(TILE).status_code == 404


def test_it_is_for_those_who_may_see_the_areas(open_client: Open, server: TileServer) -> None:
    with open_client(NOWHERE, basemap_url=f"{server.base}/{{z}}/{{x}}/{{y}}", headers={}) as client:
        assert client.get(TILE).status_code == 401
    assert server.asked == []
