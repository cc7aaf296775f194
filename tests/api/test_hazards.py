"""Hazards of buildings over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hazard_ground
import pytest

from api.routes.hazards import MOST
from gisgov.store.database import Database

ONE = {"external_id": "1", "building": "a1", "kind": "fire", "found_on": "2026-05-01", "due_on": "2026-05-09"}


@pytest.fixture(scope="module")
def client(module_database_url: str, open_client: Any) -> Iterator[Any]:
    database = Database(module_database_url)
    hazard_ground.settle(database)
    database.dispose()
    with open_client(module_database_url) as opened:
        yield opened


def send(client: Any, *hazards: dict[str, Any]) -> dict[str, Any]:
    sent = client.post("/v1/hazards", json={"source": "inspection", "hazards": [*hazards]})
    assert sent.status_code == 200, sent.text
    return sent.json()


def test_a_hazard_is_recorded_rectified_checked_and_told(client: Any) -> None:
    taken = send(client, ONE, {**ONE, "external_id": "2", "building": "none"})
    assert (taken["created"], taken["refused"], taken["rated"]) == (1, 1, 1)
    assert taken["items"][1]["reason"] == "There is no building none where you may see buildings."
    address = f"/v1/hazards/{taken['items'][0]['id']}"
    assert client.get(address).json()["hazard"]["is_overdue"] is True
    step = {"action": "rectify", "day": "2026-05-10"}
    assert client.post(f"{address}/steps", json=step).json()["state"] == "rectified"
    returned = {"action": "return", "day": "2026-05-11", "reason": "still blocked", "due_on": "2099-01-01"}
    assert client.post(f"{address}/steps", json=returned).json()["due_on"] == "2099-01-01"
    client.post(f"{address}/steps", json={"action": "rectify", "day": "2026-05-12"})
    assert client.post(f"{address}/steps", json={"action": "check"}).json()["legal"] == []
    told = client.get(address).json()
    assert [one["action"] for one in told["steps"]] == ["find", "rectify", "return", "rectify", "check"]
    refused = client.post(f"{address}/steps", json={"action": "extend"})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "conflict")
    assert send(client, ONE)["known"] == 1


def test_hazards_come_from_somebody(client: Any) -> None:
    refused = client.post("/v1/hazards", json={"source": " ", "hazards": [ONE]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/body/source")


def test_lists_come_in_pages_and_are_filtered(client: Any) -> None:
    send(client, *({**ONE, "external_id": f"p{number}", "building": "b1"} for number in range(3)))
    first = client.get("/v1/hazards?layer=grid&area=B&limit=2")
    assert [one["external_id"] for one in first.json()] == ["p2", "p1"]
    address = first.headers["Link"].partition(">")[0].removeprefix("<")
    assert [one["external_id"] for one in client.get(address).json()] == ["p0"]
    assert client.get("/v1/hazards?kind=electrical").json() == []
    building = first.json()[0]["building"]["id"]
    assert len(client.get(f"/v1/hazards?building={building}&overdue=true&state=found").json()) == 3


def test_statistics_are_numbers_and_tables(client: Any) -> None:
    send(client, {**ONE, "external_id": "s", "building": "c1", "rectified_on": "2026-05-03"})
    address = "/v1/hazards/statistics?layer=grid&at=2026-05-10&since=2026-05-01&until=2026-05-01"
    rows = {one["code"] or one["place"]: one["figures"] for one in client.get(address).json()["rows"]}
    assert (rows["C"]["found"], rows["C"]["on_time_rate"], rows["C"]["median_days"]) == (1, 1.0, 2.0)
    assert sum(one["found"] for one in rows.values()) == 2 * rows["all"]["found"]
    table = client.get(f"{address}&format=csv&language=en")
    assert table.headers["Content-Disposition"] == 'attachment; filename="hazards.csv"'
    assert table.text.splitlines()[0].startswith("\ufeffcode,name,kind,found")
    assert client.get(f"{address}&format=xlsx").content[:2] == b"PK"


def test_many_come_at_once_and_no_more(client: Any) -> None:
    whole = [{**ONE, "external_id": f"m{number}", "building": "lost"} for number in range(MOST)]
    taken = send(client, *whole)
    assert (taken["created"], len(taken["items"])) == (MOST, MOST)
    assert send(client, *whole)["known"] == MOST
    more = client.post("/v1/hazards", json={"source": "i", "hazards": [*whole, ONE]})
    assert more.status_code == 422


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/v1/hazards?layer=grid", 422),
        ("/v1/hazards?kind=water", 422),
        ("/v1/hazards?after=x", 422),
        ("/v1/hazards/999999", 404),
        ("/v1/hazards/statistics?layer=nothing", 404),
        ("/v1/hazards/statistics?layer=grid&at=2026-05-10&since=2026-05-02&until=2026-05-01", 422),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client: Any, address: str, status: int) -> None:
    assert client.get(address).status_code == status
