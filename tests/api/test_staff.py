"""Staff posts over HTTP: who may see a phone, and who may appoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from signed_in import bearer

from gisgov.governance.access import Grant, Role
from gisgov.store.database import Database
from gisgov.store.tables import layer

POST = {"area_code": "1", "role": "网格长", "holder": "李", "valid_from": "2026-02-01", "phone": "000-1"}


@pytest.fixture
def staffed(client: Any, database: Database, district: None) -> Any:
    """Two streets of two grids each; grid 1 in street S has 王 and 李, whose phone is known."""
    with database.begin() as connection:
        connection.execute(layer.update().where(layer.c.name == "grid").values(staffing="1 网格长 + N 兼职"))
    made = client.post("/v1/layers/grid/staff", json=POST)
    assert made.status_code == 201, made.text
    return client


Asking = Callable[..., dict[str, str]]


@pytest.fixture
def holding(database: Database) -> Asking:
    """Headers of somebody who holds a role in a street: ``holding(Role.VIEWER, "S")``."""

    def asked(role: Role, street: str, **key: Any) -> dict[str, str]:
        return bearer(database, f"{role}-{street}".lower(), Grant(role, "street", street), **key)

    return asked


def phones(answer: Any) -> set[str | None]:
    return {post["phone"] for post in answer.json()}


def test_a_phone_is_shown_in_the_street_and_withheld_elsewhere(staffed: Any, holding: Asking) -> None:
    path = "/v1/layers/grid/staff?area=1&at=2026-03-01"
    here, there = holding(Role.DISPATCHER, "S"), holding(Role.DISPATCHER, "T")
    assert phones(staffed.get(path, headers=here)) == {None, "000-1"}
    assert phones(staffed.get(path, headers=there)) == {None}
    for address in (
        "/v1/resolve?lon=114.005&lat=22.505&at=2026-03-01&layer=grid",
        "/v1/areas/1?at=2026-03-01",
        "/v1/layers/grid/areas?at=2026-03-01",
    ):
        mine, theirs = (staffed.get(address, headers=one) for one in (here, there))
        assert (mine.status_code, theirs.status_code) == (200, 200)
        assert '"000-1"' in mine.text
        assert "李" in theirs.text
        assert "000-1" not in theirs.text


def test_the_posts_of_the_day_are_told(staffed: Any) -> None:
    def told(day: str) -> list[str]:
        return [one["holder"] for one in staffed.get(f"/v1/areas/1?at={day}").json()["properties"]["staff"]]

    assert told("2026-01-31") == ["王"]
    assert told("2026-02-01") == ["王", "李"]


def test_deputies_are_told_with_the_post_and_act_when_its_holder_is_gone(staffed: Any) -> None:
    posts = {one["holder"]: one["id"] for one in staffed.get("/v1/layers/grid/staff?at=2026-03-01").json()}
    deputy = {**POST, "holder": "赵", "phone": None, "deputy_for": posts["李"]}
    assert staffed.post("/v1/layers/grid/staff", json=deputy).status_code == 201
    ended = staffed.patch(f"/v1/staff/{posts['李']}", json={"valid_to": "2026-06-01"})
    assert ended.json()["valid_to"] == "2026-06-01"
    for day, holder in (("2026-05-31", "李"), ("2026-06-01", None)):
        last = staffed.get(f"/v1/areas/1?at={day}").json()["properties"]["staff"][-1]
        assert (last["holder"], last["deputies"]) == (holder, [{"holder": "赵", "phone": None}])


def test_vacancies(staffed: Any) -> None:
    answer = staffed.get("/v1/layers/grid/vacancies?at=2026-03-01").json()
    assert (answer["areas"], answer["areas_short"], answer["missing"], answer["surplus"]) == (4, 3, 3, 1)
    assert [one["code"] for one in answer["found"]] == ["1", "3", "4", "S"]
    needed = answer["needed"]
    assert answer["filled_share"] == pytest.approx((needed - answer["missing"]) / needed, abs=1e-6)
    table = staffed.get("/v1/layers/grid/vacancies?at=2026-03-01&format=csv&language=en")
    assert table.headers["Content-Disposition"] == 'attachment; filename="vacancies.csv"'
    rows = table.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("code,name,needed,filled,vacant,beyond,")
    assert len(rows) == 1 + answer["areas"] + 1
    assert rows[-1].startswith(f",all,{needed},{needed - answer['missing']},{answer['missing']},")
    refused = staffed.get("/v1/layers/street/vacancies?at=2026-03-01")
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["pointer"] == "/path/layer"


def test_a_manager_appoints_in_his_street_alone(staffed: Any, holding: Asking) -> None:
    manager = holding(Role.MANAGER, "S")
    own = {**POST, "holder": "孙"}
    made = staffed.post("/v1/layers/grid/staff", json=own, headers=manager)
    assert (made.status_code, made.json()["phone"]) == (201, "000-1")
    address = f"/v1/staff/{made.json()['id']}"
    other = holding(Role.MANAGER, "T")
    for refused in (
        staffed.post("/v1/layers/grid/staff", json={**own, "area_code": "3"}, headers=manager),
        staffed.patch(address, json={"phone": "000-2"}, headers=other),
        staffed.delete(address, headers=other),
    ):
        assert refused.status_code == 403, refused.text
        assert refused.json()["type"] == "/problems/not-allowed"
    assert staffed.patch(address, json={"phone": None}, headers=manager).json()["phone"] is None
    assert staffed.delete(address, headers=manager).status_code == 204
    assert staffed.delete(address, headers=manager).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"role": "村长"}, "/body/role"),
        ({"holder": ""}, "/body/holder"),
        ({"phone": "call"}, "/body/phone"),
        ({"valid_to": "2026-01-01"}, "/body/valid_to"),
        ({"valid_to": "soon"}, "/body/valid_to"),
        ({"rank": 1}, "/body/rank"),
        ({"deputy_for": "x"}, "/body/deputy_for"),
    ],
)
def test_faults_are_pointed_at(staffed: Any, body: dict[str, Any], pointer: str) -> None:
    refused = staffed.post("/v1/layers/grid/staff", json={**POST, "holder": "周", **body})
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_what_is_not_there(staffed: Any) -> None:
    missing = staffed.post("/v1/layers/grid/staff", json={**POST, "area_code": "9"})
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (404, "/body/area_code")
    assert staffed.get("/v1/layers/moon/staff").status_code == 404
    assert staffed.patch("/v1/staff/4711", json={}).status_code == 404
    assert staffed.get("/v1/layers/grid/staff?area=9").status_code == 404
