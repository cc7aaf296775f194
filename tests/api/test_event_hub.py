"""What reads changes for all who follow events: one that is slow slows nobody, and nothing is read twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import sqlalchemy as sa
from loop_ground import report, settle

from api.event_streams import EventHub, Follower, LiveResponse, follow_events, hub, parse_mark
from api.progress_streams import Seats
from gisgov.errors import DatabaseUnavailable, UnavailableError
from gisgov.governance.access import Actor, ActorKind
from gisgov.services.event_reading import events_seen, parse_filter, read_news, version_now
from gisgov.store.database import Database

OPERATOR = Actor("operator", ActorKind.OPERATOR)


@pytest.fixture(scope="module")
def ground(module_database_url: str) -> Iterator[Database]:
    database = Database(module_database_url)
    settle(database)
    yield database
    database.dispose()


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the database be asked often, for nobody listens here."""
    monkeypatch.setattr(hub, "_BEAT_S", 0.05)


def follower(ground: Database, *, most_waiting: int = 100, admitted: bool = True) -> Follower:
    return Follower(ground, OPERATOR, parse_filter(), lambda: admitted, most_waiting=most_waiting)


async def told(stream: AsyncIterator[bytes], word: bytes) -> list[bytes]:
    """Return what comes up to the first message with a word."""
    found: list[bytes] = []
    async for one in stream:
        found.append(one)
        if word in one:
            break
    return found


def test_one_that_does_not_read_is_let_go_and_the_other_told(
    ground: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, away = [], [DatabaseUnavailable("away"), RuntimeError("odd")]

    def read(*given: object) -> object:
        reads.append(given)
        if away:
            raise away.pop()
        return read_news(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("api.event_streams.hub.read_news", read)

    async def follow() -> None:
        reader, seats = EventHub(ground), Seats(2, "event", "Ask")
        slow, quick = follower(ground, most_waiting=2), follower(ground)
        streams = [follow_events(reader, one, last=None, since=None, seats=seats) for one in (slow, quick)]
        for stream in streams:
            await told(stream, b"event: ready")
        with pytest.raises(UnavailableError, match="2 event streams"):
            seats.refuse_when_full()
        for number in range(3):
            report(ground, f"each {number}")
            reader.hear(version_now(ground))
            said = await told(streams[1], b'"id":' + str(number + 1).encode())
            assert said[-1].startswith(b"id: ")
        assert b'"reason": "behind"' in (await told(streams[0], b"reset"))[-1]
        assert [one async for one in streams[0]] == []
        await reader.close()
        assert [one async for one in streams[1]] == []
        assert seats.taken == 0

    asyncio.run(follow())
    assert len(reads) <= 8  # of three changes, and what failed: not once for each client


def test_one_comes_back_to_what_it_missed(ground: Database) -> None:
    async def follow() -> None:
        reader, seats = EventHub(ground), Seats(2, "event", "Ask")
        first = await told(
            follow_events(reader, follower(ground), last=None, since=None, seats=seats), b"ready"
        )
        mark = first[-1].split(b"\n")[0][4:].decode()
        missed = report(ground, "missed")
        again = follow_events(
            reader, follower(ground), last=mark, since=parse_mark(mark), seats=seats, catches_up=True
        )
        said = [one async for one in again]
        assert f'"id":{missed},'.encode() in said[1]
        assert b"event: ready" in said[2]
        assert len(said) == 3
        lost = follow_events(reader, follower(ground), last="x", since=None, seats=seats, catches_up=True)
        assert b"too-old" in [one async for one in lost][-1]
        await reader.close()

    asyncio.run(follow())


def test_what_was_read_before_a_step_is_told_to_nobody_who_sees_it_after(ground: Database) -> None:
    before = version_now(ground)
    event_id = report(ground, "moves on")
    early = read_news(ground, before)
    with ground.begin() as connection:
        connection.execute(sa.text(f"UPDATE event SET step_number = step_number + 1 WHERE id = {event_id}"))
    seen = events_seen(ground, early)
    assert seen.moved_on == {event_id}
    assert seen.ids == frozenset()
    one = follower(ground)
    assert one.messages_of(early, seen, {event_id: b"as it was"}) == ()
    late = read_news(ground, early.version)
    assert one.messages_of(late, events_seen(ground, late), {event_id: b"as it is"}) == (b"as it is",)


def test_one_without_rights_is_told_so(ground: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.event_streams.stream.ADMITTED_S", 0.02)
    monkeypatch.setattr("api.event_streams.stream.HEARTBEAT_S", 0.01)

    async def follow() -> None:
        reader, seats = EventHub(ground), Seats(2, "event", "Ask")
        stream = follow_events(reader, follower(ground), last=None, since=None, seats=seats)
        assert (await told(stream, b"still here"))[-1].count(b"id: ") == 1
        await stream.aclose()  # type: ignore[attr-defined]
        gone = follow_events(reader, follower(ground, admitted=False), last=None, since=None, seats=seats)
        assert b'"reason": "rights"' in [one async for one in gone][-1]
        await reader.close()

    asyncio.run(follow())


def test_a_client_that_reads_nothing_loses_its_connection() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b": x\n\n"

    async def send(message: object) -> None:
        sent.append(message)
        if len(sent) > 3:
            await asyncio.Event().wait()

    sent: list[object] = []
    response = LiveResponse(endless())
    response.stall_s = 0.02
    asyncio.run(response.stream_response(send))
    assert len(sent) == 4


def test_what_leaves_and_what_is_too_much_is_told(ground: Database) -> None:
    def change(words: str) -> None:
        with ground.begin() as connection:
            connection.execute(sa.text(words))

    async def follow() -> None:
        reader, seats, asks = EventHub(ground), Seats(2, "event", "Ask"), []
        one = Follower(ground, OPERATOR, parse_filter(state="reported"), lambda: not asks.append(1))
        stream = follow_events(reader, one, last=None, since=None, seats=seats)
        mark = (await told(stream, b"ready"))[-1].split(b"\n")[0][4:].decode()
        event_id = report(ground, "leaves")
        await told(stream, b'"leaves"')
        change(f"UPDATE event SET state = 'accepted' WHERE id = {event_id}")
        assert (await told(stream, b"event: left"))[-1].endswith(f'{{"id": {event_id}}}\n\n'.encode())
        change("INSERT INTO account (name, kind) VALUES ('somebody', 'client')")
        change("INSERT INTO change (subject) VALUES ('event')")
        assert b'"reason": "changes"' in (await told(stream, b"reset"))[-1]
        assert asks
        late = follow_events(
            reader, follower(ground), last=mark, since=parse_mark(mark), seats=seats, catches_up=True
        )
        assert b"too-old" in [each async for each in late][-1]
        await reader.close()

    asyncio.run(follow())
