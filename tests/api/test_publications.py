"""Publications over HTTP: previewed at once and as a job, made, taken back, ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from jobs_by_hand import do_next
from signed_in import bearer

from gisgov.governance.access import Grant, Role
from gisgov.store import joining
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid
from gisgov.work.orders import WorkOrder

Open = Callable[..., AbstractContextManager[Any]]
LATER = datetime.now(UTC).date() + timedelta(days=40)


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture
def waiting(
    plant: Callable[..., None], database: Database, open_client: Open, database_url: str
) -> Iterator[Any]:
    """Client of a service that begins no job by itself: grids A and B in force, and a draft."""
    plant("street", drawn("SSSS"), valid_from=date(2020, 1, 1))
    given: dict[str, Any] = {"parent": "street", "scope": "S"}
    parents = {"A": ["S"], "B": ["S"]}
    plant("grid", drawn("AABB"), plan="now", parents=parents, valid_from=date(2020, 1, 1), **given)
    plant("grid", drawn("AAAD"), plan="next", parents={"A": ["S"], "D": ["S"]}, valid_from=None, **given)
    with database.begin() as connection:
        for number in range(4):
            connection.execute(
                sa.text(
                    "INSERT INTO event (external_id, source, state, occurred_at, geom, crs) VALUES (:id,"
                    " 's', 'handling', now() - interval '30 days',"
                    " ST_SetSRID(ST_MakePoint(:x, 22.505), 4326), 'wgs84')"
                ),
                {"id": str(number), "x": 114.005 + number * 0.01},
            )
        joining.join_events(connection, timezone=ZoneInfo("Asia/Shanghai"))
    with open_client(database_url, serve_worker=False) as opened:
        yield opened


def test_a_planner_previews_publishes_and_takes_back(waiting: Any, database: Database) -> None:
    planner = bearer(database, "planner", Grant(Role.PLANNER, "street", "S"))
    manager = bearer(database, "manager", Grant(Role.MANAGER, "street", "S"))
    viewer = bearer(database, "viewer", Grant(Role.VIEWER))

    address = f"/v1/plans/next/preview?effective={LATER}"
    told = waiting.get(address, headers=planner).json()
    assert told["refusals"] == []
    assert (told["effect"]["codes_given"], told["effect"]["codes_retired"]) == (["D"], ["B"])
    assert told["events"] == []
    named = waiting.get(address, headers=manager).json()
    assert (named["rerouted"]["events"], named["rerouted"]["handed_over"]) == (4, 2)
    assert [(one["external_id"], one["to_code"]) for one in named["events"]] == [
        ("0", "A"), ("1", "A"), ("2", "A"), ("3", "D"),
    ]  # fmt: skip
    # a planner sees no event and no building, and is told no sums of them
    assert (told["rerouted"], told["buildings"]) == (None, None)
    assert (told["effect"]["events"], told["effect"]["buildings"]) == (None, None)
    works = [one[side] for one in told["workload"] for side in ("before", "after") if one[side]]
    assert works
    assert {(one["events_per_year"], one["visits_per_year"]) for one in works} == {(None, None)}
    hidden = ("effect", "rerouted", "buildings", "events", "workload")
    assert all(named[key] == told[key] for key in told if key not in hidden)
    wrong = waiting.get("/v1/plans/next/preview?effective=2026-02-30", headers=planner).json()
    assert [one["pointer"] for one in wrong["errors"]] == ["/query/effective"]
    assert waiting.get(address, headers=viewer).status_code in (403, 404)

    asked = {"valid_from": str(LATER), "decided_on": "2026-05-01", "decision": "Order 7"}
    for who in (manager, viewer):
        refused = waiting.post("/v1/plans/next/publication", json=asked, headers=who)
        assert refused.status_code == 403
    revision = waiting.get("/v1/plans/next", headers=planner).json()["plan"]["revision"]
    stale = {**planner, "If-Match": f'"{revision + 1}"'}
    changed = waiting.post("/v1/plans/next/publication", json=asked, headers=stale)
    assert (changed.status_code, changed.json()["type"]) == (412, "/problems/draft-changed")
    seen = {**planner, "If-Match": f'"{revision}"'}
    done = waiting.post("/v1/plans/next/publication", json=asked, headers=seen).json()
    assert (done["effect"], done["content_sha256"]) == (told["effect"], told["content_sha256"])
    assert (done["plan"]["decided_on"], done["plan"]["decision"]) == ("2026-05-01", "Order 7")
    assert waiting.post("/v1/plans/next/publication", json=asked, headers=planner).status_code == 409

    taken = waiting.post("/v1/plans/next/withdrawal", json={"reason": "异议"}, headers=planner)
    assert taken.status_code == 200, taken.text
    assert (taken.json()["plan"]["corrects"], taken.json()["plan"]["reason"]) == ("next", "异议")
    name = taken.json()["plan"]["name"]
    assert waiting.get("/v1/plans/next").json()["plan"]["valid_to"] == str(LATER)
    end = {"valid_to": str(LATER + timedelta(days=1))}
    assert waiting.post(f"/v1/plans/{name}/retirement", json=end, headers=viewer).status_code == 403
    assert (
        waiting.post(f"/v1/plans/{name}/retirement", json=end, headers=planner).json()["status"] == "retired"
    )


def test_a_preview_as_a_job_writes_its_lists_as_tables(waiting: Any) -> None:
    asked = {"effective": str(LATER)}
    answer = waiting.post("/v1/plans/next/previews", json=asked)
    assert answer.status_code == 202, answer.text
    context = waiting.app.state.context
    order = WorkOrder.of(
        context.settings,
        place=context.jobs,
        database_url=context.settings.database_url,
        assets=context.assets,
    )
    assert do_next(order) is not None
    job = waiting.get(answer.headers["Location"]).json()
    assert (job["kind"], job["title"], job["state"]) == ("preview", "next", "done")
    made = {one["name"]: waiting.get(one["href"]) for one in job["results"]}
    assert set(made) == {"preview.json", "events.csv", "posts.csv", "below.csv", "workload.csv"}
    assert made["preview.json"].json() == waiting.get(f"/v1/plans/next/preview?effective={LATER}").json()
    assert made["events.csv"].content.decode("utf-8-sig").splitlines()[-1] == "s,3,now,B,next,D"
    assert made["workload.csv"].content.decode("utf-8-sig").splitlines()[1:] == [
        "A,grid A,2,3,0,0,,",
        "B,grid B,2,,0,,,",
        "D,grid D,,1,,0,,",
    ]
    assert waiting.post("/v1/plans/none/previews", json={}).status_code == 404
