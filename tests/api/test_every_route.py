"""What holds for every address: one shape of errors, strict parameters, ids, headers, HEAD and OPTIONS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from jsonschema import Draft202012Validator
from planted_layers import plant, plant_category, plant_district, plant_event

from api.app import create_app
from api.problems import Problem
from gisgov.store.database import Database

SHAPE = Draft202012Validator(Problem.model_json_schema())
CHECK = "/v1/checks/" + "0123456789abcdef" * 2
REDIVISION = "/v1/redivisions/" + "fedcba9876543210" * 2
JOB = CHECK.replace("checks", "jobs")

# one good request for each route that reads, in a database with the planted district
GOOD = {
    "/": "/",
    "/account": "/account",
    "/accounts": "/accounts",
    "/check": "/check",
    "/checks/{id}": CHECK.removeprefix("/v1"),
    "/docs": "/docs",
    "/favicon.ico": "/favicon.ico",
    "/healthz": "/healthz",
    "/jobs": "/jobs",
    "/jobs/{id}": CHECK.replace("/v1/checks", "/jobs"),
    "/maps/{name}": "/maps/risk.html",
    "/ogc": "/ogc?datetime=2026-03-01",
    "/ogc/": "/ogc/?f=json",
    "/ogc/api": "/ogc/api",
    "/ogc/collections": "/ogc/collections",
    "/ogc/collections/{collection}": "/ogc/collections/网格",
    "/ogc/collections/{collection}/items": "/ogc/collections/grid/items?limit=1",
    "/ogc/collections/{collection}/items/{item}": "/ogc/collections/street/items/1",
    "/ogc/collections/{collection}/queryables": "/ogc/collections/grid/queryables",
    "/ogc/conformance": "/ogc/conformance",
    "/openapi.json": "/openapi.json",
    "/problems": "/problems",
    "/problems/{slug}": "/problems/not-found",
    "/readyz": "/readyz",
    "/sign-in": "/sign-in?next=%2Fcheck",
    "/static/{path}": "/static/start.js",
    "/v1/accounts": "/v1/accounts",
    "/v1/accounts/{account}": "/v1/accounts/tests-administrator",
    "/v1/accounts/{account}/keys": "/v1/accounts/tests-administrator/keys",
    "/v1/areas": "/v1/areas?q=1&at=2026-03-01",
    "/v1/areas/{code}": "/v1/areas/1?at=2026-03-01",
    "/v1/areas/{code}/children": "/v1/areas/S/children?layer=street&at=2026-03-01",
    "/v1/areas/{code}/lineage": "/v1/areas/1/lineage?at=2026-03-01",
    "/v1/areas/{code}/neighbours": "/v1/areas/1/neighbours?at=2026-03-01",
    "/v1/areas/{code}/parents": "/v1/areas/1/parents?at=2026-03-01",
    "/v1/audit": "/v1/audit?from=2026-03-01",
    "/v1/audit/export": "/v1/audit/export?to=2026-03-01",
    "/v1/audit/verification": "/v1/audit/verification",
    "/v1/checks/{id}": CHECK,
    "/v1/checks/{id}/report": f"{CHECK}/report",
    "/v1/checks/{id}/report.{form}": f"{CHECK}/report.gpkg",
    "/v1/jobs": "/v1/jobs?limit=1",
    "/v1/jobs/{id}": JOB,
    "/v1/jobs/{id}/log": f"{JOB}/log",
    "/v1/jobs/{id}/progress": f"{JOB}/progress",
    "/v1/jobs/{id}/results/{name}": f"{JOB}/results/report.gpkg",
    "/v1/events": "/v1/events?state=open&sort=due",
    "/v1/events/stream": "/v1/events/stream?catch_up=true",
    "/v1/events/{id}": "/v1/events/1",
    "/v1/events/{id}/duplicates": "/v1/events/1/duplicates",
    "/v1/events/{id}/steps": "/v1/events/1/steps",
    "/v1/layers": "/v1/layers",
    "/v1/layers/{layer}": "/v1/layers/grid?at=2026-03-01",
    "/v1/layers/{layer}/areas": "/v1/layers/grid/areas?at=2026-03-01",
    "/v1/layers/{layer}/event-statistics": "/v1/layers/grid/event-statistics?at=2026-03-01&by=level",
    "/v1/layers/{layer}/staff": "/v1/layers/grid/staff?at=2026-03-01",
    "/v1/layers/{layer}/statistics": "/v1/layers/grid/statistics?at=2026-03-01&on=2026-03-01",
    "/v1/layers/{layer}/vacancies": "/v1/layers/beat/vacancies?at=2030-03-01",
    "/v1/loop": "/v1/loop",
    "/v1/maps": "/v1/maps",
    "/v1/calendars": "/v1/calendars",
    "/v1/categories": "/v1/categories?at=2026-03-01",
    "/v1/categories/{code}": "/v1/categories/A001",
    "/v1/departments": "/v1/departments?at=2026-03-01",
    "/v1/policies": "/v1/policies",
    "/v1/policies/{kind}": "/v1/policies/time-limits",
    "/v1/plans": "/v1/plans?at=2026-03-01",
    "/v1/plans/{plan}": "/v1/plans/grid-2026",
    "/v1/plans/{plan}/comparison": "/v1/plans/grid-2026/comparison?with=draft",
    "/v1/plans/{plan}/draft": "/v1/plans/draft/draft",
    "/v1/plans/{plan}/operations": "/v1/plans/grid-2026/operations",
    "/v1/plans/{plan}/preview": "/v1/plans/drawn/preview?effective=2099-01-01",
    "/v1/plans/{plan}/snapshots": "/v1/plans/grid-2026/snapshots",
    "/v1/redivisions/{id}": REDIVISION,
    "/v1/redivisions/{id}/areas": f"{REDIVISION}/areas",
    "/v1/redivisions/{id}/page": f"{REDIVISION}/page",
    "/v1/resolve": "/v1/resolve?lon=114.005&lat=22.505&at=2026-03-01",
    "/v1/service": "/v1/service",
    "/v1/session": "/v1/session",
    "/v1/tiles": "/v1/tiles",
    "/v1/tiles/{layer}.json": "/v1/tiles/grid.json?at=2026-03-01",
    "/v1/tiles/{layer}/{z}/{x}/{y}.mvt": "/v1/tiles/grid/12/3345/1785.mvt?at=2026-03-01",
    "/v1/whistles": "/v1/whistles?department=water&open=true",
    "/v1/layers/{layer}/patrol-coverage": "/v1/layers/grid/patrol-coverage?from=2026-03-01&to=2026-03-07",
    "/v1/layers/{layer}/service-coverage": "/v1/layers/grid/service-coverage?at=2026-03-01",
    "/v1/layers/{layer}/visits": "/v1/layers/grid/visits?day=2026-03-02",
}
# and one for each that takes something in
POSTED = {
    "/v1/accounts/{account}/one-time-password": "/v1/accounts/tests-administrator/one-time-password",
    "/v1/check": "/v1/check?plan=grid-2026",
    "/v1/disputes/grade": "/v1/disputes/grade",
    "/v1/events/{id}/dispute": "/v1/events/1/dispute",
    "/v1/exports": "/v1/exports",
    "/v1/imports/areas": "/v1/imports/areas",
    "/v1/imports/assignments": "/v1/imports/assignments",
    "/v1/categories/permits": "/v1/categories/permits",
    "/v1/categories/{code}/permit": "/v1/categories/A001/permit",
    "/v1/imports/buildings": "/v1/imports/buildings",
    "/v1/imports/categories": "/v1/imports/categories",
    "/v1/imports/departments": "/v1/imports/departments",
    "/v1/imports/events": "/v1/imports/events",
    "/v1/imports/staff": "/v1/imports/staff",
    "/v1/jobs/{id}/retry": f"{JOB}/retry",
    "/v1/keys/{key}/rotation": "/v1/keys/a2b3c4d5e6f7/rotation",
    "/v1/plans/{plan}/branches": "/v1/plans/grid-2026/branches",
    "/v1/plans/{plan}/previews": "/v1/plans/grid-2026/previews",
    "/v1/plans/{plan}/publication": "/v1/plans/grid-2026/publication",
    "/v1/plans/{plan}/redivide": "/v1/plans/grid-2026/redivide",
    "/v1/plans/{plan}/retirement": "/v1/plans/grid-2026/retirement",
    "/v1/plans/{plan}/withdrawal": "/v1/plans/grid-2026/withdrawal",
    "/v1/risk/ratings": "/v1/risk/ratings",
    "/v1/patrol-points": "/v1/patrol-points",
    "/v1/events/{id}/whistles": "/v1/events/1/whistles",
    "/v1/whistles/{id}/answers": "/v1/whistles/1/answers",
    "/v1/whistles/{id}/closure": "/v1/whistles/1/closure",
}
# or changes or removes something, and does nothing else
CHANGED = {
    "/v1/keys/{key}": ("DELETE", "/v1/keys/a2b3c4d5e6f7"),
    "/v1/session/password": ("PUT", "/v1/session/password"),
    "/v1/staff/{id}": ("PATCH", "/v1/staff/1"),
}
BODIES = {
    "/v1/plans/{plan}/branches": {"name": "grid-2027"},
    "/v1/plans/{plan}/previews": {},
    "/v1/plans/{plan}/publication": {"valid_from": "2099-01-01"},
    "/v1/plans/{plan}/retirement": {"valid_to": "2099-01-01"},
    "/v1/plans/{plan}/withdrawal": {"reason": "none"},
    "/v1/disputes/grade": {"facts": {}},
    "/v1/events/{id}/dispute": {"facts": {}},
    "/v1/categories/permits": {"act": "approve", "codes": ["A001"]},
    "/v1/categories/{code}/permit": {"act": "approve"},
    "/v1/exports": {"what": "areas", "format": "csv", "layer": "grid"},
    "/v1/risk/ratings": {},
    "/v1/events/{id}/whistles": {"departments": ["water"], "reason": "x"},
    "/v1/whistles/{id}/answers": {"department": "water", "answer": "x"},
    "/v1/whistles/{id}/closure": {"reason": "x"},
    "/v1/patrol-points": {
        "source": "app",
        "layer": "grid",
        "crs": "wgs84",
        "points": [
            {"external_id": "1", "area": "1", "at": "2026-03-01T09:00:00Z", "lon": 114.005, "lat": 22.505}
        ],
    },
    "/v1/staff/{id}": {"valid_to": "2027-01-01"},
    "/v1/session/password": {"password": "old", "new_password": "three wet cats"},
}
ADDRESSES = GOOD | POSTED | {route: address for route, (_, address) in CHANGED.items()}
MORE = {
    "/v1/accounts": {"POST"},
    "/v1/accounts/{account}": {"PATCH", "DELETE"},
    "/v1/accounts/{account}/keys": {"POST"},
    "/v1/events": {"POST"},
    "/v1/events/{id}/steps": {"POST"},
    "/v1/layers/{layer}/staff": {"POST"},
    "/v1/plans/{plan}/operations": {"POST"},
    "/v1/policies/{kind}": {"POST"},
    "/v1/plans/{plan}/snapshots": {"POST"},
    "/v1/staff/{id}": {"DELETE"},
    "/v1/resolve": {"POST"},
    "/v1/session": {"POST", "DELETE"},
}
REMOVED = {"/v1/checks/{id}", "/v1/jobs/{id}", "/v1/redivisions/{id}"}
# a plan may be called so: names may hold slashes
READ_TOO = {
    f"/v1/plans/{{plan}}/{what}"
    for what in ("branches", "previews", "publication", "redivide", "retirement", "withdrawal")
} | {"/v1/categories/permits"}
WITHOUT_DATABASE = {
    "/",
    "/account",
    "/accounts",
    "/check",
    "/checks/{id}",
    "/docs",
    "/favicon.ico",
    "/healthz",
    "/jobs",
    "/jobs/{id}",
    "/maps/{name}",
    "/ogc",
    "/ogc/",
    "/ogc/api",
    "/ogc/conformance",
    "/openapi.json",
    "/problems",
    "/problems/{slug}",
    "/sign-in",
    "/static/{path}",
    "/v1/loop",
    "/v1/maps",
    "/v1/service",
    "/v1/session",
}
STREAMS = {"/v1/events/stream", "/v1/jobs/{id}/progress"}
# what browsers fetch as files takes any parameters, as files do
FILES = {"/favicon.ico", "/maps/{name}", "/static/{path}"}
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
    database.dispose()
    with open_client(module_database_url) as opened:
        yield opened


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
    monkeypatch.setattr("api.routes.checks.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.event_reports.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.event_reading.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.redivisions.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.drafts.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.imports.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.jobs.run_in_threadpool", fail)
    monkeypatch.setattr("api.routes.publications.run_in_threadpool", fail)
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
