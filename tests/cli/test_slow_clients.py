"""Heads of requests: bounded in size and in time, however they are cut and whatever stands around them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from fake_wire import Wire
from uvicorn.server import ServerState

from gisgov.cli.slow_clients import MOST_HEAD_BYTES, BoundedHeads

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LONG = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Answer every request."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def sent() -> Callable[..., Wire]:
    """Send pieces one after the other, then wait for some seconds."""

    async def run(pieces: tuple[bytes, ...], seconds: float) -> Wire:
        config = uvicorn.Config(hello, log_config=None, lifespan="off")
        connection, wire = BoundedHeads(config, ServerState(), {}), Wire()
        connection.head_s = 0.03
        connection.connection_made(wire)
        for piece in pieces:
            if not wire.is_over:
                connection.data_received(piece)
                await asyncio.sleep(0)
        await asyncio.sleep(seconds)
        connection.connection_lost(ConnectionResetError())
        return wire

    return lambda *pieces, seconds=0.01: asyncio.run(run(pieces, seconds))


def test_many_small_heads_in_one_piece_are_not_one_large_one(sent: Callable[..., Wire]) -> None:
    count = MOST_HEAD_BYTES // len(GET) + 10
    assert sent(GET * count, seconds=0.5).sent.count(b"HTTP/1.1 200") == count
    body = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\n" + b"x" * 50_000
    assert sent(body + GET, seconds=0.2).sent.count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize("step", [1_000_000, 9_000, 30_000])
def test_a_head_that_is_too_long_is_refused_however_it_is_cut(sent: Callable[..., Wire], step: int) -> None:
    right, wrong = LONG % (b"x" * (MOST_HEAD_BYTES - 100)), LONG % (b"x" * MOST_HEAD_BYTES)
    for head, status in ((right, b"HTTP/1.1 200"), (wrong, b"HTTP/1.1 400")):
        wire = sent(*(head[at : at + step] for at in range(0, len(head), step)))
        assert wire.sent.startswith(status)
        assert wire.is_over is (status == b"HTTP/1.1 400")


@pytest.mark.parametrize("pieces", [(), (GET[:20],), (b"\r\n", b"\r\n"), (GET, b"\r\n"), (GET, GET[:20])])
def test_a_head_that_does_not_come_closes_the_connection(
    sent: Callable[..., Wire], pieces: tuple[bytes, ...]
) -> None:
    assert sent(*pieces, seconds=0.12).is_over


@pytest.mark.parametrize("pieces", [(GET,), (GET[:20], GET[20:]), (GET, GET[:9], GET[9:])])
def test_one_that_came_is_waited_for_no_more(sent: Callable[..., Wire], pieces: tuple[bytes, ...]) -> None:
    wire = sent(*pieces, seconds=0.12)
    assert wire.sent.startswith(b"HTTP/1.1 200")
    assert not wire.is_over
