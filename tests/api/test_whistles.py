"""Whistles over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from loop_ground import report, settle

from gisgov.store.database import Database


@pytest.fixture(scope="module")
def events(module_database_url: str) -> Iterator[list[int]]:
    database = Database(module_database_url)
    settle(database)
    yield [report(database, name) for name in ("one", "two")]
    database.dispose()


@pytest.fixture(scope="module")
def client(module_database_url: str, open_client: Any, events: list[int]) -> Iterator[Any]:
    with open_client(module_database_url) as opened:
        yield opened


def test_departments_are_called_and_answer(client: Any, events: list[int]) -> None:
    body = {"departments": ["water", "parks"], "reason": "积水", "same_day": True}
    called = client.post(f"/v1/events/{events[0]}/whistles", json=body)
    assert called.status_code == 201, called.text
    whistle = called.json()
    assert (whistle["layer"], whistle["area"], whistle["closed_at"]) == ("grid", "A", None)
    answer = {"department": "water", "answer": "到场"}
    answered = client.post(f"/v1/whistles/{whistle['id']}/answers", json=answer).json()
    assert [one["state"] for one in answered["calls"]] == ["running", "kept"]
    assert [one["on_behalf"] for one in answered["calls"]] == [False, True]  # of none, and it dispatches
    assert client.get("/v1/whistles?department=parks&open=true").json() == [answered]
    assert client.get("/v1/whistles?department=water&open=true").json() == []
    closed = client.post(f"/v1/whistles/{whistle['id']}/closure", json={"reason": "雨停"}).json()
    assert client.get(f"/v1/whistles?event={events[0]}").json() == [closed]
    again = client.post(f"/v1/whistles/{whistle['id']}/answers", json=answer)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")
    for_street = client.post(
        f"/v1/events/{events[1]}/whistles",
        json={"departments": ["water"], "reason": "积水", "layer": "street", "area": "S"},
    )
    assert (for_street.status_code, for_street.json()["area"]) == (201, "S")


def test_accounts_of_departments_answer_for_them(client: Any, events: list[int]) -> None:
    body = {"departments": ["parks"], "reason": "again"}
    whistle = client.post(f"/v1/events/{events[1]}/whistles", json=body).json()
    account = {"account": "parks", "kind": "client", "roles": [{"role": "officer"}], "department": "parks"}
    assert client.post("/v1/accounts", json=account).json()["department"] == "parks"
    key = client.post("/v1/accounts/parks/keys", json={}).json()["key"]
    answers = f"/v1/whistles/{whistle['id']}/answers"
    given = {"department": "parks", "answer": "到场"}
    with_key = {"Authorization": f"Bearer {key}"}
    assert client.patch("/v1/accounts/parks", json={"department": None}).json()["department"] is None
    refused = client.post(answers, json=given, headers=with_key)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed")
    assert "parks does not act for department parks" in refused.json()["detail"]
    assert client.patch("/v1/accounts/parks", json={"department": "parks"}).status_code == 200
    (call,) = client.post(answers, json=given, headers=with_key).json()["calls"]
    assert (call["answered_by"], call["on_behalf"], call["state"]) == ("parks", False, "kept")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"departments": [], "reason": "x"}, "/body/departments"),
        ({"departments": ["water"], "reason": ""}, "/body/reason"),
        ({"departments": ["water"], "reason": "x", "layer": "grid"}, "/body/area"),
    ],
)
def test_what_is_no_call_is_pointed_at(
    client: Any, events: list[int], body: dict[str, Any], pointer: str
) -> None:
    refused = client.post(f"/v1/events/{events[0]}/whistles", json=body)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]
