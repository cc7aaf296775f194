"""Steps of events over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from loop_ground import report, settle
from signed_in import bearer

from gisgov.governance.access import Grant, Role
from gisgov.store.database import Database


@pytest.fixture(scope="module")
def client(module_database_url: str, open_client: Any) -> Iterator[Any]:
    database = Database(module_database_url)
    settle(database)
    report(database, "one")
    report(database, "two")
    database.dispose()
    with open_client(module_database_url) as opened:
        yield opened


def test_an_event_is_dispatched_and_its_history_told(client: Any, module_database_url: str) -> None:
    accepted = client.post("/v1/events/1/steps", json={"action": "accept"}, headers={"If-Match": '"1"'})
    assert accepted.status_code == 201, accepted.text
    assert accepted.headers["ETag"] == '"2"'
    sent = {"action": "dispatch", "expects": 2, "desk": {"layer": "grid", "area": "B", "department": "water"}}
    done = client.post("/v1/events/1/steps", json=sent, headers={"If-Match": "*"}).json()
    assert (done["state"], done["step_number"]) == ("dispatched", 3)
    desk = done["desk"]
    assert (desk["code"], desk["name"], desk["department_title"]) == ("B", "grid B", "水务局")
    assert [one["action"] for one in done["next_steps"]][:3] == ["start", "handle", "return"]
    assert {one["stage"] for one in done["limits"]} >= {"case", "handling"}
    way = client.get("/v1/events/1/steps").json()
    assert [(one["number"], one["action"], one["by_kind"]) for one in way] == [
        (1, "report", "service"),
        (2, "accept", "client"),
        (3, "dispatch", "client"),
    ]
    officer = bearer(module_database_url, "officer-of-c", Grant(Role.OFFICER, "grid", "C"))
    unseen = client.get("/v1/events/1/steps", headers=officer)
    assert (unseen.status_code, unseen.json()["type"]) == (404, "/problems/event-unknown")
    moved = {"action": "hand-over", "desk": {"layer": "grid", "area": "C"}}
    assert client.post("/v1/events/1/steps", json=moved).status_code == 201
    assert client.get("/v1/events/1/steps", headers=officer).status_code == 200
    extended = {"action": "extend", "reason": "rain", "stage": "handling", "amount": 2}
    assert client.post("/v1/events/1/steps", json=extended).status_code == 201
    to = {"action": "hand-over", "desk": {"triage": True, "department": "parks"}}
    assert client.post("/v1/events/1/steps", json=to).json()["desk"]["kind"] == "triage"
    to = {"action": "hand-over", "desk": {"department": "parks"}}
    assert client.post("/v1/events/1/steps", json=to).json()["desk"]["kind"] == "department"


def test_what_is_not_possible_tells_what_is(client: Any) -> None:
    illegal = client.post("/v1/events/2/steps", json={"action": "close"})
    assert illegal.status_code == 409
    problem = illegal.json()
    assert (problem["type"], problem["state"]) == ("/problems/illegal-transition", "reported")
    assert problem["legal"][:3] == ["verify", "accept", "reject"]
    late = client.post("/v1/events/2/steps", json={"action": "accept", "expects": 7})
    assert (late.status_code, late.json()["type"]) == (412, "/problems/step-conflict")
    assert (late.json()["step_number"], late.headers["ETag"]) == (1, '"1"')


@pytest.mark.parametrize(
    ("body", "headers", "pointer"),
    [
        ({"action": "dance"}, {}, "/body/action"),
        ({"action": "reject"}, {}, "/body/reason"),
        ({"action": "hand-over", "desk": {"layer": "grid"}}, {}, "/body/desk"),
        ({"action": "hand-over", "desk": {}}, {}, "/body/desk"),
        ({"action": "hand-over", "desk": {"triage": True, "layer": "grid"}}, {}, "/body/desk"),
        ({"action": "accept"}, {"If-Match": "three"}, "/header/If-Match"),
        ({"action": "accept", "expects": 2}, {"If-Match": '"1"'}, "/header/If-Match"),
        ({"action": "accept", "mood": "good"}, {}, "/body/mood"),
    ],
)
def test_what_is_no_step_is_pointed_at(
    client: Any, body: dict[str, Any], headers: dict[str, str], pointer: str
) -> None:
    refused = client.post("/v1/events/2/steps", json=body, headers=headers)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]


def test_the_machine_is_told_to_everybody(client: Any) -> None:
    loop = client.get("/v1/loop", headers={"Authorization": ""}).json()
    assert [one["state"] for one in loop["states"] if not one["is_open"]] == [
        "closed",
        "revisited",
        "rejected",
        "merged",
    ]
    resume = next(one for one in loop["actions"] if one["action"] == "resume")
    assert (resume["from_states"], resume["leads_back"], resume["pauses"]) == (["suspended"], True, [])
    assert [one["title_zh"] for one in loop["practices"][0]["stages"]] == [
        "巡纠",
        "上报",
        "分拨",
        "处置",
        "复核",
    ]
