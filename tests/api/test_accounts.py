"""Accounts and keys over HTTP, as whoever manages them."""

from __future__ import annotations

from typing import Any

import pytest

ROLES = [{"role": "planner", "layer": "grid", "area_code": "1"}, {"role": "viewer"}]


@pytest.mark.usefixtures("district")
def test_an_account_from_its_making_to_its_end(client: Any) -> None:
    made = client.post("/v1/accounts", json={"account": "lin", "roles": ROLES})
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    account = made.json()
    password = account.pop("one_time_password")
    assert len(password) == 19
    assert client.get("/v1/accounts/lin").json() == account
    assert [one["account"] for one in client.get("/v1/accounts").json()] == ["lin", "tests-administrator"]
    assert account["roles"] == [
        {"role": "viewer", "title_zh": "查看员", "title_en": "Viewer", "layer": None, "area_code": None},
        {"role": "planner", "title_zh": "规划员", "title_en": "Planner", "layer": "grid", "area_code": "1"},
    ]
    changed = client.patch("/v1/accounts/lin", json={"roles": [], "disabled": True}).json()
    assert (changed["roles"], changed["disabled"]) == ([], True)
    assert client.patch("/v1/accounts/lin", json={}).json() == changed
    renewed = client.post("/v1/accounts/lin/one-time-password")
    assert renewed.status_code == 201
    assert renewed.json()["one_time_password"] != password
    assert client.delete("/v1/accounts/lin").status_code == 204
    assert client.get("/v1/accounts/lin").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"account": "Lin"}, 422, "/body/account"),
        ({"account": "lin", "kind": "operator"}, 422, "/body/kind"),
        ({"account": "lin", "color": "red"}, 422, "/body/color"),
        ({"account": "lin", "roles": [{"role": "king"}]}, 422, "/body/roles/0/role"),
        ({"account": "lin", "roles": [{"role": "viewer", "layer": "grid"}]}, 422, "/body/roles"),
        (
            {"account": "lin", "roles": [{"role": "viewer", "layer": "x", "area_code": "1"}]},
            404,
            "/body/roles",
        ),
    ],
)
def test_what_is_no_account_is_pointed_at(
    client: Any, body: dict[str, Any], status: int, pointer: str
) -> None:
    response = client.post("/v1/accounts", json=body)
    assert response.status_code == status
    assert [one["pointer"] for one in response.json()["errors"]] == [pointer]


def test_the_last_that_manages_stays(client: Any) -> None:
    assert client.post("/v1/accounts", json={"account": "tests-administrator"}).status_code == 409
    client.post("/v1/accounts", json={"account": "chen", "roles": [{"role": "administrator"}]})
    refused = client.delete("/v1/accounts/chen")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")


def test_a_key_from_its_making_to_its_end(client: Any) -> None:
    client.post("/v1/accounts", json={"account": "hotline", "kind": "client", "roles": [{"role": "viewer"}]})
    keys = "/v1/accounts/hotline/keys"
    made = client.post(keys, json={"title": "热线", "scopes": ["areas.read"]})
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    old = made.json()
    with_old = {"Authorization": f"Bearer {old['key']}"}
    assert client.get("/v1/areas?q=1", headers=with_old).status_code == 200
    new = client.post(f"/v1/keys/{old['id']}/rotation").json()
    with_new = {"Authorization": f"bearer {new['key']}"}
    for headers in (with_old, with_new):
        assert client.get("/v1/areas?q=1", headers=headers).status_code == 200
    listed = client.get(keys).json()
    assert [one["id"] for one in listed] == [new["id"], old["id"]]
    assert all("key" not in one and one["last_used"] for one in listed)
    assert client.delete(f"/v1/keys/{old['id']}").status_code == 204
    assert client.get("/v1/areas?q=1", headers=with_old).status_code == 401
    assert client.get("/v1/areas?q=1", headers=with_new).status_code == 200
    assert [one["id"] for one in client.get(keys).json()] == [new["id"]]
    assert client.delete(f"/v1/keys/{old['id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scopes": []}, "/body/scopes"),
        ({"scopes": ["open"]}, "/body/scopes"),
        ({"expires": "2026-01-01T00:00:00Z"}, "/body/expires"),
        ({"expires": "2999-01-01T00:00:00Z"}, "/body/expires"),
        ({"expires": "2027-01-01T00:00:00"}, "/body/expires"),
    ],
)
def test_what_is_no_key_is_pointed_at(client: Any, body: dict[str, Any], pointer: str) -> None:
    response = client.post("/v1/accounts/tests-administrator/keys", json=body)
    assert response.status_code == 422
    assert [one["pointer"] for one in response.json()["errors"]] == [pointer]
