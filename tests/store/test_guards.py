"""The triggers that keep a published plan as it is, and the races they close."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from gisgov.store.failures import PUBLISHED

Run = Callable[..., list[tuple[Any, ...]]]

SQUARE = "SRID=4326;MULTIPOLYGON(((114 30,114.01 30,114.01 30.01,114 30.01,114 30)))"
PUBLISH = (
    "UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now() WHERE id = %s"
)


def refuse(run: Run, statement: str, *values: object, match: str) -> None:
    with pytest.raises(psycopg.Error, match=match) as refused:
        run(statement, *values)
    assert refused.value.sqlstate == PUBLISHED
    assert refused.value.diag.message_hint


def test_areas_of_a_published_plan_stay(run: Run, published: int) -> None:
    for statement in (
        "UPDATE area SET name = 'other' WHERE code = 'A'",
        "UPDATE area SET geom = ST_Translate(geom, 1e-7, 0)",
        "UPDATE area SET area_m2 = area_m2",
        "DELETE FROM area WHERE code = 'B'",
        f"INSERT INTO area (plan_id, code, name, geom, area_m2) SELECT id, 'C', 'n', '{SQUARE}', 1 FROM plan",
    ):
        refuse(run, statement, match='Plan "p" is published: its areas cannot be changed')
    assert run("SELECT code, name, area_m2 FROM area ORDER BY code") == [("A", "n", 1.0), ("B", "n", 1.0)]


def test_assignments_of_a_published_plan_stay(run: Run, published: int) -> None:
    run("INSERT INTO block (code, scope_code, geom, area_m2) VALUES ('c', '', %s, 1)", SQUARE)
    another = "SELECT plan.id, block.id, 'B' FROM plan, block WHERE block.code = 'c'"
    for statement in (
        "UPDATE assignment SET area_code = 'B'",
        "DELETE FROM assignment",
        f"INSERT INTO assignment (plan_id, block_id, area_code) {another}",
    ):
        refuse(run, statement, match="its assignments cannot be changed")
    assert run("SELECT area_code FROM assignment") == [("A",)]


def test_areas_move_neither_into_nor_out_of_a_published_plan(run: Run, grid: int, published: int) -> None:
    (other,) = run("INSERT INTO plan (name, layer_id, working_crs) VALUES ('q', %s, 'x') RETURNING id", grid)
    run(
        "INSERT INTO area (plan_id, code, name, geom, area_m2) VALUES (%s, 'C', 'n', %s, 1)", other[0], SQUARE
    )
    refuse(run, "UPDATE area SET plan_id = %s WHERE code = 'B'", other[0], match='Plan "p" is published')
    refuse(run, "UPDATE area SET plan_id = %s WHERE code = 'C'", published, match='Plan "p" is published')


def test_the_row_of_a_published_plan_stays(run: Run, published: int) -> None:
    for change in (
        "name = 'q'",
        "decision = 'another'",
        "valid_from = '2026-02-01'",
        "valid_to = '2027-01-01'",
        "content_sha256 = 'forged'",
        "accepted_defects = '{}'",
        "certificate = '{}'",
        "scope_code = '330106'",
        f"scope_geom = '{SQUARE}'",
        "status = 'draft', valid_from = NULL, published_at = NULL",
        "status = 'retired', valid_to = '2027-01-01', decision = 'another'",
    ):
        refuse(run, f"UPDATE plan SET {change} WHERE id = %s", published, match='"p" is published and cannot')


def test_a_published_plan_is_not_deleted(run: Run, published: int) -> None:
    refuse(run, "DELETE FROM plan", match='"p" is published')
    refuse(run, "TRUNCATE plan CASCADE", match="cannot be truncated")
    refuse(run, "TRUNCATE area CASCADE", match="cannot be truncated")
    refuse(run, "TRUNCATE assignment", match="cannot be truncated")


def test_a_published_plan_is_told_once_that_it_took_effect(run: Run, published: int) -> None:
    refuse(
        run,
        "UPDATE plan SET took_effect_at = now(), name = 'q' WHERE id = %s",
        published,
        match='"p" is published',
    )
    run("UPDATE plan SET took_effect_at = '2026-03-01' WHERE id = %s", published)
    for moment in ("'2026-03-02'", "NULL"):
        again = f"UPDATE plan SET took_effect_at = {moment} WHERE id = %s"
        refuse(run, again, published, match='"p" is published')


def test_a_published_plan_can_be_retired_once(run: Run, published: int) -> None:
    run("UPDATE plan SET status = 'retired', valid_to = '2026-06-01' WHERE id = %s", published)
    for change in ("valid_to = '2026-07-01'", "status = 'published', valid_to = NULL", "name = name"):
        refuse(run, f"UPDATE plan SET {change} WHERE id = %s", published, match='"p" is retired')
    refuse(run, "DELETE FROM plan", match='"p" is retired')
    refuse(run, "UPDATE area SET name = 'other'", match="is retired: its areas")


def test_the_end_of_a_retired_plan_moves_for_a_draft_that_corrects_it_and_only_forward(
    run: Run, grid: int, published: int
) -> None:
    run("UPDATE plan SET status = 'retired', valid_to = '2026-06-01' WHERE id = %s", published)
    earlier = "UPDATE plan SET valid_to = '2026-04-01' WHERE id = %s"
    refuse(run, earlier, published, match='"p" is retired')  # nobody corrects it
    ((draft,),) = run(
        "INSERT INTO plan (name, layer_id, working_crs, corrects) VALUES ('q', %s, 'x', %s) RETURNING id",
        grid,
        published,
    )
    for change in (
        "valid_to = '2026-07-01'",
        "valid_to = NULL",
        "valid_to = '2026-04-01', name = 'other'",
        "valid_to = '2026-04-01', valid_from = '2025-01-01'",
        "valid_to = '2026-04-01', status = 'published'",
    ):
        refuse(run, f"UPDATE plan SET {change} WHERE id = %s", published, match='"p" is retired')
    refuse(run, "DELETE FROM plan WHERE id = %s", published, match='"p" is retired')
    with pytest.raises(psycopg.errors.CheckViolation, match="plan_validity_check"):
        run("UPDATE plan SET valid_to = '2025-12-31' WHERE id = %s", published)
    run(earlier, published)
    with pytest.raises(psycopg.errors.ExclusionViolation):
        run(PUBLISH.replace("2026-01-01", "2026-03-01"), draft)
    run(PUBLISH.replace("2026-01-01", "2026-04-01"), draft)
    refuse(run, earlier.replace("-04-", "-03-"), published, match='"p" is retired')


def test_retiring_only_shortens(run: Run, draft: int) -> None:
    run(PUBLISH.replace("'2026-01-01'", "'2026-01-01', valid_to = '2026-06-01'"), draft)
    late = "UPDATE plan SET status = 'retired', valid_to = '2026-07-01' WHERE id = %s"
    refuse(run, late, draft, match='"p" is published')
    run(late.replace("2026-07-01", "2026-06-01"), draft)


def test_every_plan_begins_as_a_draft_and_is_not_retired_unseen(run: Run, grid: int, draft: int) -> None:
    refuse(
        run,
        "INSERT INTO plan (name, layer_id, working_crs, status, valid_from, published_at)"
        " VALUES ('q', %s, 'x', 'published', '2026-01-01', now())",
        grid,
        match='Plan "q" begins as published',
    )
    refuse(
        run,
        "UPDATE plan SET status = 'retired', valid_from = '2026-01-01', valid_to = '2026-02-01',"
        " published_at = now()",
        match='"p" is draft',
    )


def test_a_draft_can_be_changed_and_drafts_truncated(run: Run, draft: int) -> None:
    run("UPDATE plan SET name = 'q', decision = 'x'")
    run("UPDATE area SET name = 'other'")
    run("UPDATE assignment SET area_code = 'B'")
    run("DELETE FROM area WHERE code = 'B'")
    assert run("SELECT count(*) FROM assignment") == [(0,)]
    run("TRUNCATE plan CASCADE")
    assert run("SELECT count(*) FROM area") == [(0,)]


def test_a_certificate_is_set_by_publishing_and_by_nothing_else(run: Run, draft: int) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="plan_certificate_check"):
        run("UPDATE plan SET certificate = '{}'")
    run(PUBLISH.replace("SET", "SET certificate = '{\"certified\": true}',"), draft)
    assert run("SELECT certificate FROM plan") == [({"certified": True},)]
    refuse(run, "UPDATE plan SET certificate = '{}'", match='"p" is published and cannot')
    run("UPDATE plan SET status = 'retired', valid_to = '2026-06-01'")
    refuse(run, "UPDATE plan SET certificate = NULL", match='"p" is retired')


def test_a_statement_that_touches_nothing_is_no_change(run: Run, published: int) -> None:
    run("UPDATE area SET name = 'other' WHERE code = 'Z'")
    run("DELETE FROM area WHERE code = 'Z'")


def _waits(session: psycopg.Connection, observer: Run) -> bool:
    """Whether the session stands before a lock."""
    state = observer("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", session.info.backend_pid)
    return state == [("Lock",)]


def _wait_for_lock(session: psycopg.Connection, observer: Run) -> None:
    for _ in range(1000):
        if _waits(session, observer):
            return
        threading.Event().wait(0.01)
    raise AssertionError("the session never waited")


def test_a_change_that_comes_while_a_plan_is_being_published_finds_it_published(
    database_url: str, run: Run, draft: int
) -> None:
    url = database_url.replace("+psycopg", "")
    with psycopg.connect(url) as publisher, psycopg.connect(url) as editor:
        publisher.execute(PUBLISH, (draft,))  # not committed yet
        failure: list[psycopg.Error] = []

        def edit() -> None:
            try:
                editor.execute("UPDATE area SET name = 'late' WHERE code = 'A'")
            except psycopg.Error as error:
                failure.append(error)

        thread = threading.Thread(target=edit)
        thread.start()
        _wait_for_lock(editor, run)
        publisher.commit()
        thread.join()
        editor.rollback()
    assert [error.sqlstate for error in failure] == [PUBLISHED]


def test_publishing_waits_for_a_change_under_way(database_url: str, run: Run, draft: int) -> None:
    url = database_url.replace("+psycopg", "")
    with psycopg.connect(url) as publisher, psycopg.connect(url) as editor:
        editor.execute("UPDATE area SET name = 'in time' WHERE code = 'A'")
        thread = threading.Thread(target=publisher.execute, args=(PUBLISH, (draft,)))
        thread.start()
        _wait_for_lock(publisher, run)
        editor.commit()
        thread.join()
        publisher.commit()
    assert run("SELECT name FROM area WHERE code = 'A'") == [("in time",)]
    assert run("SELECT status FROM plan") == [("published",)]
