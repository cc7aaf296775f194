"""The log of changes: every committed change under a version of its own, in the order of commits."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa

from gisgov.store.changes import CHANNEL, SUBJECTS, Version, changes_since, current_version
from gisgov.store.database import Database

EVENTS = """INSERT INTO event (source, external_id, state, occurred_at, geom, crs)
    SELECT 's', '{mark}' || i, 'reported', now(), ST_SetSRID(ST_MakePoint(114, 22), 4326), 'EPSG:4326'
    FROM generate_series(1, {count}) AS i"""
LAYER = """INSERT INTO layer (name, title_zh, title_en, kind, position)
    VALUES ('grid', '网格', 'Grid', 'partition', 1)"""


def now(database: Database) -> Version:
    with database.begin() as connection:
        return current_version(connection)


def since(database: Database, seen: Version) -> dict[str, frozenset[int] | None]:
    with database.begin() as connection:
        return dict(changes_since(connection, seen).rows)


def run(database: Database, *statements: str) -> None:
    with database.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def test_a_transaction_is_one_version_and_tells_which_rows(database: Database) -> None:
    begin = now(database)
    run(database, EVENTS.format(mark="a", count=3), "UPDATE event SET level = '1' WHERE id = 2")
    assert now(database) == Version(begin.epoch, begin.number + 1)
    assert since(database, begin) == {"event": frozenset({1, 2, 3})}
    run(database, "DELETE FROM event WHERE id = 3", LAYER)
    assert since(database, begin) == {"event": frozenset({1, 2, 3}), "plan": None}
    assert since(database, Version(begin.epoch, begin.number + 1)) == {"event": frozenset({3}), "plan": None}
    assert since(database, now(database)) == {}


def test_drafts_and_statements_that_change_nothing_tell_nothing(database: Database) -> None:
    run(database, LAYER)
    begin = now(database)
    run(
        database,
        "INSERT INTO plan (name, layer_id, working_crs) VALUES ('P', 1, 'EPSG:4547')",
        "UPDATE event SET level = '1'",
        "DELETE FROM building",
    )
    assert now(database) == begin
    run(
        database,
        "UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now(), "
        "content_sha256 = '', certificate = '{}'",
    )
    assert since(database, begin) == {"plan": frozenset({1})}


def test_what_was_rolled_back_to_a_savepoint_is_not_told(database: Database) -> None:
    begin = now(database)
    run(database, "SAVEPOINT s", EVENTS.format(mark="a", count=1), "ROLLBACK TO s")
    assert now(database) == begin


def test_of_very_many_rows_and_of_a_truncation_no_single_one_is_told(database: Database) -> None:
    begin = now(database)
    run(database, "TRUNCATE event CASCADE")
    assert since(database, begin) == {"event": None}
    begin = now(database)
    run(database, EVENTS.format(mark="a", count=50_001))
    assert since(database, begin) == {"event": None}


def test_whoever_is_too_far_behind_or_of_another_epoch_reads_everything(database: Database) -> None:
    begin = now(database)
    everything = dict.fromkeys(SUBJECTS)
    for mark in "ab":
        run(database, EVENTS.format(mark=mark, count=1))
    last = now(database)
    assert since(database, Version("another", last.number - 1)) == everything
    assert since(database, Version(last.epoch, last.number + 1)) == everything
    run(database, f"DELETE FROM change WHERE version < {last.number}")
    assert since(database, begin) == everything
    run(database, "DELETE FROM change")
    assert since(database, begin) == everything


def test_the_log_does_not_grow_for_ever(database: Database) -> None:
    run(database, EVENTS.format(mark="a", count=1), "UPDATE change_head SET version = 11998")
    run(database, EVENTS.format(mark="b", count=1))  # this is 12,000
    with database.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM change WHERE version <= 2000")) == 0


def test_listeners_hear_of_it_when_it_is_committed(database: Database, database_url: str) -> None:
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        with database.begin() as connection:
            connection.execute(sa.text(EVENTS.format(mark="a", count=1)))
            assert list(listener.notifies(timeout=0.05)) == []
        (heard,) = listener.notifies(timeout=5, stop_after=1)
    assert heard.payload == str(now(database).number)


def test_transactions_that_overlap_are_told_in_the_order_of_their_commits(database: Database) -> None:
    begin = now(database)
    with database.begin() as first:
        first.execute(sa.text(EVENTS.format(mark="a", count=1)))
        run(database, EVENTS.format(mark="b", count=1))
        between = now(database)
        assert since(database, begin) == {"event": frozenset({2})}
    assert since(database, between) == {"event": frozenset({1})}


@pytest.mark.parametrize("table", ["change", "change_head", "change_values"])
def test_accounts_cannot_touch_it(database: Database, table: str) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("SET LOCAL ROLE gisgov_actor"))
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            connection.execute(sa.text(f"SELECT * FROM {table}"))
        connection.rollback()
