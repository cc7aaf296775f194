"""Files sent to the service, and the jobs that they become done in the process of the test."""

from __future__ import annotations

from typing import Any

from jobs_by_hand import do_next

from gisgov.work.orders import WorkOrder


def work(client: Any) -> None:
    """Do the job that waits, in this process."""
    context = client.app.state.context
    order = WorkOrder.of(
        context.settings,
        place=context.jobs,
        database_url=context.settings.database_url,
        assets=context.assets,
    )
    assert do_next(order) is not None


def sent(client: Any, what: str, text: str | bytes, *, name: str = "一批.csv", **given: Any) -> Any:
    """Send a file in: ``sent(client, "events", text, crs="wgs84", headers=…)``."""
    headers = given.pop("headers", None)
    return client.post(f"/v1/imports/{what}", files={"file": (name, text)}, data=given, headers=headers)


def done(client: Any, answer: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Do the job that was answered, and return it."""
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "waiting"
    work(client)
    job: dict[str, Any] = client.get(answer.headers["Location"], headers=headers).json()
    return job


def result(client: Any, job: dict[str, Any], name: str, headers: dict[str, str] | None = None) -> Any:
    href = {one["name"]: one["href"] for one in job["results"]}[name]
    return client.get(href, headers=headers)


def report(client: Any, job: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
    assert job["state"] == "done", job["problem"]
    told: dict[str, Any] = result(client, job, "report.json", headers).json()
    return told
