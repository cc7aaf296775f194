"""What holds for every address: one shape of errors, strict parameters, ids, headers, HEAD and OPTIONS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import risk_ground
import shapely
from jsonschema import Draft202012Validator
from planted_layers import plant, plant_category, plant_district, plant_event
from route_requests import (
    ADDRESSES,
    BODIES,
    CHANGED,
    CHECK,
    FILES,
    GOOD,
    MORE,
    POSTED,
    READ_TOO,
    REDIVISION,
    REMOVED,
    STREAMS,
    WITHOUT_DATABASE,
)
from tile_servers import kept_tile

from api.app import create_app
from api.problems import Problem
from fixtures.shipped import LIMITS
from gisgov.services.limits import import_calendar
from gisgov.store.database import Database

SHAPE = Draft202012Validator(Problem.model_json_schema())
EVERY = pytest.mark.parametrize("route", sorted(GOOD))
WHATEVER = pytest.mark.parametrize("route", sorted(ADDRESSES))


def methods_of(route: str) -> set[str]:
    """Return the methods that a route answers."""
    own = {method_of(route)} | MORE.get(route, set())
    own |= {"GET", "HEAD"} if route in GOOD or route in READ_TOO else set()
    return own | {"OPTIONS"} | ({"DELETE"} if route in REMOVED else set())


def method_of(route: str) -> str:
    """Return the method of the good request of a route."""
    if route in CHANGED:
        return CHANGED[route][0]
    return "POST" if route in POSTED else "GET"


def unclear(route: str) -> int:
    """Return the status of a request that cannot be read; OGC API – Features has one of its own."""
    return 400 if route.startswith("/ogc") else 422


def ask(client: Any, route: str, more: str = "", **given: Any) -> Any:
    """Send the good request of a route, with more in its query."""
    address = ADDRESSES[route]
    joined = address + (("&" if "?" in address else "?") + more if more else "")
    return client.request(method_of(route), joined, json=BODIES.get(route), **given)


def check_problem(response: Any, status: int) -> dict[str, Any]:
    """Hold an error to the one shape, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    problem: dict[str, Any] = response.json()
    SHAPE.validate(problem)
    assert {"type", "title", "status", "detail", "errors", "request_id"} <= problem.keys()
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert problem["type"].startswith("/problems/")
    for field in problem["errors"]:
        assert re.fullmatch(r"/(query|path|body)/\w+", field["pointer"])
    return problem


def test_the_list_above_is_all_there_is() -> None:
    app = create_app()
    described = set(app.openapi()["paths"])
    hidden = {"/", "/docs", "/favicon.ico", "/maps/{name}", "/ogc/", "/openapi.json", "/static/{path}"}
    hidden |= {"/check", "/checks/{id}", "/sign-in", "/account", "/accounts", "/jobs", "/jobs/{id}"}
    hidden |= {"/planner", "/planner/publication", "/events", "/analysis", "/analysis/{question}"}
    hidden |= {"/admin", "/admin/{subject}", "/about"}
    other = {route for route in described if route.startswith("/open311/")}  # its errors have its own shape
    assert described - other | hidden == set(ADDRESSES)
    assert not described & hidden


