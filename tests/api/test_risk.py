"""Risk over HTTP: rules proposed, previewed and put in force as jobs; buildings that say why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from import_jobs_by_hand import done, report
from risk_ground import RULES, history, put
from signed_in import bearer

from gisgov.governance.access import Grant, Role
from gisgov.governance.risk import format_rules
from gisgov.services.days import parse_day
from gisgov.services.joining import join_buildings
from gisgov.store.database import Database

DOCUMENT = format_rules(RULES)


@pytest.fixture
def waiting(
    district: None,
    open_client: Callable[..., AbstractContextManager[Any]],
    database_url: str,
    database: Database,
) -> Iterator[Any]:
    """Client of a service over two streets; in S an old building, in T one that burnt."""
    put(database, "old", (114.005, 22.505), built_year=1950)
    put(database, "burnt", (114.035, 22.505), built_year=1950, fires=3)
    with open_client(database_url, serve_worker=False) as opened:
        zone = opened.app.state.context.timezone
        join_buildings(database, at=parse_day("2026-03-01", zone))
        yield opened


def ids(database: Database) -> dict[str, int]:
    with database.begin() as connection:
        return {row[0]: row[1] for row in connection.execute(sa.text("SELECT external_id, id FROM building"))}


def in_force(client: Any, document: dict[str, Any]) -> dict[str, Any]:
    """Propose rules and put them in force, and return what that did."""
    proposed = client.post("/v1/risk/rules", json=document)
    assert proposed.status_code == 201, proposed.text
    asked = client.post(f"/v1/risk/rules/{document['version']}/adoption", json={"reason": "局务会议"})
    return report(client, done(client, asked))


def test_rules_are_proposed_previewed_and_put_in_force(waiting: Any, database: Database) -> None:
    proposed = waiting.post("/v1/risk/rules", json=DOCUMENT)
    assert (proposed.status_code, proposed.json()["rules"]["state"]) == (201, "proposed")
    assert waiting.post("/v1/risk/rules", json=DOCUMENT).json()["is_new"] is False
    other = {**DOCUMENT, "source": "elsewhere"}
    assert waiting.post("/v1/risk/rules", json=other).status_code == 409
    told = report(waiting, done(waiting, waiting.post("/v1/risk/previews", json={"version": "1"})))
    assert (told["changed"], told["in_force"], told["after"]["warning"]) == (2, None, 1)
    assert history(database) == []
    adopted = in_force(waiting, DOCUMENT)
    assert (adopted["rules"]["reason"], adopted["rating"]["written"]) == ("局务会议", 2)
    stricter = {**DOCUMENT, "version": "2", "thresholds": {"general": 5, "warning": 10}}
    asked = waiting.post("/v1/risk/previews", json={"rules": stricter, "shown": 1, "layer": "street"})
    told = report(waiting, done(waiting, asked))
    assert (told["version"], told["in_force"], told["changed"]) == ("2", "1", 1)
    assert told["first"][0]["after"]["reasons"][0]["zh"] == "建成：1979 年及以前，+10 分"
    assert [one["version"] for one in waiting.get("/v1/risk/rules").json()] == ["1"]
    waiting.post("/v1/risk/rules", json=stricter)
    differences = waiting.get("/v1/risk/rules/1/comparison?with=2").json()["differences"]
    assert [one["name"] for one in differences] == ["general", "warning"]
    assert waiting.get("/v1/risk/rules/2").json()["definition"]["thresholds"]["warning"] == 10


def test_a_building_says_why_and_what_it_was(waiting: Any, database: Database) -> None:
    in_force(waiting, DOCUMENT)
    one = ids(database)["burnt"]
    told = waiting.get(f"/v1/buildings/{one}/risk").json()
    assert (told["rating"]["class_zh"], told["rating"]["points"]) == ("警示", 25)
    assert [fact["points"] for fact in told["rating"]["facts"]] == [10, 15]
    assert waiting.get(f"/v1/buildings/{one}/risk?at=2020-01-01").json()["rating"] is None
    listed = waiting.get(f"/v1/buildings/{one}/risk/history?limit=1").json()
    assert [entry["risk_class"] for entry in listed["ratings"]] == ["warning"]
    summary = waiting.get("/v1/risk/summary?layer=street").json()
    assert [(area["code"], area["counts"]["warning"]) for area in summary["areas"]] == [("T", 1), ("S", 0)]
    past = waiting.get("/v1/risk/summary?layer=street&at=2026-03-01").json()
    assert past["never_rated"] == 2


def test_others_ground_is_not_seen(waiting: Any, database: Database) -> None:
    in_force(waiting, DOCUMENT)
    mine = bearer(database, "s", Grant(Role.MANAGER, "street", "S"))
    known = ids(database)
    assert waiting.get(f"/v1/buildings/{known['old']}/risk", headers=mine).status_code == 200
    for address in (f"/v1/buildings/{known['burnt']}/risk", f"/v1/buildings/{known['burnt']}/risk/history"):
        assert waiting.get(address, headers=mine).status_code == 404
    summary = waiting.get("/v1/risk/summary?layer=street", headers=mine).json()
    assert (summary["total"]["buildings"], summary["total"]["counts"]["warning"]) == (1, 0)
    for method, address, body in (
        ("POST", "/v1/risk/rules", DOCUMENT),
        ("POST", "/v1/risk/rules/1/adoption", {"reason": "x"}),
        ("POST", "/v1/risk/previews", {"version": "1"}),
    ):
        assert waiting.request(method, address, json=body, headers=mine).status_code == 403
    assert waiting.post("/v1/risk/ratings", headers=mine).status_code == 403


@pytest.mark.parametrize(
    ("address", "body", "status", "pointer"),
    [
        ("/v1/risk/rules", {**DOCUMENT, "thresholds": {"general": 10, "warning": 5}}, 422, "thresholds"),
        ("/v1/risk/rules/9/adoption", {"reason": "x"}, 404, ""),
        ("/v1/risk/rules/9/adoption", {"reason": ""}, 422, "reason"),
        ("/v1/risk/rules/9/adoption", {"reason": "  "}, 422, "reason"),
        ("/v1/risk/previews", {}, 422, ""),
        ("/v1/risk/previews", {"version": "9", "rules": DOCUMENT}, 422, ""),
        ("/v1/risk/previews", {"version": "9"}, 404, ""),
        ("/v1/risk/previews", {"rules": DOCUMENT, "layer": "none"}, 404, "No layer is called"),
        ("/v1/risk/previews", {"rules": {**DOCUMENT, "facts": []}}, 422, "factors"),
    ],
)
def test_what_cannot_be_done_is_said(
    waiting: Any, address: str, body: dict[str, Any], status: int, pointer: str
) -> None:
    answer = waiting.post(address, json=body)
    assert answer.status_code == status, answer.text
    assert pointer in answer.text
