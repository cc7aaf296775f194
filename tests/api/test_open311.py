"""Open311 as its clients speak it: services, requests sent and read, errors in JSON and XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from ingest_ground import settle
from signed_in import bearer

from api.app import create_app
from gisgov.governance.access import Grant, Role
from gisgov.store.database import Database

if TYPE_CHECKING:
    from conftest import Open
    from starlette.testclient import TestClient

ROOT = "/open311/v2"
PLACE = {"lat": "22.505", "long": "114.035"}


@pytest.fixture(scope="module")
def ground(module_database_url: str) -> Iterator[Database]:
    database = Database(module_database_url)
    settle(database)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def key(ground: Database) -> str:
    return bearer(ground, "app", Grant(Role.DISPATCHER))["Authorization"].removeprefix("Bearer ")


@pytest.fixture(scope="module")
def service(open_client: Open, ground: Database, module_database_url: str) -> Iterator[TestClient]:
    """The service, asked by nobody unless a request shows a key."""
    with open_client(module_database_url, headers={}) as opened:
        yield opened


def element(text: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - our own


def send(service: TestClient, key: str, form: str = "json", **values: Any) -> Any:
    headers = values.pop("headers", {})
    return service.post(f"{ROOT}/requests.{form}", data={"api_key": key, **values}, headers=headers)


def one(service: TestClient, key: str, number: str) -> dict[str, Any]:
    (row,) = service.get(f"{ROOT}/requests/{number}.json", params={"api_key": key}).json()
    return dict(row)


def test_the_services_are_the_items_in_force(service: TestClient, key: str) -> None:
    rows = service.get(f"{ROOT}/services.json?api_key={key}&jurisdiction_id=district").json()
    assert [row["service_code"] for row in rows] == ["0101", "0102", "0201"]
    assert rows[0]["service_name"] == "井盖"
    document = element(service.get(f"{ROOT}/services.xml?api_key={key}").content)
    assert [item.findtext("service_name") for item in document.iter("service")] == [
        "井盖",
        "乱堆物料",
        "路灯",
    ]
    definition = service.get(f"{ROOT}/services/0102.json?api_key={key}").json()
    assert definition == [{"service_code": "0102", "attributes": []}]


def test_a_request_lands_on_a_desk_and_is_read_again(service: TestClient, key: str) -> None:
    sent = send(service, key, **PLACE, service_code="0102", description="路边堆料", phone="13800000000")
    assert sent.status_code == 201
    ((number, notice, account),) = [tuple(row.values()) for row in sent.json()]
    assert "keeps no persons" in notice
    assert account is None
    row = one(service, key, number)
    assert {name: row[name] for name in ("status", "service_code", "service_name", "description")} == {
        "status": "open", "service_code": "0102", "service_name": "乱堆物料", "description": "路边堆料",
    }  # fmt: skip
    assert (row["lat"], row["long"], row["agency_responsible"]) == (22.505, 114.035, "grid C")
    assert row["requested_datetime"] < row["expected_datetime"]
    document = element(
        service.get(f"{ROOT}/requests/{number}.xml", headers={"Authorization": f"Bearer {key}"}).content
    )
    assert document.tag == "service_requests"
    assert document.findtext("request/service_request_id") == number


def test_of_the_sender_nothing_is_kept(service: TestClient, key: str, ground: Database) -> None:
    told = {
        "email": "a@b.example",
        "first_name": "四",
        "last_name": "李",
        "attribute[floor]": "3",
        "attribute[Phone]": "13800000000",
        "attribute[联系电话]": "13800000000",
        "attribute[callerName]": "李四",
        "media_url": "https://x.example/1.jpg",
    }
    number = send(service, key, **PLACE, service_code="0101", **told).json()[0]["service_request_id"]
    with ground.begin() as connection:
        kept = connection.execute(sa.text("SELECT * FROM event WHERE id = :id"), {"id": int(number)}).one()
    assert kept.attributes == {"media_url": "https://x.example/1.jpg", "attributes": {"floor": ["3"]}}
    assert "b.example" not in str(kept._asdict())


def test_sent_again_under_its_key_it_is_the_same(service: TestClient, key: str) -> None:
    sent = [
        send(service, key, **PLACE, service_code="0102", headers={"Idempotency-Key": "q-1"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in sent] == [201, 200]
    assert sent[0].json() == sent[1].json()


def test_an_address_without_a_coordinate_waits_in_triage(service: TestClient, key: str) -> None:
    number = send(service, key, address_string="人民路 1 号", service_code="0102").json()[0][
        "service_request_id"
    ]
    row = one(service, key, number)
    assert (row["lat"], row["agency_responsible"], row["status"]) == (None, None, "open")


def test_requests_are_found_by_their_filters(service: TestClient, key: str) -> None:
    first, second = (
        send(service, key, **PLACE, service_code=code).json()[0]["service_request_id"]
        for code in ("0201", "0102")
    )

    def found(**asked: str) -> list[str]:
        rows = service.get(f"{ROOT}/requests.json", params={"api_key": key, **asked}).json()
        return [row["service_request_id"] for row in rows]

    assert found(service_request_id=f"{first},{second},x,999999") == [second, first]
    assert found(service_code="0201") == [first]
    assert second in found(status="open", start_date="2026-01-01")
    assert found(status="closed") == []
    assert found(end_date="2020-01-01T00:00:00Z") == found(end_date="0001-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"service_code": "0102"}, "A place is missing"),
        ({**PLACE}, "service_code is missing"),
        ({"service_code": "0102", "lat": "22.5"}, "lat and long come together"),
        ({"service_code": "0102", "lat": "95", "long": "114"}, "beyond 90 degrees"),
        ({"service_code": "0102", "lat": "here", "long": "114"}, "is no number"),
        ({**PLACE, "service_code": "0102", "colour": "red"}, "colour is no parameter"),
        ({**PLACE, "service_code": ["0102", "0101"]}, "service_code stands twice"),
        ({**PLACE, "service_code": "0102", "description": "x" * 5000}, "longer than"),
    ],
)
def test_what_cannot_be_taken_is_an_error_in_the_form_asked_for(
    service: TestClient, key: str, values: dict[str, str], words: str
) -> None:
    answer = send(service, key, **values)
    assert answer.status_code == 400
    (error,) = answer.json()
    assert error["code"] == 400
    assert words in error["description"]
    told = element(send(service, key, "xml", **values).content)
    assert (told.tag, told.findtext("error/code")) == ("errors", "400")


def test_errors_of_access_and_address(service: TestClient, key: str) -> None:
    assert service.get(f"{ROOT}/requests.json").json()[0]["code"] == 401
    assert send(service, "ggk_wrong_key", **PLACE, service_code="0102").status_code == 401
    missing = service.get(f"{ROOT}/requests/999999.xml?api_key={key}")
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "text/xml; charset=utf-8")
    assert element(missing.content).findtext("error/code") == "404"
    assert service.get(f"{ROOT}/services/none.json?api_key={key}").status_code == 404
    assert service.get(f"{ROOT}/services.csv?api_key={key}").status_code == 400
    assert send(service, key, **PLACE, service_code="9999").status_code == 404
    large = send(service, key, **PLACE, service_code="0102", description="x" * 200_000)
    assert large.status_code in (401, 413)
    head = service.head(f"{ROOT}/requests/999999.json?api_key={key}")
    assert (head.status_code, head.content) == (404, b"")


def test_every_address_answers_errors_in_its_own_shape(lonely: TestClient) -> None:
    routes = [route for route in create_app().openapi()["paths"] if route.startswith(ROOT)]
    assert len(routes) == 4
    for route in routes:
        address = route.format(form="json", code="0101", id=1)
        for answer, status in (
            (lonely.get(f"{address}?color=red"), 400),
            (lonely.delete(address), 405),
            (lonely.get(address), 503),
            (lonely.get(address, headers={"Host": "evil.example:8000"}), 421),
        ):
            assert answer.status_code == status, (route, answer.text)
            if status != 421:  # refused before anybody looks at the address
                assert [error["code"] for error in answer.json()] == [status]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (
        lonely.post(f"{ROOT}/requests.json", data={}, headers={"Origin": "http://evil.example"}).status_code
        == 403
    )