@pytest.fixture(scope="module")
def reader(module_database_url: str, open_client: Any) -> Iterator[Any]:
    """Client of a service with the planted district and drafts, for all that change nothing."""
    database = Database(module_database_url)
    plant_district(database)
    plant(database, "grid", {}, plan="draft", valid_from=None)
    drawn = {"1": shapely.box(114, 22.5, 114.01, 22.51)}
    plant(database, "grid", drawn, plan="drawn", valid_from=None)
    plant_event(database)
    plant_category(database)
    building = risk_ground.put(database, "1", (114.005, 22.505), built_year=1950)
    risk_ground.find_hazard(database, building, 1)
    risk_ground.adopt(database)
    import_calendar(database, LIMITS / "calendar.yaml", LIMITS / "calendar_days.csv")
    database.dispose()
    with open_client(module_database_url) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _basemap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the services have a basemap, whose one tile is there already."""
    monkeypatch.setattr("api.routes.basemap.tiles_of", lambda _: kept_tile(12, 3345, 1785))


@EVERY
def test_good_requests_are_answered(reader: Any, route: str) -> None:
    response = reader.get(GOOD[route])
    assert response.status_code == 200, response.text
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "ETag" in response.headers or not route.startswith("/v1/") or route in STREAMS


@EVERY
def test_head_is_get_without_its_body(reader: Any, route: str) -> None:
    whole = reader.get(GOOD[route])
    head = reader.head(GOOD[route])
    assert head.status_code == 200
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers.get(name) == whole.headers.get(name)


@WHATEVER
def test_options_name_the_methods(lonely: Any, route: str) -> None:
    response = lonely.options(ADDRESSES[route])
    assert response.status_code == 204
    assert response.content == b""
    assert response.headers["Allow"] == ", ".join(sorted(methods_of(route)))


@WHATEVER
def test_other_methods_are_refused(lonely: Any, route: str) -> None:
    methods = methods_of(route)
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
        response = lonely.request(method, ADDRESSES[route])
        problem = check_problem(response, 405)
        assert problem["type"] == "/problems/method-not-allowed"
        assert response.headers["Allow"] == ", ".join(sorted(methods))


@pytest.mark.parametrize("route", sorted({*ADDRESSES} - FILES))
def test_unknown_parameters_are_pointed_at(lonely: Any, route: str) -> None:
    problem = check_problem(ask(lonely, route, "color=red"), unclear(route))
    assert problem["type"] == "/problems/invalid-request"
    assert [field["pointer"] for field in problem["errors"]] == ["/query/color"]
    assert problem["detail"].startswith("color is not a parameter of this address; it takes ")


@pytest.mark.parametrize("route", sorted({*ADDRESSES} - FILES))
def test_a_parameter_given_twice_is_pointed_at(lonely: Any, route: str) -> None:
    problem = check_problem(ask(lonely, route, "at=2026-03-01&at=2026-03-02"), unclear(route))
    assert problem["type"] == "/problems/invalid-request"
    assert [field["pointer"] for field in problem["errors"]] == ["/query/at"]
    assert re.fullmatch(r"at is given [23] times; give it once\.", problem["detail"])


@pytest.mark.parametrize("route", sorted(FILES))
def test_files_take_any_parameters(lonely: Any, route: str) -> None:
    assert lonely.get(GOOD[route] + "?v=1&v=2").status_code == 200


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        ("/v1/areas?q=%00", "/query/q"),
        ("/v1/areas?q=a&at=2026-03-01%00", "/query/at"),
        ("/v1/areas/1%002", "/path/code"),
        ("/v1/areas/%00/neighbours", "/path/code"),
        ("/v1/layers/%00/areas", "/path/layer"),
        ("/v1/layers/grid/areas?after=%00", "/query/after"),
        ("/v1/plans/%00", "/path/plan"),
        ("/v1/plans?layer=%00", "/query/layer"),
        ("/v1/resolve?lon=1&lat=2&crs=%00", "/query/crs"),
        ("/problems/%00", "/path/slug"),
        ("/v1/checks/%00", "/path/id"),
        ("/v1/redivisions/%00/areas", "/path/id"),
    ],
)
def test_nul_is_refused_in_plain_words(lonely: Any, address: str, pointer: str) -> None:
    problem = check_problem(lonely.get(address), 422)
    name = pointer.rpartition("/")[2]
    assert problem["detail"] == f"{name} holds a NUL character (%00), which no text here may hold."
    assert [field["pointer"] for field in problem["errors"]] == [pointer]


@WHATEVER
def test_without_a_database_it_says_so(lonely: Any, route: str) -> None:
    response = ask(lonely, route)
    if route in WITHOUT_DATABASE:
        assert response.status_code == 200
    else:
        problem = check_problem(response, 503)
        assert problem["type"] == "/problems/database-unavailable"
        assert response.headers["Retry-After"] == "5"


@WHATEVER
def test_other_names_of_this_machine_are_refused(lonely: Any, route: str) -> None:
    response = ask(lonely, route, headers={"Host": "evil.example:8000"})
    assert check_problem(response, 421)["type"] == "/problems/wrong-host"


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "https://localhost", "null"])
def test_changes_are_refused_to_pages_of_other_sites(lonely: Any, origin: str) -> None:
    taken_in = [*CHANGED.values(), *(("POST", address) for address in POSTED.values())]
    for method, address in (*taken_in, ("DELETE", CHECK), ("DELETE", REDIVISION)):
        response = lonely.request(method, address, headers={"Origin": origin})
        assert check_problem(response, 403)["type"] == "/problems/cross-origin"
    own = lonely.post(POSTED["/v1/check"], headers={"Origin": "http://localhost"})
    assert check_problem(own, 503)["type"] == "/problems/database-unavailable"
    assert lonely.get("/v1/service", headers={"Origin": origin}).status_code == 200


@WHATEVER
def test_a_fault_shows_an_id_and_never_its_text(
    lonely: Any, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the password is mellon")

    monkeypatch.setattr("fastapi.routing.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.health.check_ready", fail)
    monkeypatch.setattr("gisgov.services.basemap_tiles.BasemapTiles.tile", fail)
    monkeypatch.setattr("api.routes.checks.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.event_reports.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.event_reading.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.drawings.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.redivisions.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.drafts.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.imports.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.jobs.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.publications.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.registers.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.risk.run_in_threadpool", fail)
    monkeypatch.setattr("api.job_requests.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.tiles.live_tiles", fail)
    response = ask(lonely, route, headers={"X-Request-ID": "mine-1"})
    problem = check_problem(response, 500)
    assert problem["type"] == "/problems/unexpected"
    assert problem["request_id"] == "mine-1"
    assert "mellon" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/nothing", "/v1", "/v1/areas/", "/maps", "/static", "/v1/layers/"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
def test_addresses_that_do_not_exist_say_so(lonely: Any, path: str, method: str) -> None:
    response = lonely.request(method, path)
    assert response.status_code == 404
    if method != "HEAD":
        assert check_problem(response, 404)["type"] == "/problems/no-such-address"
