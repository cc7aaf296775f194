"""Jobs of any kind over HTTP: listed, watched, ended, tried again, their files fetched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from done_jobs import CHECK, REDIVISION
from signed_in import bearer

from api.progress_streams import Seats, progress_events
from gisgov.errors import UnavailableError
from gisgov.governance.access import Grant, Role
from gisgov.services.jobs import JobPlace, cancel_job, submit_job
from gisgov.store import jobs
from gisgov.store.database import Database

Open = Callable[..., AbstractContextManager[Any]]
JOB = f"/v1/jobs/{CHECK}"
KEEP = timedelta(hours=1)
PROBLEM = {"slug": "invalid-input", "message": "Row 7 is broken.", "hint": None, "field": "file"}


@pytest.fixture
def waiting(open_client: Open, database_url: str) -> Iterator[Any]:
    """Client of a service that begins no job by itself."""
    with open_client(database_url, serve_worker=False) as opened:
        yield opened


def put(client: Any) -> str:
    """Put a job in and return its id; it is the operator's."""
    context = client.app.state.context
    with context.jobs.draft() as draft:
        job = submit_job(context.database, draft, kind="trial", title="x", parameters={"place": "body"})
    return job.id


def change(client: Any, does: Callable[[sa.Connection], object]) -> None:
    with client.app.state.context.database.begin() as connection:
        assert does(connection) is not False


def test_a_job_that_is_done_leads_to_its_page_and_its_files(waiting: Any) -> None:
    told = waiting.get(JOB).json()
    assert (told["kind"], told["state"], told["account"]) == ("check", "done", None)
    assert told["href"] == f"/checks/{CHECK}"
    files = {one["name"]: one for one in told["results"]}
    assert set(files) == {
        *("report.json", "summary.json", "report.gpkg", "report.geojson"),
        *("report.zh.html", "report.en.html"),
    }
    package = waiting.get(files["report.gpkg"]["href"])
    assert package.headers["Content-Type"] == files["report.gpkg"]["media_type"]
    assert len(package.content) == files["report.gpkg"]["bytes"]
    assert package.headers["Content-Disposition"] == 'attachment; filename="report.gpkg"'
    page = waiting.get(files["report.en.html"]["href"])
    assert "Content-Disposition" not in page.headers
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert waiting.get(f"{JOB}/results/none.txt").json()["type"] == "/problems/not-found"
    assert waiting.get(f"/v1/jobs/{REDIVISION}").json()["href"] is None


def test_jobs_are_listed_in_pages(waiting: Any) -> None:
    new = put(waiting)
    assert [one["id"] for one in waiting.get("/v1/jobs").json()] == [new, REDIVISION, CHECK]
    first = waiting.get("/v1/jobs?limit=2")
    assert [one["id"] for one in first.json()] == [new, REDIVISION]
    rest = waiting.get(first.links["next"]["url"])
    assert [one["id"] for one in rest.json()] == [CHECK]
    assert "next" not in rest.links
    assert [one["id"] for one in waiting.get("/v1/jobs?state=waiting").json()] == [new]
    assert [one["id"] for one in waiting.get("/v1/jobs?kind=check").json()] == [CHECK]
    assert waiting.get("/v1/jobs?state=asleep").status_code == 422


def test_people_see_their_own_jobs(waiting: Any, database_url: str) -> None:
    headers = bearer(database_url, "wang", Grant(Role.PLANNER))
    operators = put(waiting)
    assert waiting.get("/v1/jobs", headers=headers).json() == []
    for method, further in (
        *(("GET", further) for further in ("", "/log", "/progress", "/results/report.json")),
        ("DELETE", ""),
        ("POST", "/retry"),
    ):
        answer = waiting.request(method, f"/v1/jobs/{operators}{further}", headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), further
    assert waiting.get("/v1/jobs", headers={"Authorization": ""}).status_code == 401
    assert waiting.get(f"/v1/jobs/{operators}").status_code == 200, "an administrator sees all"


def test_a_job_is_ended_and_removed(waiting: Any) -> None:
    address = f"/v1/jobs/{put(waiting)}"
    assert waiting.delete(address).status_code == 204
    assert waiting.get(address).json()["state"] == "cancelled"
    assert waiting.delete(address).status_code == 204
    assert waiting.get(address).status_code == 404


