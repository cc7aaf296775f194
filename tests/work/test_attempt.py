"""An attempt in the process of the test: its files, its databases, what it tells and how it ends."""

from __future__ import annotations

import tempfile
from collections.abc import Callable

import pytest
import sqlalchemy as sa
import structlog
from jobs_by_hand import do_next
from signed_in import bearer
from trial_kinds import KINDS

from gisgov.errors import InputError, NotAllowed
from gisgov.governance.access import Actor, ActorKind, Grant, Role
from gisgov.services.jobs import Job, JobPlace, JobProgress, JobState, cancel_job, find_job, job_log
from gisgov.services.jobs import submit_job as submit
from gisgov.store import jobs
from gisgov.store.database import Database
from gisgov.store.tables import account, import_batch
from gisgov.work import attempt
from gisgov.work.attempt import Kind, Superseded, Work
from gisgov.work.child import make_attempt
from gisgov.work.orders import WorkOrder

Put = Callable[..., Job]
GRANT = Grant(Role.PLANNER)


@pytest.fixture
def begun(database: Database, order: WorkOrder, put: Put) -> Callable[..., Work]:
    """Put a job in and begin an attempt at it."""

    def beginning(**parameters: object) -> Work:
        job = put("rows", **parameters)
        with database.begin() as connection:
            assert jobs.start(connection, job.id, 1, 5)
        return Work(find_job(database, job.id), order, database)

    return beginning


def batches(database: Database) -> int:
    with database.begin() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM import_batch")) or 0


def add_row(database: Database, *, then: str = "SELECT 1") -> None:
    numbers = dict.fromkeys(("rows_read", "rows_imported", "rows_unchanged", "rows_rejected"), 0)
    row = {"kind": "areas", "file_name": "x", "sha256": "y", **numbers}
    with database.begin() as connection:
        connection.execute(import_batch.insert().values(**row))
        connection.execute(sa.text(then))


def test_the_effect_is_committed_with_the_end(database: Database, begun: Callable[..., Work]) -> None:
    work = begun()
    add_row(work.final)
    add_row(work.final)
    assert batches(work.final) == 2, "later parts see earlier ones"
    assert batches(database) == 0, "nobody else does"
    work.finish()
    assert batches(database) == 2
    assert find_job(database, work.job.id).state is JobState.DONE


def test_a_part_that_fails_is_taken_back(database: Database, begun: Callable[..., Work]) -> None:
    work = begun()
    add_row(work.final)
    with pytest.raises(InputError):
        add_row(work.final, then="SELECT 'x'::INTEGER")
    work.finish()
    assert batches(database) == 1


def test_an_attempt_that_does_not_count_has_no_effect(
    database: Database, place: JobPlace, begun: Callable[..., Work]
) -> None:
    work = begun()
    add_row(work.final)
    cancel_job(database, place, work.job.id)
    with pytest.raises(Superseded):
        list(work.progress([1], label="counting"))
    with pytest.raises(Superseded):
        work.finish()
    assert batches(database) == 0


def test_what_is_given_up_has_no_effect(database: Database, begun: Callable[..., Work]) -> None:
    work = begun()
    work.give_up()
    add_row(work.final)
    work.give_up()
    assert batches(database) == 0
    assert find_job(database, work.job.id).state is JobState.RUNNING


def test_steps_are_told_of_now_and_then(
    database: Database, begun: Callable[..., Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = begun()
    monkeypatch.setattr(attempt, "_EVERY_S", -1.0)
    seen = []
    for _ in work.progress("abc", label="counting"):
        progress = find_job(database, work.job.id).progress
        assert progress is not None
        seen.append((progress.done, progress.total, progress.share))
    assert seen == [(0, 3, 0.0), (1, 3, pytest.approx(1 / 3)), (2, 3, pytest.approx(2 / 3))]
    assert list(work.progress(iter("ab"), label="reading", total=4)) == ["a", "b"]
    assert find_job(database, work.job.id).progress == JobProgress("reading", 2, 4)


def test_a_log_has_a_length(
    database: Database, begun: Callable[..., Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "_MOST_LINES", 3)
    work = begun()
    for line in ("one\ntwo", "x" * 2000, "three", "four"):
        work.log(line)
    assert [one.line for one in job_log(database, work.job.id)] == [
        "one two",
        "x" * 1000,
        "Further lines are not kept.",
    ]


def asked_by(database: Database, place: JobPlace, name: str) -> Job:
    bearer(database, name, GRANT)
    with database.begin() as connection:
        number = connection.scalar(sa.select(account.c.id).where(account.c.name == name))
    actor = Actor(name, ActorKind.CLIENT, number, (GRANT,), frozenset({"files.check"}))
    with place.draft() as draft:
        return submit(
            database.acting(actor, database.errand), draft, kind="read-back", title="x", parameters={}
        )


def test_a_job_has_the_rights_that_its_owner_has_now(
    database: Database, place: JobPlace, order: WorkOrder
) -> None:
    job = asked_by(database, place, "wang")
    work = Work(job, order, database)
    actor = work.database.actor
    assert actor is not None
    assert (actor.name, actor.grants, actor.scopes) == ("wang", (GRANT,), frozenset({"files.check"}))
    assert work.final.actor == actor
    assert do_next(order, KINDS) == job.id
    done = find_job(database, job.id)
    (file,) = place.results(done)
    assert file.path.read_text(encoding="utf-8") == "gisgov_actor wang {}"


def test_an_account_that_was_disabled_does_nothing_more(
    database: Database, place: JobPlace, order: WorkOrder
) -> None:
    job = asked_by(database, place, "wang")
    with database.begin() as connection:
        connection.execute(account.update().values(disabled_at=sa.func.now()))
    with pytest.raises(NotAllowed, match="wang was disabled"):
        _ = Work(job, order, database).database
    do_next(order, KINDS)
    problem = find_job(database, job.id).problem
    assert problem is not None
    assert problem.slug == "not-allowed"


def test_what_nobody_foresaw_is_logged_and_not_told(database: Database, order: WorkOrder, put: Put) -> None:
    job = put("surprise")
    usual = tempfile.tempdir
    with structlog.testing.capture_logs() as lines:
        do_next(order, KINDS)
    assert tempfile.tempdir == usual
    (line,) = lines
    assert (line["event"], line["log_level"], line["exc_info"]) == ("job failed unexpectedly", "error", True)
    assert find_job(database, job.id).state is JobState.FAILED


def test_an_attempt_that_is_not_to_be_made_is_not_made(
    database: Database, order: WorkOrder, put: Put
) -> None:
    job = put("rows", parts=1)
    for asked in ({"job": job.id, "attempt": 7}, {"job": "0" * 32, "attempt": 1}):
        assert make_attempt(asked, order, database, KINDS)["outcome"] == "idle"
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    assert make_attempt({"job": job.id, "attempt": 1}, order, away, KINDS)["outcome"] == "again"
    assert find_job(database, job.id) == job


def test_a_job_cancelled_meanwhile_says_nothing(
    database: Database, place: JobPlace, order: WorkOrder, put: Put
) -> None:
    job = put("late")

    def late(work: Work) -> None:
        cancel_job(database, place, work.job.id)

    assert do_next(order, {"late": Kind("late", late)}) == job.id
    assert find_job(database, job.id).state is JobState.CANCELLED
    assert not place.of(job).exists()
