"""Tiles that are drawn while the database is asked: to the last byte what the longer ways say."""

from __future__ import annotations

import asyncio
import gzip
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from fake_wire import Wire
from signed_in import bearer
from tile_district import address, changing, features, settle, tile_at
from uvicorn.server import ServerState

from gisgov.cli.slow_clients import BoundedHeads
from gisgov.errors import DatabaseUnavailable
from gisgov.governance.access import Grant, Role
from gisgov.services.accounts import revoke_key
from gisgov.services.tiles import LiveTiles
from gisgov.store.database import Database

_OWN_ID = re.compile(rb'(x-request-id: |"request_id":\s*")[0-9a-f]{32}')
NEAR, FAR = tile_at(114.025, 22.505, 18), tile_at(0.0, 50.0, 16)


class Line:
    """The service as its server sees it, in its own loop: octets in, octets out."""

    def __init__(self, client: Any, database: Database) -> None:
        self.client, self.app, self.database = client, client.app, database
        self.everywhere = bearer(database, "maps", Grant(Role.MANAGER))["Authorization"]
        self.soon = 0
        self._soon, self.app.hot_tiles.soon = self.app.hot_tiles.soon, self._counted

    def _counted(self, *what: Any) -> Any:
        found = self._soon(*what)
        self.soon += found is not None
        return found

    def get(self, path: str, *more: str, key: str = "") -> bytes:
        lines = (f"GET {path} HTTP/1.1", "Host: localhost", f"Authorization: {key or self.everywhere}")
        return "\r\n".join((*lines, *more, "", "")).encode()

    def exchange(self, *pieces: bytes, settle_each: bool = True) -> bytes:
        """Send pieces on one connection, and return all answers."""
        return self.client.portal.call(self._exchange, pieces, settle_each)

    def exchanges(self, *connections: tuple[bytes, ...]) -> list[bytes]:
        """Send pieces on connections of their own at the same time, and return all answers of each."""
        return self.client.portal.call(self._exchanges, connections)

    async def _exchanges(self, connections: tuple[tuple[bytes, ...], ...]) -> list[bytes]:
        return await asyncio.gather(*(self._exchange(pieces, True) for pieces in connections))

    async def _exchange(self, pieces: tuple[bytes, ...], settle_each: bool) -> bytes:
        config = uvicorn.Config(self.app, log_config=None, lifespan="off", ws="none")
        config.load()
        config.loaded_app = self.app
        connection, wire = BoundedHeads(config, ServerState(), {}), Wire()
        connection.connection_made(wire)
        for piece in pieces:
            connection.data_received(piece)
            if settle_each:
                await _settled(connection)
        connection.connection_lost(ConnectionResetError())
        await asyncio.sleep(0.05)
        return _OWN_ID.sub(rb"\1any", wire.sent)

    def one(self, path: str, *more: str, key: str = "") -> tuple[int, dict[str, str], bytes]:
        """Ask for one thing; return status, headers and body."""
        return _read(self.exchange(self.get(path, *more, key=key)))


async def _settled(connection: BoundedHeads) -> None:
    end = time.monotonic() + 30
    await asyncio.sleep(0)
    while connection.pipeline or not (connection.cycle is None or connection.cycle.response_complete):
        assert time.monotonic() < end
        await asyncio.sleep(0.001)


