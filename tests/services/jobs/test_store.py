"""Jobs on the disk: put in, taken out, watched, ended, removed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from gisgov.errors import InputError, JobNotDone, NotFoundError, QueueFull, UnavailableError
from gisgov.services.jobs import Input, Job, JobProblem, JobProgress, JobState, JobStore, job_folder

# Takes a job out, tells of three steps, names the job and sleeps: a process to be killed.
_WORKER = """
import sys, time
from datetime import timedelta
from pathlib import Path
from gisgov.services.jobs import JobStore

store = JobStore(Path(sys.argv[1]), most_waiting=9, keep=timedelta(hours=1))
with store.slot(1), store.claim(limit_s=int(sys.argv[2])) as claim:
    list(claim.progress(range(3), label="counting"))
    (claim.results / "half").touch()
    print(claim.job.id, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def store(tmp_path: Path) -> JobStore:
    return JobStore(tmp_path / "jobs", most_waiting=3, keep=timedelta(hours=1))


@pytest.fixture
def put(store: JobStore) -> Callable[..., Job]:
    """Put in a job with one file."""

    def putting(title: str = "grids.gpkg") -> Job:
        with store.draft() as draft:
            (draft.inputs / "upload").write_text("ground", encoding="utf-8")
            return store.submit(
                draft,
                kind="check",
                title=title,
                parameters={"crs": "wgs84"},
                inputs={"file": Input("upload", title)},
                request_id="r-1",
            )

    return putting


@contextmanager
def at_work(store: JobStore, limit_s: int = 600) -> Iterator[subprocess.Popen[str]]:
    """Let a process take out a job; it is killed at the end of the block at the latest."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(store.folder), str(limit_s)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_job_waits_and_says_what_it_is(store: JobStore, put: Callable[..., Job]) -> None:
    job = put("网格.gpkg")
    assert store.find(job.id) == job
    assert (job.state, job.kind, job.title, job.request_id) == (JobState.WAITING, "check", "网格.gpkg", "r-1")
    assert (job.parameters, job.inputs) == ({"crs": "wgs84"}, {"file": Input("upload", "网格.gpkg")})
    assert (job.started, job.finished, job.expires, job.progress, job.problem) == (None,) * 5
    assert job.worker is None
    assert [one.id for one in store.jobs()] == [job.id]
    assert store.folder.stat().st_mode & 0o777 == 0o700


def test_nothing_is_made_before_the_first_job(store: JobStore) -> None:
    store.sweep()
    assert list(store.jobs()) == []
    assert not store.has_work(1)
    assert not store.folder.exists()


def test_what_is_not_put_in_leaves_nothing(store: JobStore) -> None:
    with store.draft() as draft:
        (draft.inputs / "upload").touch()
        assert list(store.jobs()) == []
    assert list(store.folder.iterdir()) == []


def test_no_more_jobs_wait_than_may(store: JobStore, put: Callable[..., Job]) -> None:
    with store.draft() as early:
        for _ in range(3):
            put()
        with pytest.raises(QueueFull, match="3 jobs are waiting"):
            store.submit(early, kind="check", title="late", parameters={})
    with pytest.raises(QueueFull), store.draft():
        pass
    assert len(list(store.jobs())) == 3


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = JobStore(tmp_path / "file" / "jobs", most_waiting=3, keep=timedelta(hours=1))
    with pytest.raises(UnavailableError, match="GISGOV_JOBS_DIR"), store.draft():
        pass


@pytest.mark.parametrize("name", ["", ".", "../jobs", "0" * 31, "0" * 33, "G" * 32, "0" * 32, "a/../../b"])
def test_an_id_is_no_path(store: JobStore, put: Callable[..., Job], name: str) -> None:
    put()
    for asked in (store.find, store.cancel, lambda one: store.result(one, "report.json")):
        with pytest.raises(NotFoundError):
            asked(name)


def test_the_one_that_waited_longest_is_done_first(store: JobStore, put: Callable[..., Job]) -> None:
    jobs = [put(title) for title in ("first", "second")]
    done = []
    for _ in jobs:
        with store.claim(limit_s=600) as claim:
            assert claim is not None
            done.append(claim.job.id)
            claim.finish()
    assert done == [job.id for job in jobs]
    with store.claim(limit_s=600) as claim:
        assert claim is None


def test_a_job_tells_how_far_it_is_and_leaves_its_results(store: JobStore, put: Callable[..., Job]) -> None:
    job = put()
    with store.claim(limit_s=600) as claim:
        assert claim is not None
        assert (claim.inputs / claim.job.inputs["file"].stored).read_text(encoding="utf-8") == "ground"
        assert claim.scratch.is_relative_to(claim.inputs)
        assert store.find(job.id).state is JobState.RUNNING
        steps = claim.progress(iter("ab"), label="counting", total=4)
        assert next(steps) == "a"
        assert store.find(job.id).progress == JobProgress("counting", 0, 4)
        assert list(steps) == ["b"]
        assert store.find(job.id).progress == JobProgress("counting", 2, 4)
        (claim.results / "report.json").write_text("{}", encoding="utf-8")
        with pytest.raises(JobNotDone, match="it is running"):
            store.result(job.id, "report.json")
        claim.finish()
        claim.fail(JobProblem("late", "What was said first holds."))
    ended = store.find(job.id)
    assert (ended.state, ended.problem) == (JobState.DONE, None)
    assert ended.started is not None
    assert ended.finished is not None
    assert ended.expires == ended.finished + timedelta(hours=1)
    assert not (store.folder / job.id / "inputs").exists()
    with pytest.raises(NotFoundError, match=r"made no report\.pdf"):
        store.result(job.id, "report.pdf")


def test_long_steps_are_told_of_now_and_then(
    store: JobStore, put: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = put()
    clock = iter(range(100))
    monkeypatch.setattr("gisgov.services.jobs.claims.time.monotonic", lambda: next(clock))
    with store.claim(limit_s=600) as claim:
        assert claim is not None
        seen = []
        for _ in claim.progress("abc", label="counting"):
            progress = store.find(job.id).progress
            assert progress is not None
            seen.append((progress.done, progress.total, progress.share))
    assert seen == [(0, 3, 0.0), (1, 3, pytest.approx(1 / 3)), (2, 3, pytest.approx(2 / 3))]


def test_a_share_is_known_only_of_a_known_whole() -> None:
    assert JobProgress("reading", 7, None).share is None
    assert JobProgress("reading", 0, 0).share == 0.0
    assert JobProgress("reading", 5, 4).share == 1.0


def test_a_job_that_fails_says_why_and_leaves_nothing(store: JobStore, put: Callable[..., Job]) -> None:
    job = put()
    error = InputError("Row 7 is broken.", hint="Mend it.", field="file")
    with store.claim(limit_s=600) as claim:
        assert claim is not None
        (claim.results / "report.json").touch()
        claim.fail(JobProblem.of(error))
    failed = store.find(job.id)
    assert failed.state is JobState.FAILED
    assert failed.problem == JobProblem("invalid-input", "Row 7 is broken.", "Mend it.", "file")
    with pytest.raises(JobNotDone, match="it is failed"):
        store.result(job.id, "report.json")


def test_a_job_whose_process_is_killed_has_failed(store: JobStore, put: Callable[..., Job]) -> None:
    job = put()
    with at_work(store) as process:
        assert store.find(job.id).progress == JobProgress("counting", 3, 3)
        process.kill()
        process.wait()
        failed = store.find(job.id)
    assert failed.state is JobState.FAILED
    assert failed.problem is not None
    assert failed.problem.slug == "job-died"
    assert not (store.folder / job.id / "inputs").exists()


def test_a_job_that_takes_too_long_is_ended_by_the_kernel(store: JobStore, put: Callable[..., Job]) -> None:
    job = put()
    with at_work(store, limit_s=1) as process:
        assert process.wait() == -signal.SIGALRM
    problem = store.find(job.id).problem
    assert problem is not None
    assert problem.slug == "job-timed-out"
    assert "1 s" in problem.message


def test_a_job_that_waits_is_cancelled(store: JobStore, put: Callable[..., Job]) -> None:
    job = put()
    store.cancel(job.id)
    assert store.find(job.id).state is JobState.CANCELLED
    assert not (store.folder / job.id / "inputs").exists()
    with store.claim(limit_s=600) as claim:
        assert claim is None
    store.cancel(job.id)
    with pytest.raises(NotFoundError):
        store.find(job.id)


def test_a_job_that_runs_is_cancelled_with_its_process(store: JobStore, put: Callable[..., Job]) -> None:
    job = put()
    with at_work(store) as process:
        store.cancel(job.id)
        assert process.wait() == -signal.SIGKILL
    assert store.find(job.id).state is JobState.CANCELLED
    assert not (store.folder / job.id / "results").exists()


def test_a_job_cancelled_while_it_is_taken_out_is_not_done(store: JobStore, put: Callable[..., Job]) -> None:
    job = put()
    # the claim sees a waiting job; before it is written down somebody cancels
    waiting = list(store.jobs())
    store.cancel(job.id)
    store._waiting = lambda: iter(waiting)  # type: ignore[method-assign]
    with store.claim(limit_s=600) as claim:
        assert claim is None
    assert store.find(job.id).state is JobState.CANCELLED


def test_a_job_removed_or_taken_meanwhile_is_passed_over(store: JobStore, put: Callable[..., Job]) -> None:
    gone, taken, left = put("gone"), put("taken"), put("left")
    waiting = list(store.jobs())
    store.cancel(gone.id)
    store.cancel(gone.id)
    with store.claim(limit_s=600) as first:
        assert first is not None
        assert first.job.id == taken.id
        store._waiting = lambda: iter(waiting)  # type: ignore[method-assign]
        with store.claim(limit_s=600) as second:
            assert second is not None
            assert second.job.id == left.id


def test_a_job_put_back_is_not_taken_for_dead(
    store: JobStore, put: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = put()
    with at_work(store) as process:
        held = job_folder.is_held

        def put_back_meanwhile(path: Path) -> bool:
            monkeypatch.setattr(job_folder, "is_held", held)
            store.release(process.pid)
            process.wait()
            return held(path)

        monkeypatch.setattr(job_folder, "is_held", put_back_meanwhile)
        assert store.find(job.id) == job


def test_a_service_that_ends_lets_its_jobs_wait_again(store: JobStore, put: Callable[..., Job]) -> None:
    job = put()
    with at_work(store) as process:
        store.release(os.getpid() + 1_000_000)  # somebody else's: nothing happens
        assert store.find(job.id).state is JobState.RUNNING
        store.release(process.pid)
        assert process.wait() == -signal.SIGKILL
        assert store.find(job.id) == job
    with store.claim(limit_s=600) as claim:
        assert claim is not None
        assert claim.job.id == job.id


def test_there_are_as_many_places_as_are_stated(store: JobStore, put: Callable[..., Job]) -> None:
    put()
    put()
    assert store.has_work(1)
    with at_work(store):
        assert not store.has_work(1)
        assert store.has_work(2)
        with store.slot(1) as is_free:
            assert not is_free
        with store.slot(2) as is_free:
            assert is_free
            assert not store.has_work(2)
    with store.slot(1) as is_free:
        assert is_free


def test_no_more_processes_are_needed_than_jobs_wait(store: JobStore, put: Callable[..., Job]) -> None:
    put()
    put()
    assert store.has_work(9, asked=[1])
    assert not store.has_work(9, asked=[1, 2]), "both are about to take one out"
    assert not store.has_work(9, waited=timedelta(hours=1))
    with at_work(store) as process:
        assert store.has_work(9, asked=[process.pid])
        assert not store.has_work(9, asked=[process.pid, 1])


def test_what_was_kept_long_enough_is_removed(tmp_path: Path) -> None:
    store = JobStore(tmp_path, most_waiting=3, keep=timedelta(0))
    with store.draft() as draft:
        job = store.submit(draft, kind="check", title="old", parameters={})
    store.sweep()
    assert store.find(job.id).state is JobState.WAITING
    store.cancel(job.id)
    with pytest.raises(NotFoundError):
        store.find(job.id)
    assert (tmp_path / job.id).is_dir()
    store.sweep()
    assert not (tmp_path / job.id).exists()


def test_what_dead_processes_left_is_removed(store: JobStore, put: Callable[..., Job]) -> None:
    kept = put()
    with store.draft() as arriving:
        os.utime(arriving.folder, (0, 0))
        for name in (".draft-young", ".draft-forsaken", ".removed-half"):
            (store.folder / name).mkdir()
        os.utime(store.folder / ".draft-forsaken", (0, 0))
        store.sweep()
        left = {path.name for path in store.folder.iterdir() if path.is_dir()}
    assert left == {kept.id, arriving.folder.name, ".draft-young"}
