"""Tiles for many who ask at once: made once, given up when nobody waits, never waited for without end."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from tile_district import HOME, ZONE, features, settle

from gisgov.errors import Cancelled, DatabaseUnavailable, TookTooLong
from gisgov.governance.access import Errand, operator
from gisgov.services.tiles import Asker, LiveTiles, Patience, TileAnswer, tile_name, views
from gisgov.services.tiles.kinds import KINDS
from gisgov.services.tiles.masks import Mask
from gisgov.services.tiles.sources import TileSource
from gisgov.store.changes import begin_epoch
from gisgov.store.database import Database

LOCKED = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture(scope="module")
def district(module_database_url: str) -> Iterator[Database]:
    database = Database(module_database_url)
    settle(database)
    yield database
    database.dispose()


async def never() -> None:
    await asyncio.Event().wait()


def asker(*, wait_s: float = 300.0, gone: Callable[[], Any] = never) -> Asker:
    return Asker(operator("root"), Errand(), Patience(wait_s, gone))


async def ask(tiles: LiveTiles, layer: str = "buildings", by: Asker | None = None) -> TileAnswer:
    return await tiles.tile(
        tile_name(layer), HOME, by or asker(), day=None, is_gzip=False, has=lambda _: False
    )


def run(database: Database, work: Callable[[LiveTiles], Awaitable[Any]], *, statement_s: float = 60.0) -> Any:
    async def whole() -> Any:
        tiles = LiveTiles(database, timezone=ZONE, statement_s=statement_s)
        try:
            return await work(tiles)
        finally:
            await tiles.close()

    return asyncio.run(whole())


def execute(database: Database, words: str) -> Any:
    with database.begin() as connection:
        result = connection.execute(sa.text(words))
        return result.scalar() if result.returns_rows else None


async def until(database: Database, count: int) -> None:
    """Wait until so many statements wait for a lock."""
    begun = time.monotonic()
    while await asyncio.to_thread(execute, database, LOCKED) != count:
        assert time.monotonic() - begun < 30
        await asyncio.sleep(0.01)


def test_a_kind_is_read_once_for_all_who_ask(district: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    load = TileSource.load.__func__  # type: ignore[attr-defined]

    def counted(cls: type[TileSource], reading: Any, kind: Any, *given: Any) -> TileSource:
        loads.append(kind.subject)
        found: TileSource = load(cls, reading, kind, *given)
        return found

    monkeypatch.setattr(TileSource, "load", classmethod(counted))

    async def work(tiles: LiveTiles) -> list[TileAnswer]:
        answers = await asyncio.gather(
            *(ask(tiles, layer) for layer in ("buildings", "events") for _ in range(8))
        )
        execute(district, "UPDATE building SET floors = 9 WHERE external_id = '3'")
        return [*answers, *await asyncio.gather(*(ask(tiles) for _ in range(8)))]

    answers = run(district, work)
    assert sorted(loads) == ["buildings", "events"], "the change was taken over by its row"
    assert len({(one.version, one.data) for one in answers}) == 3
    floors = [one.get("floors") for one in features(answers[-1].data).values()]
    assert sorted(floors, key=str) == [1, 2, 9, None]


def test_who_changes_something_sees_it_whatever_others_ask(district: Database) -> None:
    async def change_and_ask(tiles: LiveTiles, number: int) -> None:
        for turn in range(10):
            floors = 100 * (number + 1) + turn
            words = f"UPDATE building SET floors = {floors} WHERE external_id = '{number}'"
            await asyncio.to_thread(execute, district, words)
            shown = features((await ask(tiles)).data or b"")
            assert floors in [one.get("floors") for one in shown.values()]

    async def work(tiles: LiveTiles) -> None:
        await asyncio.gather(*(change_and_ask(tiles, number) for number in range(4)))

    run(district, work)


def test_reading_ends_when_nobody_waits_for_it(district: Database) -> None:
    async def work(tiles: LiveTiles) -> None:
        await ask(tiles, "events")  # the connection is there
        with district.begin() as connection:
            connection.execute(sa.text("LOCK TABLE building IN ACCESS EXCLUSIVE MODE"))
            left = [asyncio.Event(), asyncio.Event()]
            waiting = [asyncio.ensure_future(ask(tiles, by=asker(gone=one.wait))) for one in left]
            await until(district, 1)
            left[0].set()
            with pytest.raises(Cancelled):
                await waiting[0]
            assert execute(district, LOCKED) == 1, "somebody still waits"
            left[1].set()
            with pytest.raises(Cancelled):
                await waiting[1]
            await until(district, 0)
        assert (await ask(tiles)).data

    run(district, work)


def test_waiting_ends_and_the_work_goes_on(district: Database) -> None:
    async def work(tiles: LiveTiles) -> None:
        with district.begin() as connection:
            connection.execute(sa.text("LOCK TABLE building IN ACCESS EXCLUSIVE MODE"))
            with pytest.raises(DatabaseUnavailable, match="are being made"):
                await ask(tiles, by=asker(wait_s=0.05))
            await until(district, 1)
        assert (await ask(tiles)).data

    run(district, work)


def test_a_statement_takes_no_longer_than_it_may(district: Database) -> None:
    async def work(tiles: LiveTiles) -> None:
        with district.begin() as connection:
            connection.execute(sa.text("LOCK TABLE building IN ACCESS EXCLUSIVE MODE"))
            with pytest.raises(TookTooLong):
                await ask(tiles)
        assert (await ask(tiles)).data

    run(district, work, statement_s=0.5)


def test_a_connection_that_broke_is_made_anew(district: Database) -> None:
    end = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND query LIKE '%string_agg(DISTINCT change.subject%'"""

    async def work(tiles: LiveTiles) -> None:
        before = await ask(tiles)
        assert execute(district, end)
        assert await ask(tiles) == before

    run(district, work)


