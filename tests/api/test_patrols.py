"""Patrols, visits and service points over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import patrol_ground
import pytest

from gisgov.store.database import Database

POINT = {"external_id": "1", "area": "A", "at": "2026-05-13T09:00:00", "lon": 114.005, "lat": 22.505}
BATCH = {"source": "app", "layer": "grid", "crs": "wgs84", "points": [POINT]}


@pytest.fixture(scope="module")
def client(module_database_url: str, open_client: Any) -> Iterator[Any]:
    database = Database(module_database_url)
    patrol_ground.settle(database)
    database.dispose()
    with open_client(module_database_url) as opened:
        yield opened


def test_check_ins_are_sent_and_counted(client: Any) -> None:
    sent = client.post("/v1/patrol-points", json=BATCH)
    assert sent.status_code == 200, sent.text
    assert sent.json()["items"] == [{"index": 0, "external_id": "1", "status": "created", "reason": None}]
    assert client.post("/v1/patrol-points", json=BATCH).json()["known"] == 1
    covered = client.get("/v1/layers/grid/patrol-coverage?from=2026-05-13&to=2026-05-13").json()
    assert [(one["code"], one["check_ins"]) for one in covered["areas"]] == [("A", 1), ("B", 0), ("C", 0)]
    assert covered["in_no_area"]["buildings"] == 2
    one = client.get("/v1/layers/grid/patrol-coverage?from=2026-05-13&to=2026-05-13&area=B").json()
    assert (len(one["areas"]), one["in_no_area"]) == (1, None)
    visits = client.get("/v1/layers/grid/visits?day=2026-05-13").json()
    assert (visits["is_working_day"], visits["total"]["due"]) == (True, 0)
    served = client.get("/v1/layers/grid/service-coverage?at=2026-05-13").json()
    assert (served["total"]["outside"], served["total"]["outside_share"]) == (187.0, 1.0)
    assert client.get("/v1/service-points?at=2026-05-13").json() == []
    address = "/v1/layers/grid/service-coverage/buildings?at=2026-05-13&limit=1"
    people = []
    while address:
        page = client.get(address)
        people += [one["population"] for one in page.json()]
        address = page.links.get("next", {}).get("url")
    assert (sum(people), sorted(people, reverse=True)) == (187, people)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/v1/layers/grid/patrol-coverage?from=2026-05-13&to=2026-05-12", 422),
        ("/v1/layers/grid/patrol-coverage?from=2026-05-13", 422),
        ("/v1/layers/grid/patrol-coverage?from=2026-05-13&to=2026-05-13&area=Z", 404),
        ("/v1/layers/grid/visits?day=soon", 422),
        ("/v1/layers/nothing/service-coverage", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client: Any, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_coordinates_name_their_system(client: Any) -> None:
    without = {name: value for name, value in BATCH.items() if name != "crs"}
    refused = client.post("/v1/patrol-points", json=without)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/body/crs"]
