"""Re-divisions over HTTP: asked for, done by a process, watched, ended, refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from jobs_by_hand import do_next
from lattices import EAST, SCOPE, WEST, lattice, settle

from gisgov.paths import web_assets
from gisgov.store.areas import areas_of_plan
from gisgov.store.blocks import assignments_of_plan
from gisgov.store.database import Database
from gisgov.store.plans import find_plan
from gisgov.work.orders import WorkOrder

Open = Callable[..., AbstractContextManager[Any]]
DRAFT = "/v1/plans/draft/redivide"


@pytest.fixture
def ground(database: Database, plant: Callable[..., None]) -> None:
    """Two communities of 10 × 10 blocks, an empty draft over both, and a plan in force."""
    settle(database, plant, lattice(20, 10))
    plant("subgrid", {}, plan="draft", scope=SCOPE, valid_from=None)
    plant("subgrid", {}, plan="in-force", scope="other")


@pytest.fixture
def waiting(ground: None, open_client: Open, database_url: str) -> Iterator[Any]:
    """Client of a service that begins no job by itself."""
    with open_client(database_url, serve_worker=False) as opened:
        yield opened


def work(client: Any, assets: Path | None = None) -> None:
    """Do the job that waits, in this process."""
    context = client.app.state.context
    order = WorkOrder.of(
        context.settings,
        place=context.jobs,
        database_url=context.settings.database_url,
        assets=context.assets if assets is None else assets,
    )
    assert do_next(order) is not None


def done(client: Any, **asked: Any) -> dict[str, Any]:
    """Ask for a re-division of the draft, do it, and return what is told of it."""
    answer = client.post(DRAFT, json=asked)
    assert answer.status_code == 202, answer.text
    work(client)
    told: dict[str, Any] = client.get(answer.headers["Location"]).json()
    return told


def stored(database: Database, plan: str) -> dict[str, str]:
    with database.begin() as connection:
        return assignments_of_plan(connection, find_plan(connection, plan).id)


def pointers(answer: Any) -> list[str]:
    return [one["pointer"] for one in answer.json()["errors"]]


@pytest.mark.usefixtures("ground")
def test_a_process_divides_a_draft(client: Any, database: Database) -> None:
    answer = client.post(DRAFT)
    assert answer.status_code == 202
    told = answer.json()
    assert (told["state"], told["plan"], told["report"], told["areas"]) == ("waiting", "draft", None, None)
    assert answer.headers["Retry-After"] == "1"
    end = time.monotonic() + 120
    while told["state"] in ("waiting", "running") and time.monotonic() < end:
        time.sleep(0.1)
        told = client.get(answer.headers["Location"]).json()
    assert (told["state"], told["problem"]) == ("done", None)
    assert (told["report"]["areas"], told["report"]["counted_by"]) == (19, "rule")
    assert len(stored(database, "draft")) == 200


def test_the_words_are_those_of_the_command(waiting: Any, database: Database) -> None:
    told = done(waiting, total=10, seed=3, weight=["households=0.2:1800"], at="2026-03-01", author="甲")
    report = told["report"]
    assert (report["areas"], report["seed"], len(report["rule"])) == (10, 3, 3)
    figures = waiting.get(f"/v1/redivisions/{told['id']}?areas=false").json()["report"]["alternatives"]
    assert figures[0]["areas"] == []
    areas = waiting.get(told["areas"])
    assert areas.headers["Content-Type"] == "application/geo+json"
    assert len(areas.json()["features"]) == 10
    assert waiting.get(told["areas"] + "?alternative=2").status_code == 404

    before = stored(database, "draft")
    told = done(waiting, one_more=WEST, band=0.08, limit=0.2, effort="quality", movement=5)
    assert (told["report"]["counted_by"], told["report"]["source"]) == ("one-more", "draft")
    east = {block: code for block, code in before.items() if code.startswith(EAST)}
    assert {block: code for block, code in stored(database, "draft").items() if code.startswith(EAST)} == east


def test_what_is_kept_is_said_in_codes(waiting: Any, database: Database) -> None:
    seats = [[114.001, 22.501], [114.021, 22.501]]
    told = done(waiting, total=20, together=[["0000", "0001"]], apart=[["0100", "0101"]], seats=seats)
    assert told["state"] == "done", told["problem"]
    found = stored(database, "draft")
    assert found["0000"] == found["0001"]
    assert found["0100"] != found["0101"]


def test_alternatives_are_looked_at_before_one_is_kept(waiting: Any, database: Database) -> None:
    told = done(waiting, alternatives=2, keep="none")
    assert [one["plan"] for one in told["report"]["alternatives"]] == [None, None]
    assert stored(database, "draft") == {}
    done(waiting, alternatives=2, keep=2)
    second = waiting.get(told["areas"] + "?alternative=2").json()["features"]
    with database.begin() as connection:
        kept = areas_of_plan(connection, find_plan(connection, "draft").id)
    assert [one["properties"]["code"] for one in second] == kept.codes.tolist()
    assert [one["properties"]["blocks"] for one in second] == [
        list(stored(database, "draft").values()).count(code) for code in kept.codes
    ]


def test_what_was_ended_leaves_the_draft_as_it_was(waiting: Any, database: Database) -> None:
    address = waiting.post(DRAFT).headers["Location"]
    assert waiting.delete(address).status_code == 204
    assert waiting.get(address).json()["state"] == "cancelled"
    assert waiting.get(f"{address}/areas").json()["type"] == "/problems/job-not-done"
    assert stored(database, "draft") == {}
    assert waiting.delete(address).status_code == 204
    answer = waiting.get(address)
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is no re-division ")


def test_a_draft_that_was_changed_since_it_was_asked_for_stays(waiting: Any, database: Database) -> None:
    """So does one that a job changed which died before it could say so, and is begun once more."""
    first = waiting.post(DRAFT, json={"total": 7}).headers["Location"]
    second = waiting.post(DRAFT, json={"total": 9}).headers["Location"]
    work(waiting)
    before = stored(database, "draft")
    work(waiting)
    assert waiting.get(first).json()["state"] == "done"
    problem = waiting.get(second).json()["problem"]
    assert (problem["status"], problem["errors"][0]["pointer"]) == (409, "/path/plan")
    assert stored(database, "draft") == before


def test_alternatives_are_shown_on_a_page_in_both_languages(waiting: Any) -> None:
    asked = waiting.post(DRAFT, json={"alternatives": 2, "keep": 1})
    work(waiting, assets=web_assets())
    told = waiting.get(asked.headers["Location"]).json()
    answer = waiting.get(told["page"])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert '<html lang="zh-CN">' in answer.text
    assert "子网格重新划分" in answer.text
    assert answer.text.count('data-opens="alternative-') == 2
    english = waiting.get(f"{told['page']}?language=en").text
    assert "Re-division into sub-grids" in english
    assert waiting.get(f"{told['page']}?language=fr").status_code == 422


def test_without_web_assets_only_the_page_is_missing(waiting: Any, tmp_path: Path) -> None:
    answer = waiting.post(DRAFT)
    work(waiting, assets=tmp_path)
    told = waiting.get(answer.headers["Location"]).json()
    assert told["state"] == "done"
    assert waiting.get(told["areas"]).status_code == 200
    answer = waiting.get(told["page"])
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/assets-missing")


def test_what_cannot_be_divided_is_the_problem_of_the_job(waiting: Any, database: Database) -> None:
    told = done(waiting, total=1)
    assert (told["state"], told["report"]) == ("failed", None)
    assert told["problem"]["errors"] == [
        {"pointer": "/body/total", "detail": "1 areas cannot be given to 2 parents that take 2 to 200."}
    ]
    for result in ("areas", "page"):
        answer = waiting.get(f"/v1/redivisions/{told['id']}/{result}")
        assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-input"
    told = done(waiting, count={WEST: 1}, parents=[WEST], seats=[[114.001, 22.501], [114.005, 22.501]])
    assert told["problem"]["type"] == "/problems/infeasible"
    assert "2 service points, and 1 areas" in told["problem"]["detail"]
    assert stored(database, "draft") == {}


@pytest.mark.parametrize(
    ("plan", "body", "status", "kind", "pointer"),
    [
        ("none", {}, 404, "not-found", "/path/plan"),
        ("in-force", {}, 409, "plan-published", "/path/plan"),
        ("draft", {"weight": ["much"]}, 422, "invalid-input", "/body/weight"),
        ("draft", {"alternatives": 2, "keep": 3}, 422, "invalid-input", "/body/keep"),
        ("draft", {"colour": "red"}, 422, "invalid-request", "/body/colour"),
        ("draft", {"band": 5}, 422, "invalid-request", "/body/band"),
        ("draft", {"effort": "utmost"}, 422, "invalid-request", "/body/effort"),
        ("draft", {"seats": [[1]]}, 422, "invalid-request", "/body/seats/0/1"),
        ("draft", {"count": {"A": "many"}}, 422, "invalid-request", "/body/count/A"),
        ("draft", {"author": "a\0b"}, 422, "invalid-request", "/body/author"),
        ("draft", {"at": "soon"}, 422, "invalid-input", "/body/at"),
        ("draft", [], 422, "invalid-request", "/body"),
    ],
)
def test_what_is_seen_at_once_is_refused_at_once(
    waiting: Any, plan: str, body: Any, status: int, kind: str, pointer: str
) -> None:
    answer = waiting.post(f"/v1/plans/{plan}/redivide", json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), answer.text
    assert pointers(answer) == [pointer]


def test_a_body_is_json_or_nothing(waiting: Any) -> None:
    answer = waiting.post(DRAFT, content="total=5", headers={"Content-Type": "text/plain"})
    assert answer.json()["type"] == "/problems/unsupported-media-type"
    answer = waiting.post(DRAFT, content="{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, pointers(answer)) == (422, ["/body"])
    answer = waiting.post(DRAFT, content=b" " * 2_000_001, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_a_check_is_no_redivision(client: Any) -> None:
    check = "0123456789abcdef" * 2
    assert client.get(f"/v1/redivisions/{check}").status_code == 404
    assert client.delete(f"/v1/redivisions/{check}").status_code == 404
    assert client.get(f"/v1/checks/{'fedcba9876543210' * 2}").status_code == 404


def test_an_alternative_is_chosen_as_an_operation(waiting: Any, database: Database) -> None:
    """One after another, undone, and no more once the draft is another ground."""
    done(waiting, total=6)
    told = done(waiting, alternatives=3, keep="none", movement=0, seed=5)
    address = f"/v1/redivisions/{told['id']}/choice"
    before = stored(database, "draft")

    def choose(number: int, seen: str = "*") -> Any:
        return waiting.post(address, json={"alternative": number}, headers={"If-Match": seen})

    drawn = {}
    for number in (1, 2):
        answer = choose(number)
        assert answer.status_code == 200, answer.text
        areas = waiting.get(f"{told['areas']}?alternative={number}").json()["features"]
        drawn[number] = {one["properties"]["code"]: one["properties"]["blocks"] for one in areas}
        held = list(stored(database, "draft").values())
        assert {code: held.count(code) for code in set(held)} == drawn[number]
        assert (answer.json()["operation"], answer.json()["undoable"]) == ("redivide", "redivide")
    revision = answer.json()["revision"]
    assert answer.headers["ETag"] == f'"{revision}"'
    (logged, *_) = waiting.get("/v1/plans/draft/operations?limit=1").json()
    assert logged["parameters"] == {"kind": "redivide", "redivision": told["id"], "alternative": 2}
    assert choose(3, f'"{revision - 1}"').status_code == 412
    assert choose(2).json()["detail"] == "Draft 'draft' is this alternative already."
    refused = choose(9)
    assert (refused.status_code, pointers(refused)) == (404, ["/body/alternative"])
    assert refused.json()["detail"] == "The re-division has no alternative 9."
    assert waiting.post(address, json={"alternative": 1}).status_code == 428

    def operate(**operation: Any) -> Any:
        answer = waiting.post("/v1/plans/draft/operations", json=operation, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    for _ in range(2):
        operate(kind="undo")
    assert stored(database, "draft") == before
    operate(kind="lock", areas=[stored(database, "draft")["0000"]])
    assert choose(1).json()["detail"].endswith("locked, and would be changed.")
    operate(kind="undo")
    line = [[114.0005, 22.49], [114.0005, 22.6]]
    operate(kind="split", area=stored(database, "draft")["0000"], line=line)
    refused = choose(1)
    assert (refused.status_code, pointers(refused)) == (409, ["/body/alternative"])
    assert "of the blocks were cut" in refused.json()["detail"]
    assert waiting.delete("/v1/plans/draft").status_code == 204
    assert waiting.post("/v1/plans/in-force/branches", json={"name": "draft"}).status_code == 201
    assert "is another one" in choose(1).json()["detail"]


def test_an_empty_draft_becomes_an_alternative(waiting: Any, database: Database) -> None:
    told = done(waiting, alternatives=2, keep="none")
    answer = waiting.post(
        f"/v1/redivisions/{told['id']}/choice?geometry=true",
        json={"alternative": 2},
        headers={"If-Match": '"0"'},
    )
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    assert len(stored(database, "draft")) == 200
    assert len(answer.json()["geojson"]["features"]) == len(answer.json()["areas"])
