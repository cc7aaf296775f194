"""Events reported over HTTP: arrays, one object, lines; what is wrong is pointed at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from ingest_ground import settle
from signed_in import bearer

from gisgov.governance.access import Grant, Role
from gisgov.store.database import Database

if TYPE_CHECKING:
    from conftest import Open
    from starlette.testclient import TestClient

LINES = {"Content-Type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def service(open_client: Open, module_database_url: str) -> Iterator[TestClient]:
    """The service on the ground where events come in, asked by an officer of grid A."""
    database = Database(module_database_url)
    settle(database)
    headers = bearer(database, "officer", Grant(Role.OFFICER, "grid", "A"))
    database.dispose()
    with open_client(module_database_url, headers=headers) as opened:
        yield opened


def item(name: str, **more: Any) -> dict[str, Any]:
    return {"source": "hotline", "external_id": name, "lon": 114.035, "lat": 22.505, **more}


def test_one_event_is_made_once_and_says_where_it_is(service: TestClient) -> None:
    sent = item("one", level=2, occurred_at="2026-05-01T12:00:00")
    first, again = (service.post("/v1/events", json=sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    (one,) = first.json()["items"]
    assert first.headers["Location"] == f"/v1/events/{one['event_id']}"
    assert (one["outcome"], one["crs"], one["desk"]["code"]) == ("created", "EPSG:4326", "C")
    assert again.json()["items"][0]["outcome"] == "known"
    assert again.json()["items"][0]["event_id"] == one["event_id"]


def test_one_that_is_refused_is_a_problem_that_points_at_its_fault(service: TestClient) -> None:
    answer = service.post("/v1/events", json=item("wrong", lon=200))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/body/lon"]


def test_a_batch_tells_of_each_item(service: TestClient) -> None:
    sent = [
        item("b-1", external_id=17, lon=None, lat=None, building="b1"),
        item("b-2", lon="114.0"),
        item("b-3", colour="red"),
        {"source": "hotline"},
        "text",
        item("b-4", description="\ud800"),
        item("b-5", attributes={"a/b": {"~": "\0"}}),
        item("b-6", category="0102", corrected=True, lon=114.005),
        item("b-6", category="0102", corrected=True, lon=114.005),
    ]
    answer = service.post(
        "/v1/events", content=json.dumps(sent), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200
    told = answer.json()
    assert [one["outcome"] for one in told["items"]] == ["created", *["refused"] * 6, "created", "known"]
    assert {name: told[name] for name in ("received", "created", "known", "updated", "refused")} == {
        "received": 9, "created": 2, "known": 1, "updated": 0, "refused": 6,
    }  # fmt: skip
    assert [[fault["pointer"] for fault in one["faults"]] for one in told["items"][1:7]] == [
        ["/1/lon"], ["/2/colour"], ["/3/external_id"], ["/4"], ["/5/description"], ["/6/attributes"],
    ]  # fmt: skip
    assert "it takes attributes, building" in told["items"][2]["faults"][0]["reason"]
    assert told["items"][0]["external_id"] == "17"
    assert told["items"][7]["state"] == "closed"


def test_lines_are_events_and_a_bad_one_harms_no_other(service: TestClient) -> None:
    body = "\n".join(
        [json.dumps(item("l-1")), "", "{", json.dumps(item("l-2", crs="gcj02"), ensure_ascii=False)]
    )
    told = service.post("/v1/events", content=body.encode(), headers=LINES).json()["items"]
    assert [one["outcome"] for one in told] == ["created", "refused", "created"]
    assert told[1]["faults"] == [{"pointer": "/1", "reason": "The line is no JSON."}]
    assert told[2]["crs"] == "GCJ-02"


def test_bodies_that_are_none_are_refused_whole(service: TestClient) -> None:
    assert (
        service.post("/v1/events", content=b"[", headers={"Content-Type": "application/json"}).status_code
        == 422
    )
    assert service.post("/v1/events", content=b"a,b", headers={"Content-Type": "text/csv"}).status_code == 415
    assert service.post("/v1/events", content=b"{}\n" * 10_001, headers=LINES).status_code == 413
    assert service.post("/v1/events", json=[]).json()["items"] == []


def test_one_closes_on_the_spot_where_one_deals_with_events_alone(service: TestClient) -> None:
    answer = service.post(
        "/v1/events", json=[item("spot", level=1, corrected=True), item("far", lon=114.005)]
    )
    closed, open_ = answer.json()["items"]
    assert (closed["outcome"], open_["outcome"]) == ("refused", "created")
    assert closed["faults"] == [
        {
            "pointer": "/0/corrected",
            "reason": "Only who holds events.handle where it happened closes it on the spot.",
        }
    ]


def test_an_offset_that_no_place_has_harms_no_other(service: TestClient) -> None:
    sent = [
        item("odd", occurred_at="2026-01-01T00:00:00+23:59"),
        item("even", occurred_at="2026-01-01T00:00:00+08:00"),
    ]
    assert [one["outcome"] for one in service.post("/v1/events", json=sent).json()["items"]] == [
        "created",
        "created",
    ]
