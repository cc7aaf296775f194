"""The conversation of a batch without a connection: who is slow, silent or gone, and what waits meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from api.batches.answer import answer
from api.batches.batch import Batch, reader_of, writer_of
from api.batches.heading import Heading
from api.batches.media import Media
from api.batches.outbox import Outbox
from api.problems import Refusal
from gisgov.geometry.cell_index import build_cell_index
from gisgov.geometry.systems import WGS84
from gisgov.services.assigning import Assigner
from gisgov.testing import areas_from_grid

LINE = b"[0.5,0.5]\n"
GOOD = {"code": "A", "status": "owned"}


def batch_of(most: int = 100, media: Media = Media.NDJSON, *, details: bool = False) -> Batch:
    codes, areas = areas_from_grid("AB", cell_m=1)
    index = build_cell_index(areas, list(codes))
    layer: Any = SimpleNamespace(
        index=index, codes=list(codes), names=list(codes), layer=SimpleNamespace(name="grid")
    )
    heading = Heading("grid", "EPSG:4326", "2026-03-01", details, layer.codes, layer.names)
    assigner = Assigner(date(2026, 3, 1), layer, WGS84)
    reader, writer = reader_of(Media.NDJSON, "utf-8"), writer_of(media, heading)
    return Batch(assigner, reader, writer, most_points=most, details=details)


class Peer:
    """A client: gives pieces of a body when they are put, and holds what it was sent."""

    def __init__(self, *pieces: bytes | None) -> None:
        self.coming: asyncio.Queue[bytes | str | None] = asyncio.Queue()
        self.sent: list[dict[str, Any]] = []
        self.takes = asyncio.Event()
        self.takes.set()
        for piece in pieces:
            self.coming.put_nowait(piece)

    async def receive(self) -> dict[str, Any]:
        piece = await self.coming.get()
        if piece == "gone":
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(self, message: dict[str, Any]) -> None:
        await self.takes.wait()
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)

    @property
    def is_whole(self) -> bool:
        last = self.sent[-1]
        return last["type"] == "http.response.body" and not last.get("more_body", False)

    async def talk(self, batch: Batch) -> Any:
        response = await answer(batch, self.receive, headers={"Gisgov-At": "x"}, media_type="text/plain")
        await response({"type": "http", "method": "POST"}, self.receive, self.send)  # type: ignore[arg-type]
        return response


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(30):
            await work()

    asyncio.run(bounded())


def test_a_whole_answer_ends_as_one() -> None:
    async def work() -> None:
        peer = Peer(LINE + LINE, None)
        await peer.talk(batch_of())
        assert [json.loads(line)["row"] for line in peer.body.splitlines()] == [0, 1]
        assert peer.is_whole
        last = Peer(None)
        response = await last.talk(batch_of(media=Media.JSON))
        assert int(response.headers["Content-Length"]) == len(last.body), "it was all there at once"

    run(work)


@pytest.mark.parametrize("media", list(Media))
def test_a_stopped_answer_never_ends_as_a_whole_one(media: Media) -> None:
    async def work() -> None:
        peer = Peer(LINE)
        talking = asyncio.create_task(peer.talk(batch_of(most=3, media=media, details=media is Media.CSV)))
        while not peer.sent:
            await asyncio.sleep(0.01)
        for piece in (LINE * 5, LINE, None):
            peer.coming.put_nowait(piece)
        await talking
        assert not peer.is_whole
        if media is Media.NDJSON:
            *rows, last = [json.loads(line) for line in peer.body.splitlines()]
            assert rows == [{"row": row, **GOOD} for row in range(3)]
            assert (last["row"], last["status"], last["problem"]["status"]) == (3, "stopped", 413)

    run(work)


def test_who_goes_away_is_not_answered_any_more() -> None:
    async def work() -> None:
        peer = Peer(LINE)
        talking = asyncio.create_task(peer.talk(batch_of()))
        while not peer.sent:
            await asyncio.sleep(0.01)
        peer.coming.put_nowait("gone")
        await talking
        assert not peer.is_whole
        with pytest.raises(ClientDisconnect):
            await Peer("gone").talk(batch_of())  # type: ignore[arg-type]

    run(work)


def test_a_silent_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.batches.body.SILENCE_S", 0.05)
    monkeypatch.setattr("api.batches.answer._LINGER_S", 0.1)

    async def work() -> None:
        with pytest.raises(Refusal, match="came no further"):
            await Peer(b"[1").talk(batch_of())
        peer = Peer(LINE)
        await peer.talk(batch_of())
        assert json.loads(peer.body.splitlines()[-1])["problem"]["status"] == 408
        assert not peer.is_whole

    run(work)


def test_answers_that_nobody_takes_are_given_up_when_all_points_are_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.batches.answer.SILENCE_S", 0.05)

    async def work() -> None:
        peer = Peer(LINE)
        peer.takes.clear()
        talking = asyncio.create_task(peer.talk(batch_of()))
        await asyncio.sleep(0.3)
        assert not talking.done(), "it still sends points, and may read later"
        peer.coming.put_nowait(None)
        await talking
        assert peer.sent == [] or not peer.is_whole

    run(work)


def test_what_goes_wrong_unexpectedly_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        peer = Peer(LINE)
        batch = batch_of()
        talking = asyncio.create_task(peer.talk(batch))
        while not peer.sent:
            await asyncio.sleep(0.01)
        monkeypatch.setattr(batch, "_answered", lambda _: 1 / 0)
        peer.coming.put_nowait(LINE)
        with pytest.raises(ZeroDivisionError):
            await talking

    run(work)


def test_an_outbox_holds_little_and_keeps_the_order() -> None:
    async def work() -> None:
        with Outbox(held_bytes=10) as outbox:
            pieces = [bytes([65 + i]) * 7 for i in range(6)]
            for piece in (b"", *pieces):
                await outbox.put(piece)
            assert await outbox.take() == pieces[0]
            assert await outbox.take() == b"".join(pieces[1:]), "from the file"
            await outbox.put(b"memory again")
            assert await outbox.take() == b"memory again"
            for piece in pieces[:3]:
                await outbox.put(piece)
            outbox.close()
            assert [await outbox.take() for _ in range(3)] == [pieces[0], b"".join(pieces[1:3]), None]

    run(work)
