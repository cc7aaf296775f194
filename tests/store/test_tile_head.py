"""The version of the database, asked past the driver."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from gisgov.errors import DatabaseUnavailable, TookTooLong
from gisgov.store import tile_head
from gisgov.store.changes import SUBJECTS, Version
from gisgov.store.database import Database
from gisgov.store.tile_head import Head, HeadAsker

EVENT = """INSERT INTO event (source, external_id, state, occurred_at, problem, crs)
    VALUES ('s', '{}', 'reported', now(), 'no-coordinate', 'EPSG:4326')"""


def asked(database: Database, *seen: Version | None, limit_s: float = 30.0) -> list[Head]:
    async def work() -> list[Head]:
        asker = HeadAsker(database.engine, limit_s)
        try:
            return [await asker.ask(one) for one in seen]
        finally:
            await asker.close()

    return asyncio.run(work())


def execute(database: Database, words: str) -> None:
    with database.begin() as connection:
        connection.execute(sa.text(words))


def test_it_tells_which_subjects_changed_since(database: Database) -> None:
    (begin,) = asked(database, None)
    assert begin.changed == {*SUBJECTS}
    execute(database, EVENT.format(1))
    execute(database, EVENT.format(2))
    now, again = asked(database, begin.version, Version(begin.version.epoch, begin.version.number + 1))
    assert now == again == Head(Version(begin.version.epoch, begin.version.number + 2), frozenset({"event"}))
    assert asked(database, now.version) == [Head(now.version, frozenset())]


def test_what_the_log_does_not_tell_any_more_may_all_have_changed(database: Database) -> None:
    (begin,) = asked(database, None)
    for number in range(3):
        execute(database, EVENT.format(number))
    execute(database, "DELETE FROM change WHERE version <= (SELECT version - 1 FROM change_head)")
    other, later = Version("other", 0), Version(begin.version.epoch, 99)
    assert {one.changed for one in asked(database, begin.version, other, later)} == {frozenset(SUBJECTS)}


def test_an_answer_takes_no_longer_than_it_may(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("LOCK TABLE change_head IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(TookTooLong):
            asked(database, None, limit_s=0.2)
    assert asked(database, None)


def test_a_database_that_stands_still_is_asked_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_head, "_ANSWER_S", 0.1)
    monkeypatch.setattr(tile_head, "_BEYOND_S", 0.1)
    connected: list[object] = []
    connect = HeadAsker._connected
    monkeypatch.setattr(HeadAsker, "_connected", lambda asker: connected.append(asker) or connect(asker))

    async def work() -> None:
        asker = HeadAsker(database.engine, 30.0)
        await asker.ask(None)
        with database.begin() as connection:
            connection.execute(sa.text("LOCK TABLE change_head IN ACCESS EXCLUSIVE MODE"))
            with pytest.raises(DatabaseUnavailable, match="does not answer"):
                await asker.ask(None)

    asyncio.run(work())
    assert len(connected) == 1


def test_a_database_without_tables_or_without_a_server_is_told(bare_database_url: str) -> None:
    for url in (bare_database_url, "postgresql://nobody@127.0.0.1:1/none"):
        database = Database(url)
        with pytest.raises(DatabaseUnavailable):
            asked(database, None)
        database.dispose()