def test_another_database_in_its_place_is_read_anew(district: Database) -> None:
    async def work(tiles: LiveTiles) -> None:
        before = [await ask(tiles, layer) for layer in ("buildings", "grid")]
        execute(district, "UPDATE change_head SET epoch = gen_random_uuid(), version = 1")
        after = [await ask(tiles, layer) for layer in ("buildings", "grid")]
        assert [one.data for one in after] == [one.data for one in before]
        assert not {one.version for one in after} & {one.version for one in before}

    run(district, work)


@pytest.mark.parametrize(("asks_between", "is_told"), [(True, True), (False, True), (True, False)])
def test_after_a_dump_was_restored_no_older_copy_is_taken(
    district: Database, *, asks_between: bool, is_told: bool
) -> None:
    """Versions and ids of plans come again; ``gisgov db restore`` tells it, ``pg_restore`` does not."""

    async def work(tiles: LiveTiles) -> None:
        execute(district, "UPDATE building SET floors = 11 WHERE external_id = '3'")
        execute(district, "UPDATE building SET floors = 12 WHERE external_id = '3'")
        before = [await ask(tiles, layer) for layer in ("buildings", "grid")]
        with district.begin() as connection:  # as a dump from before the last change has it
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            connection.execute(sa.text("UPDATE building SET floors = 11 WHERE external_id = '3'"))
            connection.execute(sa.text("UPDATE area SET name = 'restored ' || name"))
            connection.execute(sa.text("UPDATE plan SET content_sha256 = md5(random()::text)"))
            connection.execute(
                sa.text("DELETE FROM change WHERE version >= (SELECT version FROM change_head)")
            )
            connection.execute(sa.text("UPDATE change_head SET version = version - 1"))
            if is_told:
                begin_epoch(connection)
        if asks_between:
            assert 11 in _floors(await ask(tiles))
        execute(district, "UPDATE building SET floors = 13 WHERE external_id = '3'")
        after = [await ask(tiles, layer) for layer in ("buildings", "grid")]
        assert 13 in _floors(after[0])
        names = {one["name"] for one in features(after[1].data or b"").values()}
        assert all(name.startswith("restored") for name in names)
        assert after[1].version != before[1].version
        assert after[0].version != before[0].version or not is_told

    run(district, work)


def test_rows_are_taken_over_by_one_at_a_time(district: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, inside, most, follows = threading.Event(), [], [], []
    take, follow = TileSource._take, TileSource.follow

    def slow_take(source: TileSource, *given: Any) -> Any:
        inside.append(1)
        most.append(len(inside))
        assert goes_on.wait(30)
        try:
            return take(source, *given)
        finally:
            inside.pop()

    def counted(source: TileSource, reading: Any) -> bool:
        follows.append(1)
        return follow(source, reading)

    monkeypatch.setattr(TileSource, "_take", slow_take)
    monkeypatch.setattr(TileSource, "follow", counted)

    async def work(tiles: LiveTiles) -> TileAnswer:
        await ask(tiles)
        await asyncio.to_thread(execute, district, "UPDATE building SET floors = 21 WHERE external_id = '3'")
        left = asyncio.Event()
        waiting = asyncio.ensure_future(ask(tiles, by=asker(gone=left.wait)))
        while not inside:
            await asyncio.sleep(0.01)
        left.set()  # while rows are taken over, which nothing ends
        with pytest.raises(Cancelled):
            await waiting
        again = asyncio.ensure_future(ask(tiles))
        while len(follows) < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        goes_on.set()
        return await again

    assert 21 in _floors(run(district, work))
    assert {*most} == {1}


def test_who_sees_what_is_asked_anew_when_a_day_begins(
    district: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [date(2026, 5, 10)]
    asked = []
    ask_mask = views.ask_mask

    def counted(*given: Any) -> Mask:
        asked.append(days[0])
        return ask_mask(*given)

    monkeypatch.setattr(views, "ask_mask", counted)
    monkeypatch.setattr(views.Views, "day", lambda _, day: day or days[0])

    async def work(tiles: LiveTiles) -> None:
        stand = await tiles.stand()
        for day in (10, 10, 11, 11):
            days[0] = date(2026, 5, day)
            await tiles._views._mask(KINDS["buildings"], asker(), stand)

    run(district, work)
    assert asked == [date(2026, 5, 10), date(2026, 5, 11)]


def _floors(answer: TileAnswer) -> set[Any]:
    return {one.get("floors") for one in features(answer.data or b"").values()}
