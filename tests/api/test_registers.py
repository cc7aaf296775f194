"""The registers over HTTP: proposed by a job, decided about, and asked for by anybody who may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from import_jobs_by_hand import done, report, sent, work
from signed_in import bearer

from fixtures.shipped import register_file
from gisgov.governance.access import Grant, Role
from gisgov.store.database import Database
from gisgov.store.tables import event

Open = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def waiting(district: None, open_client: Open, database_url: str) -> Iterator[Any]:
    with open_client(database_url, serve_worker=False) as opened:
        yield opened


def bring(client: Any, what: str, text: str, **given: Any) -> dict[str, Any]:
    headers = given.get("headers")
    return report(client, done(client, sent(client, what, text, **given), headers), headers)


def test_the_register_from_proposal_to_force(waiting: Any, database: Database) -> None:
    manager = bearer(database, "manager", Grant(Role.MANAGER))
    assert bring(waiting, "departments", "code,title\nwater,水务局\n", headers=manager)["inserted"] == 1
    text = "编码,名称,大类,级别,部门\nA1,积水,隐患,二级,水务局\nA2,噪声,便民,1,nobody\nA3,其他,其他,1,\n"
    told = bring(waiting, "categories", text, headers=manager, reason="年度")
    assert (told["source"], told["inserted"], told["rejected"]) == ("一批", 2, 1)
    assert told["problems"][0]["kind"] == "unknown-department"
    again = bring(waiting, "categories", text, headers=manager, absent="retire", title_field="名称")
    assert (again["inserted"], again["unchanged"], again["retirement_proposed"]) == (0, 2, 0)
    refused = waiting.post("/v1/categories/A1/permit", json={"act": "approve"}, headers=manager)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed")
    one = waiting.post("/v1/categories/A1/permit", json={"act": "approve", "version": 1})
    assert (one.status_code, one.json()["categories"][0]["permit"]) == (200, "approved")
    wrong = waiting.post("/v1/categories/A3/permit", json={"act": "enforce", "day": "2026-01-01"})
    assert wrong.status_code == 409
    assert "approve, refuse" in wrong.json()["hint"]
    both = {"act": "approve", "all": True, "source": "一批"}
    assert len(waiting.post("/v1/categories/permits", json=both).json()["categories"]) == 1
    enforced = {"act": "enforce", "codes": ["A1", "A3"], "day": "2026-01-01", "reason": "会议纪要"}
    assert waiting.post("/v1/categories/permits", json=enforced).json()["day"] == "2026-01-01"
    viewer = bearer(database, "officer", Grant(Role.OFFICER, "street", "S"))
    for query, codes in (
        ("?at=2026-01-01", ["A1", "A3"]),
        ("?at=2025-12-31", []),
        ("?function=隐患", ["A1"]),
        ("?permit=proposed", []),
        ("?permit=in-force&at=2026-02-01", ["A1", "A3"]),
    ):
        listed = waiting.get(f"/v1/categories{query}", headers=viewer).json()
        assert [one["code"] for one in listed] == codes, query
    (version,) = waiting.get("/v1/categories/A1", headers=viewer).json()["versions"]
    assert [(one["permit"], one["by"], one["reason"]) for one in version["permits"]] == [
        ("proposed", "manager", "年度"),
        ("approved", "tests-administrator", None),
        ("in-force", "tests-administrator", "会议纪要"),
    ]
    mine = bearer(database, "s", Grant(Role.DISPATCHER, "street", "S"))
    rows = "e1,2026-03-01 08:00,114.005,22.505,积水\ne2,2026-03-01 09:00,114.005,22.505,积雪\n"
    told = bring(waiting, "events", "编号,时间,经度,纬度,类别\n" + rows, crs="wgs84", headers=mine)
    assert told["inserted"] == 2
    with database.begin() as connection:
        found = connection.execute(sa.select(event.c.external_id, event.c.category_code))
        assert sorted(tuple(row) for row in found) == [("e1", "A1"), ("e2", None)]
    departments = waiting.get("/v1/departments?at=2026-01-01", headers=viewer).json()
    assert departments == [{"code": "water", "title": "水务局", "title_en": None, "categories": 1}]


def test_many_events_get_their_items_by_a_job(
    waiting: Any, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(waiting, "categories", "编码,名称,大类,级别\nA1,积水,隐患,二级\nA2,积雪,隐患,二级\n")
    rows = "e1,2026-03-01 08:00,114.005,22.505,积水\ne2,2026-03-01 09:00,114.005,22.505,积雪\n"
    bring(waiting, "events", "编号,时间,经度,纬度,类别\n" + rows, crs="wgs84")
    approve = {"act": "approve", "all": True}
    told = waiting.post("/v1/categories/permits", json=approve).json()
    assert (told["classified"], told["job"]) == (0, None)
    monkeypatch.setattr("api.routes.registers._MOST_CLASSIFIED", 1)
    enforce = {"act": "enforce", "day": "2026-01-01"}
    told = waiting.post("/v1/categories/A1/permit", json=enforce).json()
    assert (told["categories"][0]["permit"], told["classified"]) == ("in-force", None)
    stored = sa.select(event.c.category_code).order_by(event.c.external_id)
    with database.begin() as connection:
        assert connection.scalars(stored).all() == [None, None]
    work(waiting)
    job = waiting.get(told["job"]).json()
    assert (job["kind"], job["title"]) == ("classify_events", "A1")
    assert report(waiting, job) == {"classified": 1, "left": 1}
    # one is left, which is not many
    told = waiting.post("/v1/categories/A2/permit", json=enforce).json()
    assert (told["classified"], told["job"]) == (1, None)
    with database.begin() as connection:
        assert connection.scalars(stored).all() == ["A1", "A2"]


def test_the_example_goes_in_whole(waiting: Any) -> None:
    for what in ("departments", "categories"):
        text = register_file(what).read_text(encoding="utf-8")
        told = bring(waiting, what, text, strict=True)
        assert (told["inserted"], told["rejected"]) == (told["rows_read"], 0)
    assert len(waiting.get("/v1/categories?permit=proposed").json()) == 217
