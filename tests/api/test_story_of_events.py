"""One event from its place to its closure, and what stands beside it, told over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import planted_layers
import pytest
import sqlalchemy as sa
from ingest_ground import ZONE, settle
from loop_ground import drawn
from signed_in import bearer

from gisgov.governance.access import Grant, Role
from gisgov.services.publishing import publish_plan
from gisgov.store.database import Database

if TYPE_CHECKING:
    from conftest import Open
    from starlette.testclient import TestClient

PEOPLE = {
    "officer-a": Grant(Role.OFFICER, "grid", "A"),
    "officer-b": Grant(Role.OFFICER, "grid", "B"),
    "officer-c": Grant(Role.OFFICER, "grid", "C"),
    "dispatcher": Grant(Role.DISPATCHER, "street", "S"),
    "manager": Grant(Role.MANAGER),
}
REPORTS = [
    {"source": "qr-code", "external_id": "q-1", "building": "b1", "level": 2},
    {"source": "camera", "external_id": "c-1", "device": "cam-1", "level": 2},
    # some twenty metres to the east of the border between A and B
    {
        "source": "hotline",
        "external_id": "h-1",
        "lon": 114.0102,
        "lat": 22.505,
        "level": 2,
        "category": "井盖",
    },
]


class Story:
    """What people ask the service, each with their own key."""

    def __init__(self, service: TestClient, database: Database) -> None:
        self._service = service
        self._keys = {name: bearer(database, name, grant) for name, grant in PEOPLE.items()}

    def ask(self, who: str, address: str, body: Any = None, *, status: int = 200) -> Any:
        headers = self._keys.get(who, {})  # of nobody else: the administrator
        method = "GET" if body is None else "POST"
        answer = self._service.request(method, f"/v1{address}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def step(self, who: str, event: int, action: str, **more: Any) -> Any:
        return self.ask(who, f"/events/{event}/steps", {"action": action, **more}, status=201)

    def statistics(self) -> dict[str, tuple[int, int]]:
        """Return reported and closed events of each grid, and of all places."""
        rows = self.ask("manager", "/layers/grid/event-statistics")["rows"]
        return {
            one["code"] or one["place"]: (one["figures"]["reported"], one["figures"]["closed"])
            for one in rows
        }


@pytest.fixture(scope="module")
def database(module_database_url: str) -> Iterator[Database]:
    opened = Database(module_database_url)
    settle(opened)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def story(open_client: Open, module_database_url: str, database: Database) -> Iterator[Story]:
    with open_client(module_database_url, headers=bearer(database)) as service:
        yield Story(service, database)


@pytest.fixture(scope="module")
def events(story: Story) -> list[int]:
    """The three events, as they came in."""
    done = story.ask("", "/events", REPORTS)
    assert (done["created"], done["refused"]) == (3, 0)
    qr, camera, hotline = done["items"]
    assert [one["desk"]["code"] for one in done["items"]] == ["B", "C", "B"]
    assert [one["code"] for one in hotline["desk"]["neighbours"]] == ["A"]
    assert hotline["desk"]["department"] == "water"
    return [qr["event_id"], camera["event_id"], hotline["event_id"]]


def test_an_event_near_a_border_goes_all_the_way(story: Story, events: list[int]) -> None:
    event = events[2]
    for neighbour, status in (("officer-a", 200), ("officer-c", 404)):
        story.ask(neighbour, f"/events/{event}", status=status)
    story.step("officer-b", event, "hand-over", desk={"layer": "grid", "area": "A"})
    story.step("dispatcher", event, "accept")
    story.step("dispatcher", event, "dispatch")
    called = {"departments": ["parks"], "reason": "井盖破损", "same_day": True}
    whistle = story.ask("officer-a", f"/events/{event}/whistles", called, status=201)
    assert whistle["area"] == "A"
    answer = {"department": "parks", "answer": "已到场"}
    answered = story.ask("manager", f"/whistles/{whistle['id']}/answers", answer, status=201)
    assert [one["state"] for one in answered["calls"]] == ["kept"]
    story.step("officer-a", event, "start")
    story.step("officer-a", event, "handle", reason="已更换")
    for action in ("review", "close", "revisit"):
        story.step("manager", event, action)

    told = story.ask("manager", f"/events/{event}/steps")
    assert [(one["action"], one["by_name"]) for one in told[1:]] == [
        ("hand-over", "officer-b"),
        ("accept", "dispatcher"),
        ("dispatch", "dispatcher"),
        ("note", "officer-a"),
        ("note", "manager"),
        ("start", "officer-a"),
        ("handle", "officer-a"),
        ("review", "manager"),
        ("close", "manager"),
        ("revisit", "manager"),
    ]
    stands = story.ask("manager", f"/events/{event}")
    assert (stands["state"], stands["step_number"]) == ("revisited", len(told))
    assert {one["state"] for one in stands["limits"]} == {"kept"}
    assert story.statistics() == {
        "A": (0, 0), "B": (2, 1), "C": (1, 0), "outside": (0, 0), "no-place": (0, 0), "all": (3, 1),
    }  # fmt: skip


def test_what_comes_again_is_known(story: Story, events: list[int]) -> None:
    before = story.statistics()
    again = story.ask("", "/events", REPORTS)
    assert (again["known"], again["created"], again["updated"]) == (3, 0, 0)
    assert [one["event_id"] for one in again["items"]] == events
    assert story.statistics() == before


def test_open_events_follow_a_new_plan_and_closed_ones_stay(
    story: Story, database: Database, events: list[int]
) -> None:
    qr, _, hotline = events
    today = datetime.now(ZONE).date()
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE plan SET took_effect_at = now() WHERE status = 'published'"))
    below = {"A": ["S"], "B": ["S"], "C": ["T"]}
    grown = {"plan": "next", "valid_from": None, "parent": "street", "parents": below}
    planted_layers.plant(database, "grid", drawn("AABC"), **grown)
    publish_plan(database, "next", valid_from=today, accept_defects="drawn so", timezone=ZONE, today=today)

    def owner(event: int) -> tuple[str, str]:
        told = story.ask("manager", f"/events/{event}")
        (area,) = [one for one in told["areas"] if one["layer"] == "grid"]
        return area["code"], told["desk"]["code"]

    assert owner(qr) == ("A", "A")
    assert story.ask("manager", f"/events/{qr}/steps")[-1]["action"] == "reroute"
    assert owner(hotline) == ("B", "A"), "it was closed while B owned its place"
    assert story.statistics()["all"] == (3, 1)