def test_a_job_that_failed_says_why_and_is_tried_again(waiting: Any) -> None:
    job = put(waiting)
    address = f"/v1/jobs/{job}"
    early = waiting.post(f"{address}/retry")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/conflict")
    change(waiting, lambda connection: jobs.fail(connection, job, 1, KEEP, PROBLEM))
    change(waiting, lambda connection: jobs.add_line(connection, job, 1, "it was row 7"))
    told = waiting.get(address).json()
    assert (told["state"], told["problem"]["status"]) == ("failed", 422)
    assert told["problem"]["errors"] == [{"pointer": "/body/file", "detail": "Row 7 is broken."}]
    (line,) = waiting.get(f"{address}/log").json()
    assert (line["attempt"], line["line"]) == (1, "it was row 7")
    again = waiting.post(f"{address}/retry")
    assert (again.status_code, again.headers["Location"]) == (202, address)
    assert (again.json()["state"], again.json()["attempt"], again.json()["problem"]) == ("waiting", 2, None)


def events_of(text: str) -> list[dict[str, Any]]:
    parts = [part.split("\n") for part in text.split("\n\n") if part.startswith("event: job")]
    return [json.loads(data.removeprefix("data: ")) for _, data in parts]


def test_the_stream_of_a_job_that_has_ended_tells_of_it_and_ends(waiting: Any) -> None:
    answer = waiting.get(f"{JOB}/progress")
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.startswith("retry: ")
    (job,) = events_of(answer.text)
    assert job == waiting.get(JOB).json()


def test_a_stream_tells_what_changes_until_the_job_ends(
    waiting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.progress_streams._EVERY_S", 0.0)
    monkeypatch.setattr("api.progress_streams._HEARTBEAT_S", -1.0)
    context = waiting.app.state.context
    job, seats, told = put(waiting), Seats(1, "progress", "Look"), []

    async def watch() -> None:
        async for event in progress_events(context, job, seats=seats):
            told.append(event)
            if len(told) == 2:
                with pytest.raises(UnavailableError, match="1 progress streams"):
                    seats.refuse_when_full()
                change(waiting, lambda connection: jobs.start(connection, job, 1, 5))
                change(waiting, lambda connection: jobs.tell_progress(connection, job, 1, "counting", 1, 4))
            if any(b"counting" in one for one in told) and told[-1].startswith(b": "):
                change(waiting, lambda connection: jobs.finish(connection, job, 1, KEEP))

    asyncio.run(watch())
    seats.refuse_when_full()
    states = [one["state"] for one in events_of(b"".join(told).decode())]
    assert (states[0], states[-1]) == ("waiting", "done")
    assert "running" in states
    assert len([one for one in told if one.startswith(b": ")]) >= 1


def test_a_stream_ends_with_a_job_that_is_removed(waiting: Any) -> None:
    context = waiting.app.state.context
    job, told = put(waiting), []

    async def watch() -> None:
        async for event in progress_events(context, job):
            told.append(event)
            if len(told) == 2:
                change(waiting, lambda connection: jobs.delete_job(connection, job))

    asyncio.run(watch())
    assert len(told) == 2


def test_a_stream_waits_for_a_database_that_is_away(waiting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.progress_streams._EVERY_S", 0.0)
    monkeypatch.setattr("api.progress_streams._HEARTBEAT_S", -1.0)
    context = waiting.app.state.context
    found = iter([UnavailableError("away"), None])

    def find(database: Database, job_id: str) -> Any:
        from gisgov.services.jobs import find_job

        error = next(found)
        if error is not None:
            raise error
        return find_job(database, job_id)

    monkeypatch.setattr("api.progress_streams.find_job", find)
    told: list[bytes] = []

    async def watch() -> None:
        told.extend([event async for event in progress_events(context, CHECK)])

    asyncio.run(watch())
    assert [one["state"] for one in events_of(b"".join(told).decode())] == ["done"]


def test_files_of_a_removed_job_are_gone(waiting: Any) -> None:
    context = waiting.app.state.context
    place: JobPlace = context.jobs
    assert (place.folder / CHECK).is_dir()
    cancel_job(context.database, place, CHECK)
    assert not (place.folder / CHECK).exists()
    assert waiting.get(f"{JOB}/results/report.json").status_code == 404
