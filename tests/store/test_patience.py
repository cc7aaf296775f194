"""A database that stands still is given up."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from gisgov.errors import DatabaseUnavailable
from gisgov.store import database as database_file
from gisgov.store import patience
from gisgov.store.database import Database


@contextlib.contextmanager
def opened(url: str, silence_s: float) -> Iterator[Database]:
    database = Database(url, silence_s=silence_s)
    try:
        yield database
    finally:
        database.dispose()


def test_a_statement_that_tells_nothing_ends_its_connection_and_no_more(module_database_url: str) -> None:
    with opened(module_database_url, 0.2) as database:
        with (
            pytest.raises(DatabaseUnavailable, match=r"nothing came for 0\.2 s"),
            database.begin() as session,
        ):
            session.execute(sa.text("SELECT pg_sleep(60)"))
        with database.begin() as session:
            assert session.scalar(sa.text("SELECT 1")) == 1


def test_an_answer_may_take_long_while_it_comes(module_database_url: str) -> None:
    row_by_row = "DO $$ BEGIN FOR i IN 1..4 LOOP PERFORM pg_sleep(0.3); RAISE WARNING '.'; END LOOP; END $$"
    with opened(module_database_url, 0.8) as database, database.begin() as session:
        session.execute(sa.text(row_by_row))
        assert session.scalar(sa.text("SELECT 1")) == 1


def test_a_connection_that_is_lent_out_may_be_silent_for_longer_than_one_that_is_asked_whether_it_lives(
    module_database_url: str,
) -> None:
    with opened(module_database_url, 7.0) as database:
        with database.begin() as session:
            lent = session.connection.driver_connection
            assert isinstance(lent, patience.PatientConnection)
            assert lent.silence_s == 7.0
        assert lent.silence_s == 5.0
        lent.silence_s = 0.1  # and a server that does not answer in time is asked over a new one
        with lent.cursor() as cursor, pytest.raises(Exception, match="nothing came"):
            cursor.execute("SELECT pg_sleep(60)")
        with database.begin() as session:
            assert session.connection.driver_connection is not lent


def test_a_transaction_waits_for_a_free_connection_for_a_while(
    module_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_file, "_FREE_S", 0.05)
    with opened(module_database_url, 5.0) as database, contextlib.ExitStack() as held:
        for _ in range(15):
            held.enter_context(database.begin())
        with pytest.raises(DatabaseUnavailable, match="in use"), database.begin():
            pass


def test_a_server_that_takes_connections_and_answers_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://someone@127.0.0.1:{silent.getsockname()[1]}/name"
        # in libpq no limit is shorter; by itself gisgov waits for five seconds
        with (
            opened(f"{url}?connect_timeout=2", 5.0) as database,
            pytest.raises(DatabaseUnavailable, match="timeout expired"),
            database.begin(),
        ):
            pass
