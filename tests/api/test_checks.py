"""Checks over HTTP: what is asked, answered and refused; the checks themselves run in processes."""

from __future__ import annotations

import io
import json
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from planted_layers import plant_district

from gisgov.services.jobs import JobState, cancel_job, submit_job
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid

CHECK = "/v1/checks/" + "0123456789abcdef" * 2
ASYNC = {"Prefer": "respond-async"}

Open = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def service(open_client: Open, module_database_url: str) -> Iterator[Any]:
    """Client of a service with a district, whose worker does what is asked of it here."""
    database = Database(module_database_url)
    plant_district(database)
    database.dispose()
    with open_client(module_database_url) as client:
        yield client


@pytest.fixture(scope="module")
def small(service: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The answer to a check of a small file with a gap, which was waited for."""
    file = drawn(tmp_path_factory.mktemp("small"), "AAA\nA.A\nAAB")
    return post(service, {"Prefer": "wait=60"}, file=file, code_field="code")


@pytest.fixture
def refusing(open_client: Open, database_url: str) -> Iterator[Any]:
    """Client of a service that takes in nothing more: one check waits, as many as may."""
    with open_client(database_url, jobs_waiting=1, upload_max_mb=1, serve_worker=False) as client:
        yield client


def drawn(folder: Path, picture: str, name: str = "网格.gpkg", *, crs: int = 4547) -> Path:
    """Draw a picture as a file of areas of 100 m, their letters in the field ``code``."""
    codes, shapes = areas_from_grid(picture, cell_m=100, origin=(500_000, 2_490_000))
    geopandas.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=crs).to_file(folder / name)
    return folder / name


def post(client: Any, headers: dict[str, str] | None = None, /, **fields: Any) -> Any:
    """Send a form: paths and bytes as files, texts as texts."""
    files = {
        name: (value.name, value.read_bytes()) if isinstance(value, Path) else value
        for name, value in fields.items()
        if isinstance(value, Path | tuple)
    }
    data = {name: value for name, value in fields.items() if name not in files}
    return client.post("/v1/check", files=files or None, data=data, headers=headers)


def ended(client: Any, address: str) -> Any:
    """Look at a check until it has ended."""
    while True:
        info = client.get(address).json()
        if JobState(info["state"]).has_ended:
            return info
        time.sleep(0.05)


def test_a_small_file_is_answered_at_once(service: Any, small: Any) -> None:
    assert small.status_code == 200, small.text
    report = small.json()
    assert (report["subject"], report["areas"], report["clean"]) == ("网格.gpkg", 2, False)
    assert [(one["kind"], one["areas"]) for one in report["defects"]] == [("gap", ["A"])]
    info = service.get(small.headers["Content-Location"]).json()
    assert (info["state"], info["subject"], info["report"]) == ("done", "网格.gpkg", report)
    assert info["created"] <= info["started"] <= info["finished"] < info["expires"]


def test_what_takes_longer_is_a_job(service: Any, tmp_path: Path) -> None:
    areas, scope = drawn(tmp_path, "AAB\nA.B"), drawn(tmp_path, "SSSS\nSSSS", "范围.geojson")
    answer = post(service, ASYNC, file=areas, scope=scope, min_gap_m2="15000")
    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert int(answer.headers["Retry-After"]) > 0
    address = answer.headers["Location"]
    assert address == f"/v1/checks/{answer.json()['id']}"
    assert answer.json()["state"] in ("waiting", "running")
    info = ended(service, address)
    assert (info["state"], info["problem"]) == ("done", None)
    assert info["report"]["scope"] == "file 范围.geojson"
    assert info["report"]["counts"]["gap"] == 1
    assert info["report"]["below"]["min_gap_m2"] == 1
    figures = service.get(address, params={"defects": "false"}).json()
    assert figures["report"] == {**info["report"], "defects": []}
    assert service.get(info["page"]).status_code == 200


def test_a_report_comes_in_all_its_forms(service: Any, small: Any, tmp_path: Path) -> None:
    info = service.get(small.headers["Content-Location"]).json()
    assert set(info["reports"]) == {"json", "geojson", "gpkg", "html"}
    geojson = service.get(info["reports"]["geojson"])
    assert geojson.headers["Content-Type"] == "application/geo+json"
    assert [one["properties"]["kind"] for one in geojson.json()["features"]] == ["gap"]
    package = service.get(info["reports"]["gpkg"])
    assert package.headers["Content-Type"] == "application/geopackage+sqlite3"
    disposition = package.headers["Content-Disposition"]
    assert disposition == "attachment; filename*=utf-8''%E7%BD%91%E6%A0%BC-defects.gpkg"
    place = tmp_path / "defects.gpkg"
    place.write_bytes(package.content)
    with sqlite3.connect(place) as opened:
        assert opened.execute("SELECT count(*) FROM layer_styles").fetchone()[0] > 0
    opened.close()
    again = service.get(info["reports"]["gpkg"], headers={"If-None-Match": package.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/geo+json", "application/geo+json"),
        ("application/geopackage+sqlite3", "application/geopackage+sqlite3"),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/*", "text/html; charset=utf-8"),
        ("image/png", "application/json"),
    ],
)
def test_a_report_comes_in_the_form_that_is_asked_for(service: Any, accept: str, kind: str) -> None:
    answer = service.get(f"{CHECK}/report", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert "Accept" in answer.headers["Vary"]


def test_a_page_runs_in_an_origin_of_its_own(service: Any) -> None:
    for language in ("zh", "en"):
        page = service.get(f"{CHECK}/report.html", params={"language": language})
        assert f"<title>{language}</title>" in page.text
        assert "sandbox allow-scripts" in page.headers["Content-Security-Policy"]
    assert "sandbox" not in service.get(f"{CHECK}/report.json").headers["Content-Security-Policy"]
    assert "script-src 'self'" in service.get("/checks/whatever").headers["Content-Security-Policy"]


def test_without_built_assets_a_report_has_no_page(service: Any, small: Any) -> None:
    info = service.get(small.headers["Content-Location"]).json()
    page = service.get(info["reports"]["html"])
    assert (page.status_code, page.json()["type"]) == (503, "/problems/assets-missing")


def test_rows_out_of_place_do_not_fail_a_check(service: Any, tmp_path: Path) -> None:
    shapes = [shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.01, 22.5, 114.02, 22.51)]
    shapes.append(shapely.box(22.5, 114.0, 22.51, 114.01))
    geopandas.GeoDataFrame(geometry=shapes, crs=4326).to_file(tmp_path / "grids.gpkg")
    answer = post(service, ASYNC, file=tmp_path / "grids.gpkg")
    info = ended(service, answer.headers["Location"])
    assert (info["state"], info["report"]["counts"]["invalid-ring"]) == ("done", 1)


def test_what_cannot_be_checked_is_a_problem_that_says_why(service: Any, tmp_path: Path) -> None:
    (tmp_path / "网格.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    answer = post(service, {"Prefer": "wait=60", "X-Request-ID": "mine"}, file=tmp_path / "网格.geojson")
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "/problems/invalid-crs")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["detail"] == "网格.geojson does not state its coordinate system."
    assert problem["hint"].startswith("Say `crs`: wgs84")
    assert problem["errors"] == [{"pointer": "/body/crs", "detail": problem["detail"]}]
    assert problem["request_id"] == "mine"
    address = answer.headers["Content-Location"]
    info = service.get(address).json()
    assert (info["state"], info["problem"], info["report"]) == ("failed", problem, None)
    again = service.get(f"{address}/report")
    assert (again.status_code, again.json()) == (422, problem)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("网格.gpkg", b"hello", "网格.gpkg is not a GeoPackage: it holds plain text."),
        ("grids.gpkg", b"", "grids.gpkg is empty."),
        ("../../grids.exe", b"hello", "grids.exe has the suffix .exe, from which gisgov reads no areas."),
        ("C:\\temp\\grids", b"hello", "grids has the suffix (none), from which gisgov reads no areas."),
        ("grids.zip", b"PK\x03\x04torn", "grids.zip is a damaged or truncated zip."),
    ],
)
def test_wrong_files_are_told_of_at_once(service: Any, name: str, content: bytes, says: str) -> None:
    answer = post(service, ASYNC, file=(name, content))
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "/problems/unreadable-file")
    assert problem["errors"] == [{"pointer": "/body/file", "detail": says}]
    context = service.app.state.context
    assert list(context.jobs.folder.glob(".draft-*")) == [], "nothing of it is kept"


def test_a_zip_with_paths_in_it_stays_where_it_is(service: Any, tmp_path: Path) -> None:
    source = drawn(tmp_path, "AB", "grids.shp")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("grids.*"):
            archive.write(part, f"../../../out/{part.name}")
    answer = post(service, {"Prefer": "wait=60"}, file=("区划.zip", packed.getvalue()))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["subject"], answer.json()["areas"], source.name) == ("区划.zip", 2, "grids.shp")


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({}, ["/body/file"]),
        ({"file": "grids.gpkg"}, ["/body/file"]),
        ({"colour": "red", "plan": "grid-2026"}, ["/body/colour"]),
        ({"plan": "grid-2026", "crs": "wgs84", "overlay": "true"}, ["/body/crs", "/body/overlay"]),
        ({"plan": "grid-2026", "min_gap_m2": "-1"}, ["/body/min_gap_m2"]),
        ({"plan": "grid-2026", "min_gap_m2": "nan"}, ["/body/min_gap_m2"]),
        ({"plan": ["a", "b"]}, ["/body/plan"]),
        ({"plan": "a\0b"}, ["/body/plan"]),
        ({"file": ("a.gpkg", b"x"), "scope": "440306", "at": "2026-03-01"}, ["/body/at", "/body/scope"]),
        ({"file": ("a.gpkg", b"x"), "plan": "grid-2026"}, ["/body/file"]),
        ({"file": ("a.gpkg", b"x"), "overlay": "perhaps"}, ["/body/overlay"]),
        ({"plan": "grid-2026", "at": "yesterday"}, ["/body/at"]),
    ],
)
def test_fields_that_cannot_be_meant_are_pointed_at(service: Any, fields: Any, pointers: list[str]) -> None:
    unused = {"unused": ("", b"")}  # makes a multipart form of texts alone; a file without a name is none
    answer = service.post(
        "/v1/check",
        files=unused | {name: value for name, value in fields.items() if isinstance(value, tuple)},
        data={name: value for name, value in fields.items() if not isinstance(value, tuple)},
    )
    assert answer.status_code == 422, answer.text
    assert [field["pointer"] for field in answer.json()["errors"]] == pointers


def test_an_unknown_field_is_told_which_there_are(service: Any) -> None:
    answer = service.post("/v1/check", json={"plan": "grid-2026", "crs": "wgs84"})
    assert answer.json()["detail"].startswith(
        "crs is no field of a check; it takes at, min_gap_m2, plan, scope"
    )


@pytest.mark.parametrize(
    ("kind", "body", "status", "pointers"),
    [
        ("application/json", b"{", 422, ["/body"]),
        ("application/json", b"[]", 422, ["/body"]),
        ("application/json", b"{}", 422, ["/body/plan"]),
        ("application/json", b'{"plan": 7}', 422, ["/body/plan"]),
        ("application/json", b'"' + b"x" * 70_000 + b'"', 413, []),
        ("text/csv", b"a,b", 415, []),
        ("", b"what?", 415, []),
        ("multipart/form-data", b"--x", 415, []),
        ("multipart/form-data; boundary=x", b"no form", 422, []),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb",
            422,
            [],
        ),
    ],
)
def test_bodies_that_cannot_be_read_are_refused(
    service: Any, kind: str, body: bytes, status: int, pointers: list[str]
) -> None:
    answer = service.post("/v1/check", content=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [field["pointer"] for field in answer.json()["errors"]] == pointers


def test_a_plan_is_asked_for_in_one_place(service: Any) -> None:
    twice = service.post("/v1/check?plan=a", json={"plan": "a"})
    assert [field["pointer"] for field in twice.json()["errors"]] == ["/query/plan"]
    nowhere = service.post("/v1/check")
    assert [field["pointer"] for field in nowhere.json()["errors"]] == ["/query/plan"]


def test_a_plan_is_checked_where_it_is_stored(service: Any) -> None:
    wait = {"Prefer": "wait=60"}
    asked = service.post("/v1/check?plan=grid-2026&at=2026-03-01", headers=wait)
    assert asked.status_code == 200, asked.text
    assert (asked.json()["subject"], asked.json()["layer"], asked.json()["areas"]) == ("grid-2026", "grid", 4)
    told = service.post("/v1/check", json={"plan": "grid-2026", "at": "2026-03-01"}, headers=wait)
    assert told.json() == asked.json()
    scoped = service.post("/v1/check", json={"plan": "grid-2026", "scope": "nowhere"}, headers=wait)
    assert (scoped.status_code, scoped.json()["type"]) == (404, "/problems/not-found")
    assert scoped.json()["errors"][0]["pointer"] == "/body/scope"
    unknown = service.post("/v1/check?plan=none", headers=ASYNC)
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-found")
    assert unknown.json()["errors"][0]["pointer"] == "/query/plan"


def test_a_check_is_removed(open_client: Open, database_url: str) -> None:
    with open_client(database_url) as client:
        removed = client.delete(CHECK)
        assert (removed.status_code, removed.content) == (204, b"")
        for answer in (client.get(CHECK), client.delete(CHECK), client.get(f"{CHECK}/report")):
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_uploads_have_a_limit(refusing: Any) -> None:
    whole = refusing.post("/v1/check", files={"file": ("a.gpkg", b"x" * 1_000_000)})
    assert (whole.status_code, whole.json()["type"]) == (413, "/problems/too-large")
    assert "1,000,000 bytes" in whole.json()["detail"]
    assert refusing.get("/v1/service").json()["upload_max_bytes"] == 1_000_000

    def pieces() -> Iterator[bytes]:  # sent without saying how much will come
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.gpkg"\r\n\r\n'
        yield from (b"x" * 100_000 for _ in range(11))

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    streamed = refusing.post("/v1/check", content=pieces(), headers=kind)
    assert (streamed.status_code, streamed.json()["type"]) == (413, "/problems/too-large")


def test_a_check_that_waits_can_be_seen_and_cancelled(refusing: Any, tmp_path: Path) -> None:
    areas = drawn(tmp_path, "AB", "grids.geojson", crs=4326)
    waiting = post(refusing, ASYNC, file=areas, crs="wgs84")
    assert waiting.status_code == 202
    address = waiting.headers["Location"]
    early = refusing.get(f"{address}/report")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/job-not-done")
    full = post(refusing, ASYNC, file=areas, crs="wgs84")
    assert (full.status_code, full.json()["type"]) == (503, "/problems/queue-full")
    assert int(full.headers["Retry-After"]) > 0
    assert refusing.delete(address).status_code == 204
    info = refusing.get(address).json()
    assert (info["state"], info["started"], info["reports"]) == ("cancelled", None, {})
    gone = refusing.get(f"{address}/report.gpkg")
    assert (gone.status_code, gone.json()["type"]) == (409, "/problems/job-not-done")


def test_a_job_of_another_kind_is_no_check(service: Any) -> None:
    context = service.app.state.context
    with context.jobs.draft() as draft:
        job = submit_job(context.database, draft, kind="import", title="areas", parameters={})
    assert service.get(f"/v1/checks/{job.id}").status_code == 404
    cancel_job(context.database, context.jobs, job.id)


def test_the_description_tells_of_the_body(service: Any) -> None:
    document = service.get("/openapi.json").json()
    content = document["paths"]["/v1/check"]["post"]["requestBody"]["content"]
    form = content["multipart/form-data"]["schema"]["properties"]
    assert form["file"]["format"] == "binary"
    assert {"crs", "scope", "parents", "code_field", "overlay", "min_gap_m2", "plan"} <= form.keys()
    assert all(field["description"] for field in form.values())
    assert set(content["application/json"]["schema"]["properties"]) < set(form)
    assert json.dumps(document)
