"""Maps drawn as jobs: what is asked, what comes back, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from import_jobs_by_hand import done, result
from planted_layers import plant_district
from risk_ground import adopt, put
from signed_in import bearer

from gisgov.governance.access import Grant, Role
from gisgov.services.days import parse_day
from gisgov.services.joining import join_buildings
from gisgov.store.database import Database


@pytest.fixture(scope="module")
def database(module_database_url: str) -> Iterator[Database]:
    """Two streets; in S an old building, in T one that burnt."""
    opened = Database(module_database_url)
    plant_district(opened)
    put(opened, "old", (114.005, 22.505), built_year=1950)
    put(opened, "burnt", (114.035, 22.505), built_year=1950, fires=3)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def waiting(
    open_client: Callable[..., AbstractContextManager[Any]], module_database_url: str, database: Database
) -> Iterator[Any]:
    """Client of a service that begins no job by itself."""
    with open_client(module_database_url, serve_worker=False) as opened:
        join_buildings(database, at=parse_day("2026-03-01", opened.app.state.context.timezone))
        adopt(database)
        yield opened


def drawn(client: Any, headers: dict[str, str] | None = None, **asked: Any) -> Any:
    asked = {"layer": "grid", "at": "2026-03-01", **asked}
    job = done(client, client.post("/v1/drawings", json=asked, headers=headers), headers)
    assert job["state"] == "done", job["problem"]
    return result(client, job, f"{asked['what']}.{asked['format']}", headers)


def test_a_map_shows_what_whoever_asks_may_see(waiting: Any, database: Database) -> None:
    asked = {"what": "risk", "format": "csv", "language": "en"}
    whole = drawn(waiting, **asked).text.splitlines()
    mine = bearer(database, "s", Grant(Role.MANAGER, "street", "S"))
    own = drawn(waiting, mine, **asked).text.splitlines()
    part = drawn(waiting, **asked, area_layer="street", area="S").text.splitlines()
    assert len(whole) > len(own) > 1
    assert own == part
    assert set(own) < set(whole)


def test_sheets_pages_and_figures(waiting: Any) -> None:
    assert drawn(waiting, what="grids", format="pdf", paper="A4", secrecy="内部").content.startswith(b"%PDF")
    assert drawn(waiting, what="vacancies", format="xlsx").content.startswith(b"PK")
    package = drawn(waiting, what="risk", format="gpkg").content
    assert package.startswith(b"SQLite format 3")
    assert b"building_points" in package
    assert b"grids" in package


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"what": "risk", "format": "doc"}, "/body/format"),
        ({"what": "risk", "format": "png", "area": "S"}, "/body/area"),
        ({"what": "service", "format": "png", "area_layer": "street", "area": "S"}, "/body/area"),
        ({"what": "risk-change", "format": "png"}, "/body/from"),
        ({"what": "grids", "format": "png", "from": "2026-03-01"}, "/body/from"),
        ({"what": "events", "format": "png", "from": "2026-03-02", "to": "2026-03-01"}, "/body/to"),
        ({"what": "grids", "format": "png", "rated": "2026-03-01"}, "/body/rated"),
        ({"what": "risk", "format": "csv", "view": "share"}, "/body/view"),
    ],
)
def test_drawings_that_cannot_be(waiting: Any, asked: dict[str, str], pointer: str) -> None:
    answer = waiting.post("/v1/drawings", json=asked)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_a_map_needs_the_right_to_see_it(waiting: Any, database: Database) -> None:
    planner = bearer(database, "p", Grant(Role.PLANNER))
    asked = {"what": "risk", "format": "png"}
    assert waiting.post("/v1/drawings", json=asked, headers=planner).status_code == 403
    assert waiting.post("/v1/drawings", json={**asked, "layer": "no"}).status_code == 404
