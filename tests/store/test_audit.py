"""The audit in the database: one unbroken chain, whoever changes what, and nothing of persons in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
import shapely
import sqlalchemy as sa

from gisgov.governance.access import ANONYMOUS, Actor, ActorKind, Errand, operator
from gisgov.services.audit import verify_audit
from gisgov.store.audit import note
from gisgov.store.database import Database
from gisgov.store.tables import metadata
from tests.support.acting_sessions import acting, put_account
from tests.support.audited_changes import EVENT, TABLES, fill, head, libpq, run, told

# Why these are not audited; every other table is.
NOT_AUDITED = {
    "account_session": "who signs in is a note; the rest of it changes with every request",
    "area_figure": "measured anew with every change of a draft, which is audited",
    "area_lineage": "follows from the plans that are audited; no account may write it",
    "audit_entry": "the audit itself",
    "audit_head": "the audit itself",
    "audit_link": "the audit itself",
    "building_area": "follows from the buildings and plans that are audited; no account may write it",
    "change": "a log itself, of what the audit tells of; no account may write it",
    "change_head": "counts with the log of changes; no account may write it",
    "change_values": "a part of the log of changes; no account may write it",
    "draft_area": "a log itself, that nobody can change; the change of the areas is audited",
    "draft_move": "a log itself, that nobody can change; the change of the assignments is audited",
    "draft_operation": "a log itself, that nobody can change",
    "draft_presence": "who is there at this moment, told every few seconds; no account may write it",
    "calendar_span": "follows from the calendars that are audited; no account may write it",
    "category_permit": "a log itself, that nobody can change",
    "event_limit": "follows from the steps of events; no account may write it",
    "event_step": "a log itself, that nobody can change",
    "event_told": "follows from the events and plans that are audited; no account may write it",
    "patrol_point": "a log of places by the minute; no account may write it",
    "event_building": "follows of itself from the events and buildings; no account may write it",
    "hazard_step": "a log itself, that nobody can change",
    "risk_rating": "a log itself, that nobody can change",
    "risk_followed": "how far ratings have followed; no account may write it",
    "event_area": "follows of itself from the events and plans that are audited; no account may write it",
    "event_reroute": "a log itself; follows from the plans that are audited, and no account may write it",
    "job": "changes as it goes on; what it does to other tables is audited there, by its id",
    "job_log": "lines that a job writes as it goes on",
    "job_progress": "written several times a second",
    "sign_in_failure": "counts refusals; those are notes",
}


def test_every_table_is_audited_or_has_a_reason_not_to_be(database: Database) -> None:
    query = """SELECT DISTINCT tgrelid::REGCLASS::TEXT FROM pg_trigger
        WHERE tgfoid = 'audit_change'::REGPROC GROUP BY 1, tgrelid HAVING count(*) = 4"""
    with database.begin() as connection:
        audited = {*connection.scalars(sa.text(query))}
    assert audited | NOT_AUDITED.keys() == set(metadata.tables)
    assert not audited & NOT_AUDITED.keys()


def test_few_rows_are_told_one_by_one(database: Database) -> None:
    (made,) = run(database, EVENT.format(first=1, last=2))
    assert (made["verb"], made["table"], made["rows"]) == ("insert", "event", 2)
    first = made["changes"][0]
    assert first["key"] == {"id": 1}
    assert first["after"]["occurred_at"] == "2026-01-01T00:00:00+00:00"
    assert first["after"]["geom"].startswith("sha256:")
    assert "description" not in first["after"]
    (changed,) = run(
        database, "UPDATE event SET state = 'closed', level = '1', description = 'X' WHERE id = 1"
    )
    assert changed["changes"] == [
        {
            "key": {"id": 1},
            "before": {"state": "reported", "level": None},
            "after": {"state": "closed", "level": "1"},
            "also": ["description"],
        }
    ]
    (removed,) = run(database, "DELETE FROM event WHERE id = 1")
    assert removed["changes"][0]["before"]["state"] == "closed"
    assert "after" not in removed["changes"][0]


def test_many_rows_are_told_together(database: Database) -> None:
    (made,) = run(database, EVENT.format(first=1, last=21))
    assert (made["rows"], made["first"], made["last"]) == (21, {"id": 1}, {"id": 21})
    assert len(made["sha256"]) == 64
    (changed,) = run(database, "UPDATE event SET state = 'closed', description = id::TEXT")
    assert changed["columns"] == {"state": 21, "description": 21}
    (removed,) = run(database, "DELETE FROM event")
    assert (removed["verb"], removed["rows"]) == ("delete", 21)
    assert len({one["sha256"] for one in (made, changed, removed)}) == 3


def test_an_update_of_many_rows_tells_those_that_changed(database: Database) -> None:
    run(database, EVENT.format(first=1, last=30))
    (changed,) = run(database, "UPDATE event SET state = CASE WHEN id < 3 THEN 'closed' ELSE state END")
    assert [change["key"]["id"] for change in changed["changes"]] == [1, 2]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET state = state",
        "UPDATE event SET state = 'closed' WHERE id < 0",
        "DELETE FROM event WHERE id < 0",
        "TRUNCATE care_count",
        "CREATE TEMP TABLE event_of_mine AS SELECT * FROM event",
    ],
)
def test_what_changes_nothing_is_not_told(database: Database, statement: str) -> None:
    run(database, EVENT.format(first=1, last=30))
    assert run(database, statement) == []


def test_a_new_key_is_a_row_gone_and_a_row_come(database: Database) -> None:
    run(database, "INSERT INTO code_scheme VALUES ('a', '{\"segments\": 1}')")
    (renamed,) = run(database, "UPDATE code_scheme SET name = 'b'")
    assert [sorted(change) for change in renamed["changes"]] == [["before", "key"], ["after", "key"]]
    assert renamed["changes"][0]["before"]["definition"].startswith("sha256:")


def test_truncation_is_told_by_its_number(database: Database) -> None:
    run(database, EVENT.format(first=1, last=3))
    (gone,) = run(database, "TRUNCATE event CASCADE")
    assert (gone["verb"], gone["table"], gone["rows"]) == ("truncate", "event", 3)


def test_what_goes_with_its_plan_is_told_too(database: Database, plant: Callable[..., None]) -> None:
    plant("grid", {f"{i:02}": shapely.box(i, 0, i + 1, 1) for i in range(30)}, valid_from=None)
    gone = run(database, "DELETE FROM plan")
    assert {(one["table"], one["rows"]) for one in gone} == {("plan", 1), ("area", 30)}


def test_a_key_that_is_used_is_no_change(database: Database) -> None:
    run(
        database,
        "INSERT INTO account (name, kind) VALUES ('hotline', 'client')",
        "INSERT INTO api_key (id, account_id, secret_sha256, title, expires_at) "
        "SELECT 'abcdefghijkl', id, sha256('SECRET'), 'SECRET', now() FROM account",
    )
    assert run(database, "UPDATE api_key SET last_used_at = now()") == []
    (rotated,) = run(database, "UPDATE api_key SET secret_sha256 = sha256('OTHER')")
    assert rotated["changes"][0]["also"] == ["secret_sha256"]
    (password,) = run(
        database, "INSERT INTO account_password (account_id, hash) SELECT id, 'SECRET' FROM account"
    )
    assert "hash" not in password["changes"][0]["after"]
    assert "SECRET" not in str(told(database))


def test_what_is_rolled_back_leaves_no_entry(database: Database) -> None:
    before = head(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql(EVENT.format(first=1, last=2))
        connection.rollback()
    assert head(database) == before
    with database.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM audit_entry")) == before
    assert verify_audit(database).intact


def test_who_acts_is_told(database: Database) -> None:
    person = Actor("wang", ActorKind.PERSON, 1)
    errand = Errand("PATCH /v1/layers", "10.0.0.7", "r-1")
    for actor in (person, operator("root"), ANONYMOUS):
        before = head(database)
        with database.acting(actor, errand).begin() as connection:
            note(connection, "test", "it")
        (entry,) = told(database, before)
        assert (entry["account"], entry["kind"]) == (actor.name, actor.kind.value)
        assert (entry["operation"], entry["origin"]) == ("PATCH /v1/layers", "10.0.0.7")
        assert (entry["request_id"], entry["subject"], entry["details"]) == ("r-1", "it", {})
    (own,) = run(database, EVENT.format(first=1, last=1))
    assert (own["kind"], own["account"], own["origin"]) == ("service", own["login"], "local")


def test_a_login_is_its_account_whatever_it_says(database: Database, database_url: str) -> None:
    with psycopg.connect(libpq(database_url)) as session:
        put_account(session, "lin", ("administrator", None, None))
        session.execute("CREATE ROLE audit_lin LOGIN IN ROLE gisgov_actor")
        session.execute("UPDATE account SET database_login = 'audit_lin'")
        session.commit()
        before = head(database)
        try:
            session.execute("SET SESSION AUTHORIZATION audit_lin")
            session.execute("SELECT set_config('gisgov.actor', 'wang', false)")
            session.execute("SELECT set_config('gisgov.origin', 'elsewhere', false)")
            session.execute("INSERT INTO code_scheme VALUES ('of-lin', '{}')")
            with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():
                session.execute("SELECT audit_note('sign-in', 'wang', '{}')")
            with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():  # noqa: PT012
                session.execute("CREATE TEMP TABLE event_of_lin (id INT PRIMARY KEY)")
                session.execute(
                    "CREATE TRIGGER forge AFTER INSERT ON event_of_lin REFERENCING NEW TABLE AS audit_new "
                    "FOR EACH STATEMENT EXECUTE FUNCTION audit_change('{id}', '{id}', '{}')"
                )
                session.execute("INSERT INTO event_of_lin VALUES (1)")
            session.commit()
            session.execute("RESET SESSION AUTHORIZATION")
        finally:
            session.rollback()
            session.execute("RESET SESSION AUTHORIZATION")
            session.execute("DROP ROLE audit_lin")
            session.commit()
    (entry,) = told(database, before)
    assert (entry["account"], entry["kind"], entry["login"]) == ("lin", "person", "audit_lin")
    assert (entry["operation"], entry["origin"]) == ("sql", "local")


def test_accounts_read_it_with_the_right_alone(database: Database, database_url: str) -> None:
    fill(database, 3)
    with psycopg.connect(libpq(database_url)) as session:
        chief = put_account(session, "chief", ("administrator", None, None))
        other = put_account(session, "other", ("manager", None, None))
        for account, sees in ((chief, True), (other, False)):
            for table in TABLES:
                with acting(session, account):
                    (counted,) = session.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
                    assert (counted > 0) is sees
        for statement in (
            "INSERT INTO audit_entry (content) VALUES ('{}')",
            "DELETE FROM audit_link",
            "UPDATE audit_head SET position = 0",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(session, chief):
                session.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET content = '{}'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "INSERT INTO audit_link SELECT position + 9, entry_id + 9, committed_at, '', '' FROM audit_link",
        "UPDATE audit_link SET sha256 = ''",
        "DELETE FROM audit_link",
        "TRUNCATE audit_link",
        "INSERT INTO audit_head (one, position, committed_at, sha256) VALUES (false, 0, now(), '')",
        "UPDATE audit_head SET position = 0",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
    ],
)
def test_even_the_owner_can_only_add(database: Database, statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="can only be added to"), database.begin() as connection:
        connection.exec_driver_sql(statement)


def test_the_same_note_is_not_written_again_and_again(database: Database) -> None:
    before = head(database)
    for subject in ("wang", "wang", "lin", "wang"):
        with database.begin() as connection:
            note(connection, "sign-in-refused", subject, {"client": "10.0.0.7"}, seldom=timedelta(minutes=1))
    assert [one["subject"] for one in told(database, before)] == ["wang", "lin"]
    with database.begin() as connection:
        note(connection, "sign-in-refused", "wang", seldom=timedelta(0))
    assert head(database) == before + 3


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELECT audit_table('event', '{source,colour}')", "it has no {colour}"),
        ("SELECT audit_table('spatial_of_test', '{a}')", "no primary key"),
    ],
)
def test_only_what_can_be_told_of_is_audited(database: Database, statement: str, words: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=words), database.begin() as connection:  # noqa: PT012
        connection.exec_driver_sql("CREATE TABLE spatial_of_test (a INT)")
        connection.exec_driver_sql(statement)


def test_a_table_can_join_again_with_other_columns(database: Database) -> None:
    told_of = run(
        database,
        "SELECT audit_table('event', '{source}')",
        EVENT.format(first=1, last=1),
        "SELECT audit_table_no_more('event')",
        EVENT.format(first=2, last=2),
    )
    assert [one["changes"] for one in told_of] == [[{"key": {"id": 1}, "after": {"source": "s"}}]]
