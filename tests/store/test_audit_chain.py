"""Entries of the audit in one chain, whoever writes at the same time and in whatever session."""

from __future__ import annotations

import hashlib
import threading

import psycopg
import pytest

from gisgov.services.audit import verify_audit
from gisgov.store.database import Database
from tests.support.audited_changes import EVENT, fill, head, libpq, told

# Why these are not audited; every other table is.


def test_transactions_at_once_make_one_chain(database: Database, database_url: str) -> None:
    before, threads, each = head(database), 6, 15
    failures: list[BaseException] = []
    together = threading.Barrier(threads)

    def work(number: int) -> None:
        try:
            with psycopg.connect(libpq(database_url), autocommit=True) as session:
                together.wait()
                for turn in range(each):
                    with session.transaction():
                        name = f"{number}-{turn}"
                        session.execute("INSERT INTO code_scheme VALUES (%s, '{}')", (name,))
                        session.execute("SELECT audit_note('test', %s, '{}')", (name,))
        except BaseException as error:  # told by the test, not by the thread
            failures.append(error)

    running = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert failures == []
    assert head(database) == before + 2 * threads * each
    assert verify_audit(database).intact


def test_an_open_transaction_holds_up_nobody(database: Database, database_url: str) -> None:
    with psycopg.connect(libpq(database_url)) as slow:
        slow.execute("INSERT INTO code_scheme VALUES ('slow', '{}')")
        before = head(database)
        fill(database, 2)
        assert head(database) == before + 2
        slow.commit()
    assert told(database, before)[-1]["changes"][0]["key"] == {"name": "slow"}
    assert verify_audit(database).intact


def test_a_transaction_that_sees_an_old_state_must_try_again(database: Database, database_url: str) -> None:
    with psycopg.connect(libpq(database_url)) as old:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        old.execute("INSERT INTO code_scheme VALUES ('old', '{}')")
        fill(database, 1)
        with pytest.raises(psycopg.errors.SerializationFailure):
            old.commit()
    assert verify_audit(database).intact


def test_the_session_does_not_change_what_is_hashed(database: Database, database_url: str) -> None:
    line = """SELECT audit_line(position, committed_at, previous_sha256, content), sha256
        FROM audit_link JOIN audit_entry ON audit_entry.id = entry_id ORDER BY position DESC LIMIT 1"""
    digests = set()
    with psycopg.connect(libpq(database_url), autocommit=True) as session:
        for zone, style, digits in (
            ("UTC", "ISO", 1),
            ("Asia/Shanghai", "German", -4),
            ("Asia/Kathmandu", "SQL", 3),
        ):
            for name, value in (
                ("TimeZone", zone),
                ("DateStyle", style),
                ("extra_float_digits", str(digits)),
            ):
                session.execute("SELECT set_config(%s, %s, false)", (name, value))
            with session.transaction(force_rollback=True):
                session.execute("ALTER SEQUENCE event_id_seq RESTART")
                received = EVENT.replace("geom, crs)", "geom, crs, received_at, changed_at)").replace(
                    "'EPSG:4326' FROM", "'EPSG:4326', '2026-01-01T00:00Z', '2026-01-01T00:00Z' FROM"
                )
                session.execute(received.format(first=1, last=25))
                (made,) = session.execute(
                    "SELECT content FROM audit_entry ORDER BY id DESC LIMIT 1"
                ).fetchone()  # type: ignore[misc]
                digests.add((made["sha256"], str(made["first"])))
            session.execute("SELECT audit_note('时区', %s, '{}')", (zone,))
            text, stored = session.execute(line).fetchone() or ("", "")
            assert hashlib.sha256(text.encode()).hexdigest() == stored
        lines = set()
        for zone in ("UTC", "Asia/Shanghai"):
            session.execute("SELECT set_config('TimeZone', %s, false)", (zone,))
            lines.add(session.execute(line).fetchone())
    assert len(digests) == len(lines) == 1


def test_entries_of_one_transaction_follow_each_other(database: Database, database_url: str) -> None:
    before = head(database)
    with psycopg.connect(libpq(database_url)) as session:
        note_it = "SELECT audit_note('test', %s, '{}')"
        session.execute(note_it, ("first",))
        with session.transaction():  # a savepoint: another id of PostgreSQL's, the same transaction
            session.execute(note_it, ("inner",))
        with session.transaction(force_rollback=True):
            session.execute(note_it, ("undone",))
        fill(database, 2)
        session.execute("SET CONSTRAINTS ALL IMMEDIATE")
        session.execute(note_it, ("late",))
        session.execute("SELECT audit_note('test', i::TEXT, '{}') FROM generate_series(1, 50) AS i")
        session.commit()
    subjects = [one["subject"] for one in told(database, before)]
    assert subjects == ["n0", "n1", "first", "inner", "late", *map(str, range(1, 51))]
    assert verify_audit(database).intact