def _read(sent: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = sent.partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    return int(start.split()[1]), dict(sorted(line.split(": ", 1) for line in lines)), body


@pytest.fixture(scope="module")
def line(open_client: Any, module_database_url: str) -> Iterator[Line]:
    database = Database(module_database_url)
    settle(database)
    with open_client(module_database_url, headers={}, requests_per_minute=100_000) as client:
        yield Line(client, database)
    database.dispose()


@pytest.mark.parametrize("layer", ["buildings", "events", "blocks", "grid"])
@pytest.mark.parametrize("more", [(), ("Accept-Encoding: gzip",), ("Accept: a", "X-Request-ID: mine")])
def test_every_way_says_the_same(
    line: Line, monkeypatch: pytest.MonkeyPatch, layer: str, more: tuple[str, ...]
) -> None:
    _, headers, _ = line.one(address(layer))
    version = headers["etag"].removeprefix('W/"').rstrip('"')
    asked = [
        line.get(path, *more, *has)
        for path in (
            address(layer),
            address(layer, NEAR),
            address(layer, FAR),
            f"{address(layer)}?v={version}",
        )
        for has in ((), (f"If-None-Match: {headers['etag']}",))
    ]
    before = line.soon
    soon = line.exchanges(*((one, one) for one in asked))
    assert line.soon == before + 2 * len(asked)
    with monkeypatch.context() as patch:
        patch.setattr(line.app.hot_tiles, "soon", lambda *_: None)
        assert line.exchanges(*((one, one) for one in asked)) == soon
    with monkeypatch.context() as patch:
        patch.setattr(line.app, "hot_tiles", None)
        longest = line.exchanges(*((one,) for one in asked))
        assert [_read(one) for one in longest] == [_read(one[: len(one) // 2]) for one in soon]
    assert {_read(one)[0] for one in soon} == {200, 204, 304}


def test_no_tile_is_older_than_the_question(line: Line) -> None:
    change = changing(line.database)
    for path in (address("buildings"), address("buildings", NEAR)):
        line.one(path)
        for floors in (61, 62, 63):
            before = line.soon
            change("UPDATE building SET floors = :f", f=floors)
            _, _, body = line.one(path, "Accept-Encoding: gzip")
            assert {each["floors"] for each in features(gzip.decompress(body)).values()} == {floors}
            assert line.soon == before + 1, "it was begun, and given up"


def test_what_was_drawn_for_nothing_is_not_counted(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.one(address("buildings"))
    counted: list[int] = []
    requests = line.app.hot_tiles._requests
    count, take_back = requests.count, requests.take_back
    monkeypatch.setattr(requests, "count", lambda whose: counted.append(1) or count(whose))
    monkeypatch.setattr(requests, "take_back", lambda whose: counted.append(-1) or take_back(whose))
    changing(line.database)("UPDATE building SET floors = 5")
    line.one(address("buildings"))
    line.one(address("buildings", (3, 9, 1)))
    line.one(address("events", NEAR))
    assert sum(counted) == 3


def test_requests_on_one_connection_are_answered_in_turn(line: Line) -> None:
    paths = [address("buildings"), address("buildings", NEAR), address("grid"), address("events", NEAR)]
    apart = b"".join(line.exchange(line.get(path)) for path in paths)
    assert line.exchange(*(line.get(path) for path in paths)) == apart
    assert line.exchange(b"".join(line.get(path) for path in paths)) == apart


def test_who_is_gone_is_sent_nothing(line: Line) -> None:
    before = line.soon
    line.one(address("buildings"))
    assert line.exchange(line.get(address("buildings")), settle_each=False) == b""
    assert line.exchange(line.get(address("buildings", NEAR)), settle_each=False) == b""
    assert line.soon == before + 3
    assert line.one(address("buildings"))[0] == 200


def test_a_territory_is_kept_and_a_key_ends_at_once(line: Line) -> None:
    own = bearer(line.database, "viewer-of-s", Grant(Role.VIEWER, "street", "S"))["Authorization"]
    for _ in range(2):
        _, headers, body = line.one(address("buildings"), key=own)
        assert len(features(body)) == 2
    before = line.soon
    assert line.one(address("buildings"), f"If-None-Match: {headers['etag']}", key=own)[0] == 304
    assert line.one(address("blocks"), key=own)[0] == 403
    assert line.soon == before + 1, "what they may not see is not begun"
    revoke_key(line.database, own.split("_")[1])
    assert line.one(address("buildings"), key=own)[0] == 401


def test_a_tile_that_cannot_be_drawn_is_told_of_by_the_long_way(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.one(address("buildings"))
    tiles: LiveTiles = line.app.state.tiles

    def broken(*_: Any) -> bytes:
        raise ValueError("no")

    from gisgov.services.tiles import views

    changing(line.database)("UPDATE building SET floors = 6")
    line.one(address("grid"))  # the state is seen, and no tile of buildings was drawn in it
    line.one(address("buildings", (2, 0, 0)))
    assert tiles.seen is not None
    monkeypatch.setattr(views, "packed", broken)
    for place in (tile_at(114.005, 22.505, 19), tile_at(114.005, 22.505, 11)):
        before = line.soon
        assert line.one(address("buildings", place))[0] == 500
        assert line.soon == before + 1


def test_what_cannot_be_begun_is_answered_in_the_long_way(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = line.one(address("buildings"))

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("cannot schedule new futures after shutdown")

    monkeypatch.setattr(line.app.state.tiles, "ahead", broken)
    count = line.soon
    assert line.one(address("buildings"))[::2] == before[::2]
    assert line.soon == count


@pytest.mark.parametrize("falls", ["once", "for long"])
def test_nothing_drawn_is_given_away_while_the_database_says_nothing(
    line: Line, monkeypatch: pytest.MonkeyPatch, falls: str
) -> None:
    paths = [address("buildings"), address("buildings", NEAR), address("buildings", tile_at(114.0, 22.5, 17))]
    before = [line.one(path)[::2] for path in paths]
    asker: Any = line.app.state.tiles._views.certainty._asker
    ask, counted, asked = asker.ask, [0], [0]

    async def away(seen: Any) -> Any:
        asked[0] += 1
        if falls == "once" and asked[0] % 2 == 0:
            return await ask(seen)
        raise DatabaseUnavailable("It does not answer.")

    requests = line.app.hot_tiles._requests
    count, take_back = requests.count, requests.take_back
    with monkeypatch.context() as patch:
        patch.setattr(requests, "count", lambda whose: counted.append(1) or count(whose))
        patch.setattr(requests, "take_back", lambda whose: counted.append(-1) or take_back(whose))
        patch.setattr(asker, "ask", away)
        begun = line.soon
        told = [line.one(path)[::2] for path in paths]
        assert line.soon == begun + len(paths)
    if falls == "once":
        assert told == before
    else:
        assert [status for status, _ in told] == [503] * len(paths)
    assert sum(counted) == len(paths)


def test_who_asks_too_often_is_told_so(open_client: Any, database: Database, database_url: str) -> None:
    settle(database)
    with open_client(database_url, headers={}, requests_per_minute=6) as client:
        other = Line(client, database)
        statuses = [other.one(address("buildings"))[0] for _ in range(8)]
        assert statuses == [200] * 6 + [429] * 2
        assert other.soon >= 4
