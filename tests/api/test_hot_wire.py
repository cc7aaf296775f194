"""What is answered before it is read: to the last byte what the slow way says to the same octets."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from typing import Any

import hot_ground
import pytest
import uvicorn
from fake_wire import Wire
from signed_in import bearer
from uvicorn.server import ServerState

from gisgov.cli.slow_clients import BoundedHeads
from gisgov.governance.access import Grant, Role
from gisgov.store.database import Database

NEAR = [f"lon=114.01{i:02d}456&lat=22.51{i:02d}456" for i in range(40)]


_OWN_ID = re.compile(rb'(x-request-id: |"request_id":\s*")[0-9a-f]{32}')


class Line:
    """The service as its server sees it: octets in, octets out."""

    def __init__(self, client: Any, database: Database) -> None:
        self.client, self.app, self.hot, self.database = client, client.app, client.app.hot, database
        self.everywhere = bearer(database, "hotline", Grant(Role.VIEWER))["Authorization"]
        self.at_sight = 0
        self._asked, self.hot.at_sight = self.hot.at_sight, self._counted
        self.warm()

    def _counted(self, *what: Any) -> bytes | None:
        whole: bytes | None = self._asked(*what)
        self.at_sight += whole is not None
        return whole

    def warm(self) -> None:
        """Ask until something is answered at sight."""
        before, end = self.at_sight, time.monotonic() + 20
        while self.at_sight == before:
            assert time.monotonic() < end, "nothing was ever answered at sight"
            self.exchange(self.get(), self.get())
            time.sleep(0.02)

    def get(self, number: int = 0, *more: str) -> bytes:
        """A request as most programs send it, with headers behind the usual ones."""
        own = [one.partition(":")[0] for one in more]
        usual = {"Host": "localhost", "Authorization": self.everywhere, "User-Agent": "x"}
        lines = [f"{name}: {value}" for name, value in usual.items() if name not in own]
        start = f"GET /v1/resolve?{NEAR[number]} HTTP/1.1"
        return "\r\n".join((start, *lines, *more, "", "")).encode()

    def exchange(self, *pieces: bytes) -> tuple[bytes, bool]:
        """Send pieces on one connection, each after the answer to the former.

        Return all answers, and whether the connection is over.
        """
        return asyncio.run(self._exchange(pieces))

    async def _exchange(self, pieces: tuple[bytes, ...]) -> tuple[bytes, bool]:
        connection, wire = self.connected()
        for piece in pieces:
            if wire.is_over:
                break
            connection.data_received(piece)
            await _settled(connection)
        connection.connection_lost(ConnectionResetError())
        return _OWN_ID.sub(rb"\1any", wire.sent), wire.is_over

    def connected(self) -> tuple[BoundedHeads, Wire]:
        """Open a connection."""
        config = uvicorn.Config(self.app, log_config=None, lifespan="off", ws="none")
        config.load()
        config.loaded_app = self.app  # as it is: what uvicorn wraps it in for others hides its methods
        connection, wire = BoundedHeads(config, ServerState(), {}), Wire()
        connection.connection_made(wire)
        return connection, wire

    def compare(self, *pieces: bytes) -> bytes:
        """Send the same several times, and once the slow way; return the answer."""
        fast = [self.exchange(*pieces) for _ in range(2)]
        self.app.hot = None
        try:
            slow = self.exchange(*pieces)
        finally:
            self.app.hot = self.hot
        assert fast == [slow, slow]
        return slow[0]


async def _settled(connection: BoundedHeads) -> None:
    end = time.monotonic() + 10
    await asyncio.sleep(0)
    while connection.pipeline or not (connection.cycle is None or connection.cycle.response_complete):
        assert time.monotonic() < end
        await asyncio.sleep(0.001)


@pytest.fixture(scope="module")
def line(open_client: Any, module_database_url: str) -> Iterator[Line]:
    database = Database(module_database_url)
    hot_ground.settle(database)
    with open_client(module_database_url, headers={}, requests_per_minute=100_000) as client:
        yield Line(client, database)
    database.dispose()


def test_requests_that_differ_in_their_query_are_answered_at_sight(line: Line) -> None:
    before = line.at_sight
    sent = line.compare(*(line.get(i) for i in range(12)))
    assert sent.count(b"HTTP/1.1 200 OK\r\n") == 12
    assert line.at_sight == before + 24, "those of the slow way are none"


def test_pieces_may_be_cut_and_joined_anyhow(line: Line) -> None:
    one = line.get(1)
    for at in (1, 4, 15, 16, 40, len(one) - 3, len(one) - 1):
        assert line.compare(one, one[:at], one[at:], one).count(b"HTTP/1.1 200") == 3
    two = line.get(2)
    assert line.compare(one + two, one, two + one + two).count(b"HTTP/1.1 200") == 6
    assert line.compare(one + two[:30], two[30:] + one, two).count(b"HTTP/1.1 200") == 4
    assert line.compare(b"\r\n", one, b"\r\n\r\n" + two, one).count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize(
    "more",
    [
        ("Accept-Encoding: gzip",),
        ("Accept: */*", "Connection: keep-alive", "Accept-Encoding: gzip, deflate"),
        ("Connection: close",),
        ("Connection: Upgrade", "Upgrade: websocket"),
        ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA"),
        ("If-None-Match: *",),
        ("X-Request-ID: one",),
        ("Expect: 100-continue",),
        ("Content-Length: 0",),
        ("Cookie: __Host-gisgov=x",),
        ("Host: evil.example",),
        ("Host: localhost:80",),
        ("Authorization: Bearer ggk_nobody_xxxxxxxxxxxxxxxxxxxx",),
        ("Authorization: Basic eDp5",),
        ("Accept: a", "Accept: b"),
        ("X-Folded: a\r\n b",),
        ("X-Lone: a\nX-Other: b",),
        ("X-Sneaky: a\n\nGET /readyz HTTP/1.1\r\nHost: localhost",),
        ("X-Long: " + "x" * 5000,),
        ("Bad Name: x",),
    ],
    ids=lambda more: more[0][:24],
)
def test_heads_that_are_unusual_are_answered_as_ever(line: Line, more: tuple[str, ...]) -> None:
    line.compare(line.get(3, *more), line.get(4, *more), line.get(5))
    line.compare(line.get(), line.get(6, *more), line.get(7))


def test_bodies_are_read_as_bodies(line: Line) -> None:
    body = line.get(9)
    framed = line.get(8, f"Content-Length: {len(body)}")
    assert line.compare(framed + body, framed, body, line.get(10)).count(b"HTTP/1.1 200") == 3
    chunked = line.get(8, "Transfer-Encoding: chunked")
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    assert line.compare(chunked + chunk, chunked, chunk, line.get(10)).count(b"HTTP/1.1 200") == 3


def test_lines_that_are_unusual_are_answered_as_ever(line: Line) -> None:
    plain = line.get(11)
    for before, after in (
        (b"HTTP/1.1", b"HTTP/1.0"),
        (b"GET", b"HEAD"),
        (b"GET", b"get"),
        (b"GET ", b"GET  "),
        (b"GET /", b"GET http://localhost/"),
        (b"/v1/", b"//v1/"),
        (b"/v1/resolve", b"/v1/resolv%65"),
        (b"lat=", b"l%61t="),
        (b" HTTP", b"#x HTTP"),
        (b" HTTP", b"&at=2026-01-02 HTTP"),
        (b" HTTP", b"&more=1 HTTP"),
        (b" HTTP", b"\x80 HTTP"),
        (b" HTTP", b" HTTP/1.1\r\nX: y HTTP"),
        (b"resolve?", b"resolve"),
        (b"resolve?", b"plans?"),
    ):
        line.compare(line.get(), plain.replace(before, after, 1), line.get())


def test_a_revoked_key_is_refused_at_sight_too(line: Line) -> None:
    shown = bearer(line.database, "leaving", Grant(Role.VIEWER))["Authorization"]
    request = line.get(12, f"Authorization: {shown}")
    before = line.at_sight
    line.exchange(request)
    line.exchange(request, request, request)
    assert line.at_sight > before
    key_id = shown.split("_")[1]
    assert line.client.delete(f"/v1/keys/{key_id}", headers=bearer(line.database)).status_code in (200, 204)
    assert line.exchange(request)[0].startswith(b"HTTP/1.1 401")


def test_each_answer_has_its_line_and_is_counted(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.warm()
    told: list[Any] = []
    counted: list[str] = []
    count = line.hot._requests.count
    monkeypatch.setattr(line.hot._lines, "add", lambda *of: told.append(of))
    monkeypatch.setattr(line.hot._requests, "count", lambda whose: counted.append(whose) or count(whose))
    sent, _ = line.exchange(*(line.get(i) for i in range(5)))
    bodies = [int(one) for one in re.findall(rb"content-length: (\d+)", sent)]
    assert [(of[1], of[2], of[3], of[4], of[5], of[7]) for of in told] == [
        ("GET", "/v1/resolve", NEAR[i], 200, bodies[i], "127.0.0.1") for i in range(5)
    ]
    assert len(counted) == 5
    assert len(set(counted)) == 1


def test_whoever_asks_too_often_is_told_so_by_the_slow_way(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line.hot._requests, "most", 0)
    assert b" 429 " in line.exchange(line.get())[0]


def test_an_error_at_sight_is_left_to_the_parser(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes, scheme: str) -> None:
        raise ValueError(scheme)

    monkeypatch.setattr(line.hot._heads, "find", broken)
    assert line.exchange(line.get())[0].startswith(b"HTTP/1.1 200")


def test_few_heads_are_remembered(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.hot_wire._MOST", 3)
    for number in range(9):
        line.exchange(line.get(0, f"X-Number: {number}"))
        assert len(line.hot._heads._known) <= 3 or number == 0


@pytest.mark.parametrize("end", ["eof_received", "shutdown"])
def test_what_is_answered_is_sent_though_the_connection_ends(line: Line, end: str) -> None:
    async def run() -> bytes:
        connection, wire = line.connected()
        connection.data_received(line.get())
        assert not wire.sent, "it waits for others that are answered in the same turn"
        getattr(connection, end)()
        wire.close()
        await asyncio.sleep(0)
        connection.connection_lost(None)
        return wire.sent

    line.warm()
    assert asyncio.run(run()).count(b"HTTP/1.1 200") == 1


def test_answers_keep_the_order_of_their_questions(line: Line) -> None:
    async def run() -> bytes:
        connection, wire = line.connected()
        for piece in (line.get(0), line.get(1), line.get(2) + line.get(3), line.get(4)):
            connection.data_received(piece)
        await asyncio.sleep(0)
        connection.connection_lost(ConnectionResetError())
        return wire.sent

    line.warm()
    told = re.findall(rb'"x":([0-9.]+),', asyncio.run(run()))
    assert told == [NEAR[i][4:15].rstrip("0").encode() for i in range(5)]


def test_a_connection_stays_open_as_long_after_an_answer_at_sight(line: Line) -> None:
    async def run() -> tuple[bool, bool]:
        connection, wire = line.connected()
        connection.timeout_keep_alive = 0.2  # type: ignore[assignment]
        for _ in range(12):
            connection.data_received(line.get())
            await asyncio.sleep(0.03)
        was_open = not wire.is_over
        await asyncio.sleep(0.4)
        return was_open, wire.is_over

    line.warm()
    assert asyncio.run(run()) == (True, True)
