"""Jobs put in, seen by whom they belong to, ended, retried, swept; without any worker."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gisgov.errors import (
    ConflictError,
    JobNotDone,
    NotFoundError,
    NotSignedIn,
    QueueFull,
    UnavailableError,
)
from gisgov.governance.access import ANONYMOUS, Actor, ActorKind, Errand, Grant, Role
from gisgov.services.accounts import create_account
from gisgov.services.jobs import (
    Input,
    Job,
    JobPlace,
    JobProgress,
    JobState,
    cancel_job,
    find_job,
    has_open_jobs,
    job_log,
    list_jobs,
    refuse_when_full,
    report_of,
    retry_job,
    submit_job,
    sweep_jobs,
)
from gisgov.store import jobs
from gisgov.store.database import Database
from gisgov.store.queue import forsaken
from gisgov.store.tables import account, job

Put = Callable[..., Job]
KEEP = timedelta(hours=1)
PROBLEM = {"slug": "invalid-input", "message": "Row 7 is broken.", "hint": "Mend it.", "field": "file"}


@pytest.fixture
def place(tmp_path: Path) -> JobPlace:
    return JobPlace(tmp_path / "jobs", "here", 3, KEEP)


@pytest.fixture
def put(database: Database, place: JobPlace) -> Put:
    """Put in a job with one file."""

    def putting(title: str = "grids.gpkg", asker: Database = database, **parameters: Any) -> Job:
        with place.draft() as draft:
            (draft.inputs / "upload").write_text("ground", encoding="utf-8")
            return submit_job(
                asker,
                draft,
                kind="check",
                title=title,
                parameters=parameters,
                inputs={"file": Input("upload", title)},
            )

    return putting


def acting(database: Database, name: str, *grants: Grant) -> Database:
    create_account(database, name, kind=ActorKind.CLIENT, grants=grants)
    with database.begin() as connection:
        number = connection.scalar(sa.select(account.c.id).where(account.c.name == name))
    return database.acting(Actor(name, ActorKind.CLIENT, number, grants), Errand("test", "here", "r-1"))


def begin(database: Database, one: Job) -> None:
    with database.begin() as connection:
        assert jobs.start(connection, one.id, one.attempt, 5)


def entries(database: Database) -> list[int]:
    with database.begin() as connection:
        return [*connection.scalars(sa.text("SELECT id FROM procrastinate_jobs WHERE status = 'todo'"))]


def test_a_job_waits_in_the_queue_and_says_what_it_is(database: Database, place: JobPlace, put: Put) -> None:
    one = put("网格.gpkg", crs="wgs84")
    assert find_job(database, one.id) == one
    assert (one.state, one.kind, one.title, one.attempt) == (JobState.WAITING, "check", "网格.gpkg", 1)
    assert (one.parameters, one.inputs) == ({"crs": "wgs84"}, {"file": Input("upload", "网格.gpkg")})
    assert (one.account_id, one.started, one.finished, one.expires, one.progress) == (None,) * 5
    assert entries(database) == [one.queue_id]
    assert (place.inputs(one) / "upload").read_text(encoding="utf-8") == "ground"
    assert place.folder.stat().st_mode & 0o777 == 0o700
    assert has_open_jobs(database)


def test_a_transaction_that_fails_leaves_neither_row_nor_entry_nor_file(
    database: Database, place: JobPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("torn")

    monkeypatch.setattr(jobs, "set_queue_id", broken)
    with pytest.raises(RuntimeError, match="torn"), place.draft() as draft:
        submit_job(database, draft, kind="check", title="x", parameters={})
    assert list_jobs(database) == ()
    assert entries(database) == []
    assert list(place.folder.iterdir()) == []


def test_nobody_in_particular_has_no_job(database: Database, place: JobPlace, put: Put) -> None:
    anybody = replace(ANONYMOUS, open_rights=frozenset({"areas.read"}))
    with pytest.raises(NotSignedIn, match="belongs to an account"):
        put(asker=database.acting(anybody, Errand()))
    assert list_jobs(database) == ()


def test_what_is_not_put_in_leaves_nothing(database: Database, place: JobPlace) -> None:
    with place.draft() as draft:
        (draft.inputs / "upload").touch()
    assert list(place.folder.iterdir()) == []
    assert not has_open_jobs(database)


def test_no_more_jobs_wait_than_may(database: Database, place: JobPlace, put: Put) -> None:
    refuse_when_full(database, place.most_waiting)
    for _ in range(3):
        put()
    with pytest.raises(QueueFull, match="3 jobs are waiting"):
        put("late")
    with pytest.raises(QueueFull):
        refuse_when_full(database, place.most_waiting)
    assert len(list_jobs(database)) == 3


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = JobPlace(tmp_path / "file" / "jobs", "here", 3, KEEP)
    with pytest.raises(UnavailableError, match="GISGOV_JOBS_DIR"), place.draft():
        pass


@pytest.mark.parametrize("name", ["", ".", "../jobs", "0" * 31, "0" * 33, "G" * 32, "0" * 32, "a/../../b"])
def test_an_id_is_no_path(database: Database, place: JobPlace, put: Put, name: str) -> None:
    put()
    for ask in (
        lambda: find_job(database, name),
        lambda: job_log(database, name),
        lambda: cancel_job(database, place, name),
        lambda: retry_job(database, place, name),
    ):
        with pytest.raises(NotFoundError):
            ask()


def test_people_see_their_own_jobs_and_managers_all(database: Database, place: JobPlace, put: Put) -> None:
    wang = acting(database, "wang", Grant(Role.PLANNER))
    lin = acting(database, "lin", Grant(Role.PLANNER))
    boss = acting(database, "boss", Grant(Role.ADMINISTRATOR))
    operators, wangs = put("operator's"), put("wang's", wang)
    assert (wangs.asked_by, wangs.request_id) == ("wang", "r-1")
    assert [one.title for one in list_jobs(boss)] == ["wang's", "operator's"]
    assert [one.title for one in list_jobs(wang)] == ["wang's"]
    assert list_jobs(lin) == ()
    with database.begin() as connection:
        jobs.add_line(connection, wangs.id, 1, "hello")
    assert [one.line for one in job_log(wang, wangs.id)] == ["hello"]
    for ask in (find_job, job_log):
        with pytest.raises(NotFoundError):
            ask(lin, wangs.id)
    for hidden in (wangs, operators):
        with pytest.raises(NotFoundError):
            cancel_job(lin, place, hidden.id)
    with lin.begin() as connection:
        for table in ("job", "job_log", "job_progress"):
            assert connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0
    for statement in ("UPDATE job SET title = 'mine'", "SELECT * FROM procrastinate_jobs"):
        with pytest.raises(Exception, match="beyond the rights"), wang.begin() as connection:
            connection.execute(sa.text(statement))
    cancel_job(boss, place, wangs.id)
    assert find_job(wang, wangs.id).state is JobState.CANCELLED


def test_lists_come_in_pages(database: Database, put: Put) -> None:
    titles = ["first", "second", "third"]
    for title in titles:
        put(title)
    page = list_jobs(database, limit=2)
    assert [one.title for one in page] == ["third", "second"]
    assert [one.title for one in list_jobs(database, after=page[-1].id)] == ["first"]
    begin(database, page[0])
    assert [one.title for one in list_jobs(database, state=JobState.RUNNING)] == ["third"]
    assert list_jobs(database, kind="import") == ()


def test_only_the_attempt_that_counts_changes_a_job(database: Database, put: Put) -> None:
    one = put()
    with database.begin() as connection:
        assert not jobs.start(connection, one.id, 2, 5)
        assert not jobs.finish(connection, one.id, 1, KEEP), "it does not run yet"
        assert jobs.start(connection, one.id, 1, 5)
        assert not jobs.start(connection, one.id, 1, 5)
        assert jobs.tell_progress(connection, one.id, 1, "counting", 1, 4)
        assert not jobs.tell_progress(connection, one.id, 2, "counting", 9, 9)
    assert find_job(database, one.id).progress == JobProgress("counting", 1, 4)
    with database.begin() as connection:
        assert jobs.given_up(connection, {one.id: 1}) == frozenset()
        assert jobs.try_again(connection, one.id, 1)
        assert jobs.given_up(connection, {one.id: 1}) == {one.id}
        assert not jobs.finish(connection, one.id, 1, KEEP), "somebody else has taken it up"
        assert not jobs.fail(connection, one.id, 1, KEEP, PROBLEM)
        assert jobs.start(connection, one.id, 2, 5)
        assert jobs.finish(connection, one.id, 2, KEEP)
        assert not jobs.cancel(connection, one.id, KEEP)
    done = find_job(database, one.id)
    assert (done.state, done.attempt, done.attempts_left) == (JobState.DONE, 2, 0)
    assert done.finished is not None
    assert done.expires == done.finished + KEEP


def test_results_are_seen_when_the_job_is_done(database: Database, place: JobPlace, put: Put) -> None:
    one = put()
    begin(database, one)
    results = place.attempt(one, 1) / "results"
    results.mkdir(parents=True)
    for name in ("b.geojson", "a.html", "c.unknown"):
        (results / name).write_text("{}", encoding="utf-8")
    running = find_job(database, one.id)
    assert place.results(running) == ()
    with pytest.raises(JobNotDone, match="it is running"):
        place.result(running, "b.geojson")
    with database.begin() as connection:
        jobs.finish(connection, one.id, 1, KEEP)
    done = find_job(database, one.id)
    told = report_of(done, place)
    assert [(one.name, one.media_type, one.bytes) for one in told.results] == [
        ("a.html", "text/html; charset=utf-8", 2),
        ("b.geojson", "application/geo+json", 2),
        ("c.unknown", "application/octet-stream", 2),
    ]
    assert place.result(done, "b.geojson").path == results / "b.geojson"
    for name in ("d.pdf", "../upload", "."):
        with pytest.raises(NotFoundError):
            place.result(done, name)


def test_a_job_that_waits_is_cancelled_then_removed(database: Database, place: JobPlace, put: Put) -> None:
    one = put()
    cancel_job(database, place, one.id)
    assert find_job(database, one.id).state is JobState.CANCELLED
    assert not place.of(one).exists()
    assert entries(database) == []
    cancel_job(database, place, one.id)
    with pytest.raises(NotFoundError):
        find_job(database, one.id)


def test_only_a_job_that_failed_is_tried_again(database: Database, place: JobPlace, put: Put) -> None:
    one = put()
    with pytest.raises(ConflictError, match="this one is waiting"):
        retry_job(database, place, one.id)
    with database.begin() as connection:
        jobs.fail(connection, one.id, 1, KEEP, PROBLEM)
    again = retry_job(database, place, one.id)
    assert (again.state, again.attempt, again.attempts_left) == (JobState.WAITING, 2, 4)
    assert (again.problem, again.finished, again.expires) == (None, None, None)
    assert again.queue_id in entries(database)
    with database.begin() as connection:
        jobs.fail(connection, one.id, 2, KEEP, PROBLEM)
    place.forget(one.folder, one.id)
    with pytest.raises(ConflictError, match="files of the job are gone"):
        retry_job(database, place, one.id)


def test_what_was_kept_long_enough_is_removed(database: Database, place: JobPlace, put: Put) -> None:
    old, kept = put("old"), put("kept")
    cancel_job(database, place, old.id)
    place.of(old).mkdir()
    past = {"expires": sa.text("now() - interval '1 second'")}
    with database.begin() as connection:
        connection.execute(job.update().where(job.c.id == old.id).values(**past))
    with pytest.raises(NotFoundError):
        find_job(database, old.id)
    young, orphan = place.folder / ("a" * 32), place.folder / ("b" * 32)
    for folder in (young, orphan, place.folder / ".removed-half", place.folder / ".draft-forsaken"):
        folder.mkdir()
        if folder is not young:
            os.utime(folder, (0, 0))
    os.utime(place.of(kept), (0, 0))
    sweep_jobs(database, place)
    assert {path.name for path in place.folder.iterdir()} == {kept.id, young.name}
    with database.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(job)) == 1


def test_nothing_is_swept_where_nothing_was_made(database: Database, place: JobPlace) -> None:
    sweep_jobs(database, place)
    assert not place.root.exists()


def test_a_job_without_an_entry_is_found(database: Database, put: Put) -> None:
    one = put()
    with database.begin() as connection:
        assert forsaken(connection) == ()
        connection.execute(sa.text("DELETE FROM procrastinate_jobs"))
        assert [(lost.id, lost.job_id, lost.attempt) for lost in forsaken(connection)] == [(None, one.id, 1)]


def test_what_people_do_with_jobs_is_audited_and_progress_is_not(
    database: Database, place: JobPlace, put: Put
) -> None:
    one = put()
    begin(database, one)
    with database.begin() as connection:
        jobs.tell_progress(connection, one.id, 1, "counting", 1, 4)
        jobs.fail(connection, one.id, 1, KEEP, PROBLEM)
    retry_job(database, place, one.id)
    cancel_job(database, place, one.id)
    cancel_job(database, place, one.id)
    with database.begin() as connection:
        told = connection.scalars(sa.text("SELECT content FROM audit_entry ORDER BY id")).all()
    of_job = [entry["verb"] for entry in told if one.id in str(entry)]
    assert of_job == ["submit", "retry", "cancel", "remove"]
