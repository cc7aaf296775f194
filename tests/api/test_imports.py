"""Imports, ratings and exports over HTTP, done by the job's process or in that of the test."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import geopandas
import pytest
import shapely
import sqlalchemy as sa
from import_jobs_by_hand import done, report, result, sent
from signed_in import bearer

from fixtures.shipped import risk_rules
from gisgov.governance.access import Grant, Role
from gisgov.services.blocks import store_blocks
from gisgov.services.rating import propose_rules, put_in_force
from gisgov.store.database import Database
from gisgov.store.tables import account_role, building, event, layer, plan, staff_post

Open = Callable[..., AbstractContextManager[Any]]

EVENTS = (
    "编号,时间,经度,纬度,等级\n"
    "e1,2026-03-01 08:00,114.005,22.505,1\n"
    "e2,2026-03-01 09:00,114.035,22.505,1\n"
    "e3,2026-03-01 10:00,,,1\n"
    "e4,soon,114.005,22.505,1\n"
)
BUILDINGS = "编号,经度,纬度,层数\nb1,114.005,22.505,3\nb2,114.035,22.505,9\n"
HAZARDS = "编号,楼栋编号,隐患类型,发现日期\nh1,b1,消防,2026-03-01\nh2,none,消防,2026-03-01\n"
STAFF = "网格编码,岗位,姓名\n1,网格长,李\n3,网格长,赵\n"


@pytest.fixture
def waiting(district: None, open_client: Open, database_url: str) -> Iterator[Any]:
    """Client of a service that begins no job by itself: streets S (114.00-114.02) and T (114.02-114.04)."""
    with open_client(database_url, serve_worker=False) as opened:
        yield opened


def ids(database: Database, table: sa.Table) -> list[str]:
    with database.begin() as connection:
        return sorted(connection.scalars(sa.select(table.c.external_id)))


def test_events_come_in_and_twice_is_once(waiting: Any, database: Database) -> None:
    job = done(waiting, sent(waiting, "events", EVENTS, crs="wgs84"))
    assert (job["kind"], job["title"]) == ("import_events", "一批.csv")
    assert {one["name"] for one in job["results"]} == {
        "report.json",
        "orphans.csv",
        "一批.events.rejects.csv",
    }
    told = report(waiting, job)
    counts = (told["rows_read"], told["inserted"], told["rejected"], told["without_place"])
    assert (told["file"], counts) == ("一批.csv", (4, 3, 1, 1))
    assert (told["rejects_path"], told["orphans_path"]) == ("一批.events.rejects.csv", "orphans.csv")
    assert "soon" in result(waiting, job, "一批.events.rejects.csv").content.decode("utf-8-sig")
    assert ids(database, event) == ["e1", "e2", "e3"]
    again = report(waiting, done(waiting, sent(waiting, "events", EVENTS, crs="wgs84")))
    assert (again["inserted"], again["unchanged"]) == (0, 3)


def test_rows_beyond_the_territory_are_refused_and_the_others_go_in(waiting: Any, database: Database) -> None:
    mine = bearer(database, "s", Grant(Role.DISPATCHER, "street", "S"))
    done(waiting, sent(waiting, "events", EVENTS.replace("114.035", "114.036"), crs="wgs84"))
    text = EVENTS.replace("114.005", "114.006") + "e5,2026-03-01 11:00,114.001,22.505,1\n"
    moved = text.replace("e2,2026-03-01 09:00,114.035", "e2,2026-03-01 09:00,114.007")
    job = done(waiting, sent(waiting, "events", moved, crs="wgs84", headers=mine), mine)
    told = report(waiting, job, mine)
    assert [(one["row"], one["kind"]) for one in told["problems"] if one["kind"] != "bad-time"] == [
        (2, "beyond-rights"),  # known in the other street: it is not taken away from there
        (3, "beyond-rights"),  # nowhere
    ]
    assert (told["inserted"], told["updated"], told["rejected"]) == (1, 1, 3)
    assert ids(database, event) == ["e1", "e2", "e3", "e5"]
    with database.begin() as connection:
        xs = sa.select(sa.func.ST_X(event.c.geom)).where(event.c.external_id == "e2")
        assert connection.scalar(xs) == pytest.approx(114.036)


def test_buildings_come_in_and_are_rated(waiting: Any, database: Database) -> None:
    assert report(waiting, done(waiting, sent(waiting, "buildings", BUILDINGS, crs="wgs84")))["inserted"] == 2
    assert ids(database, building) == ["b1", "b2"]
    missing = waiting.post("/v1/risk/ratings")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")
    rules = risk_rules(None)
    propose_rules(database, rules)
    day, zone = date(2026, 6, 1), ZoneInfo("Asia/Shanghai")
    put_in_force(database, rules.version, reason="a decision", today=day, timezone=zone)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE building SET built_year = 1950"))
    told = report(waiting, done(waiting, waiting.post("/v1/risk/ratings")))
    assert (told["version"], told["buildings"], told["written"]) == (rules.version, 2, 2)


def test_hazards_of_buildings_come_in(waiting: Any) -> None:
    done(waiting, sent(waiting, "buildings", BUILDINGS, crs="wgs84"))
    tried = report(waiting, done(waiting, sent(waiting, "hazards", HAZARDS, dry_run="true")))
    assert (tried["kind"], tried["source"], tried["inserted"], tried["rejected"]) == ("hazards", "一批", 1, 1)
    assert waiting.get("/v1/hazards").json() == []
    job = done(waiting, sent(waiting, "hazards", HAZARDS))
    assert job["kind"] == "import_hazards"
    assert report(waiting, job)["inserted"] == 1
    assert [one["kind"] for one in waiting.get("/v1/hazards").json()] == ["fire"]


def test_buildings_beyond_the_territory_are_refused(waiting: Any, database: Database) -> None:
    mine = bearer(database, "s", Grant(Role.MANAGER, "street", "S"))
    job = done(waiting, sent(waiting, "buildings", BUILDINGS, crs="wgs84", headers=mine), mine)
    assert report(waiting, job, mine)["problems"][0]["message"] == "lies where your rights do not reach"
    assert ids(database, building) == ["b1"]


def test_staff_comes_in_where_the_right_reaches(waiting: Any, database: Database) -> None:
    mine = bearer(database, "s", Grant(Role.MANAGER, "street", "S"))
    job = done(waiting, sent(waiting, "staff", STAFF, layer="grid", headers=mine), mine)
    told = report(waiting, job, mine)
    assert (told["inserted"], told["problems"][0]["kind"]) == (1, "beyond-rights")
    assert report(waiting, done(waiting, sent(waiting, "staff", STAFF, layer="grid")))["inserted"] == 1
    with database.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(staff_post)) == 3


def test_a_dry_run_changes_nothing(waiting: Any, database: Database) -> None:
    told = report(waiting, done(waiting, sent(waiting, "events", EVENTS, crs="wgs84", dry_run="true")))
    assert told["inserted"] == 3
    assert ids(database, event) == []


def test_a_file_that_is_refused_fails_the_job_and_its_rows_are_in_the_log(
    waiting: Any, database: Database
) -> None:
    job = done(waiting, sent(waiting, "events", EVENTS, crs="wgs84", strict="true"))
    problem = job["problem"]
    assert (job["state"], problem["type"], problem["status"]) == ("failed", "/problems/rows-refused", 422)
    assert problem["detail"].startswith("1 of the 4 rows of 一批.csv has problems, so nothing was imported")
    assert problem["hint"] == "All are in the log of the job."
    lines = [one["line"] for one in waiting.get(f"/v1/jobs/{job['id']}/log").json()]
    assert [line for line in lines if line.startswith("Row 4: ")]
    assert ids(database, event) == []


def test_errors_are_those_of_the_commands_in_fields(waiting: Any) -> None:
    job = done(waiting, sent(waiting, "events", EVENTS))
    assert job["problem"]["type"] == "/problems/invalid-crs"
    assert "--" not in job["problem"]["hint"]
    assert job["problem"]["errors"][0]["pointer"] == "/body/crs"
    nothing = done(waiting, sent(waiting, "events", EVENTS, crs="wgs84", time_field="nope"))
    assert nothing["problem"]["detail"].startswith("一批.csv has no field 'nope'")


@pytest.mark.parametrize(
    ("what", "name", "given", "pointer"),
    [
        ("events", "a.docx", {}, "/body/file"),
        ("staff", "a.gpkg", {"layer": "grid"}, "/body/file"),
        ("areas", "a.csv", {"layer": "grid"}, "/body/file"),
        ("staff", "a.csv", {}, "/body/layer"),
        ("staff", "a.csv", {"layer": "grid", "color": "red"}, "/body/color"),
        ("events", "a.csv", {"strict": "perhaps"}, "/body/strict"),
        ("areas", "a.geojson", {"layer": "grid", "publish": "true"}, "/body/valid_from"),
        ("areas", "a.geojson", {"layer": "grid", "scope_code": "S"}, "/body/scope_code"),
        ("areas", "a.geojson", {"layer": "grid", "accept_defects": "so"}, "/body/accept_defects"),
    ],
)
def test_what_is_not_understood_is_refused_at_once(
    waiting: Any, what: str, name: str, given: dict[str, str], pointer: str
) -> None:
    answer = sent(waiting, what, STAFF, name=name, **given)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_other_bodies_and_layers_are_refused(waiting: Any) -> None:
    assert waiting.post("/v1/imports/events", json={}).status_code == 415
    assert waiting.post("/v1/imports/events", files={"x": ("", b"")}).status_code == 422
    assert sent(waiting, "staff", STAFF, layer="moon").status_code == 404


def areas(*squares: tuple[str, float]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 22.5], [x + 0.01, 22.5], [x + 0.01, 22.51], [x, 22.51], [x, 22.5]]],
            },
        }
        for code, x in squares
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_areas_become_a_draft_and_are_published(waiting: Any, database: Database) -> None:
    text = areas(("x", 114.0), ("y", 114.01))
    asked = {"layer": "网格", "code_field": "code", "plan": "beats", "name": "警区.geojson", "crs": "wgs84"}
    told = report(waiting, done(waiting, sent(waiting, "areas", text, **asked)))
    assert (told["plan"], told["status"], told["imported"], told["publication"]) == (
        "beats",
        "draft",
        2,
        None,
    )
    published = {**asked, "publish": "true", "valid_from": "2026-02-01", "accept_defects": "a test"}
    told = report(waiting, done(waiting, sent(waiting, "areas", text, **published)))
    assert (told["status"], told["unchanged"]) == ("published", 2)
    with database.begin() as connection:
        status = sa.select(plan.c.status).where(plan.c.name == "beats")
        assert connection.scalar(status) == "published"


def test_a_scope_is_a_code_or_a_file_and_never_a_path_of_the_server(waiting: Any) -> None:
    asked = {"layer": "beat", "code_field": "code", "name": "a.geojson", "crs": "wgs84"}
    for path in ("/etc/passwd", "pyproject.toml", "../x.geojson"):
        job = done(waiting, sent(waiting, "areas", areas(("x", 114.0)), scope=path, **asked))
        assert job["problem"]["type"] == "/problems/not-found"
    files = {
        "file": ("a.geojson", areas(("x", 114.0))),
        "scope": ("s.geojson", areas(("s", 114.0))),
    }
    data = {"layer": "beat", "code_field": "code", "crs": "wgs84"}
    assert (
        report(waiting, done(waiting, waiting.post("/v1/imports/areas", files=files, data=data)))["areas"]
        == 1
    )


def test_who_loses_the_right_meanwhile_changes_nothing(waiting: Any, database: Database) -> None:
    mine = bearer(database, "s", Grant(Role.MANAGER, "street", "S"))
    answer = sent(waiting, "events", EVENTS, crs="wgs84", headers=mine)
    with database.begin() as connection:
        connection.execute(account_role.update().where(account_role.c.area_code == "S").values(role="viewer"))
    job = done(waiting, answer, mine)
    assert job["problem"]["type"] == "/problems/not-allowed"
    assert ids(database, event) == []


def exported(client: Any, headers: dict[str, str] | None = None, **asked: Any) -> Any:
    job = done(client, client.post("/v1/exports", json=asked, headers=headers), headers)
    assert job["state"] == "done", job["problem"]
    suffix = "zip" if asked["format"] == "shp" else asked["format"]
    return result(client, job, f"{asked['what']}.{suffix}", headers)


def test_exports_hold_what_whoever_asks_may_see(waiting: Any, database: Database) -> None:
    done(waiting, sent(waiting, "events", EVENTS, crs="wgs84"))
    mine = bearer(database, "s", Grant(Role.VIEWER, "street", "S"))
    asked = {"what": "events", "format": "geojson", "layer": "grid", "language": "en"}
    whole, own = exported(waiting, **asked).json(), exported(waiting, mine, **asked).json()
    assert sorted(one["properties"]["external_id"] for one in whole["features"]) == ["e1", "e2", "e3"]
    assert [one["properties"]["external_id"] for one in own["features"]] == ["e1"]
    day = {"from": "2026-03-02", "to": "2026-03-03"}
    assert exported(waiting, **{**asked, "format": "csv"}, **day).content.count(b"\n") == 1


@pytest.mark.parametrize("form", ["gpkg", "geojson", "csv", "xlsx"])
def test_areas_and_buildings_in_every_form(waiting: Any, form: str) -> None:
    done(waiting, sent(waiting, "buildings", BUILDINGS.replace("b1", "=1+1"), crs="wgs84"))
    made = exported(waiting, what="buildings", format=form, layer="grid")
    assert made.status_code == 200
    if form == "csv":
        rows = made.content.decode("utf-8-sig").splitlines()
        assert rows[0].endswith("grid_code,lon,lat")
        assert rows[1].startswith("'=1+1,")
        assert rows[1].endswith("1,114.005,22.505")
    areas_made = exported(waiting, what="areas", format=form, layer="grid", at="2026-03-01")
    assert len(areas_made.content) > 100
    if form == "geojson":
        assert len(areas_made.json()["features"]) == 4
        assert len(exported(waiting, what="areas", format=form, plan="street-2026").json()["features"]) == 2


def test_vacancies_are_a_table(waiting: Any, database: Database) -> None:
    with database.begin() as connection:
        connection.execute(layer.update().where(layer.c.name == "grid").values(staffing="1 网格长 + N 兼职"))
    rows = exported(waiting, what="vacancies", format="csv", layer="grid", at="2026-03-01").text.splitlines()
    assert len(rows) == 4
    assert rows[1] == "3,grid 3,grid-2026,网格长,1,0,0,1,0,,"
    assert exported(waiting, what="vacancies", format="xlsx", layer="grid").content[:2] == b"PK"


def test_a_plan_goes_out_and_its_assignments_come_in(
    waiting: Any, database: Database, plant: Callable[..., None]
) -> None:
    made = exported(waiting, what="plan", format="shp", plan="grid-2026", encoding="gbk")
    names = zipfile.ZipFile(io.BytesIO(made.content)).namelist()
    assert sorted(names) == ["plan.cpg", "plan.dbf", "plan.prj", "plan.shp", "plan.shx"]
    cells = [shapely.box(114 + i / 100, 22.5, 114.01 + i / 100, 22.51) for i in range(2)]
    plant("beat2", dict(zip("ab", cells, strict=True)), plan="d", valid_from=None)
    store_blocks(
        database, geopandas.GeoDataFrame({"code": ["01", "02"]}, geometry=cells, crs=4326), scope_code=""
    )
    done(waiting, sent(waiting, "assignments", "block,area\n01,a\n02,a\n", plan="d"))
    rows = exported(waiting, what="assignments", format="csv", plan="d").content.decode("utf-8-sig")
    assert rows.splitlines() == ["block,area", "01,a", "02,a"]
    annex = exported(waiting, what="annex", format="pdf", plan="d", language="en")
    assert annex.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"what": "events", "format": "csv"}, "/body/layer"),
        ({"what": "events", "format": "csv", "layer": "grid", "plan": "x"}, "/body/plan"),
        ({"what": "vacancies", "format": "gpkg", "layer": "grid"}, "/body/format"),
        ({"what": "events", "format": "csv", "layer": "grid", "at": "2026-03-01"}, "/body/at"),
        ({"what": "areas", "format": "csv", "layer": "grid", "from": "2026-03-01"}, "/body/from"),
        ({"what": "persons", "format": "csv"}, "/body/what"),
        ({"what": "plan", "format": "gpkg", "layer": "grid"}, "/body/plan"),
        ({"what": "assignments", "format": "gpkg", "plan": "grid-2026"}, "/body/format"),
        ({"what": "plan", "format": "gpkg", "plan": "grid-2026", "encoding": "gbk"}, "/body/encoding"),
        (
            {"what": "events", "format": "csv", "layer": "grid", "from": "2026-03-02", "to": "2026-03-01"},
            "/body/to",
        ),
    ],
)
def test_exports_that_cannot_be(waiting: Any, asked: dict[str, str], pointer: str) -> None:
    answer = waiting.post("/v1/exports", json=asked)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_exports_need_the_right_to_see(waiting: Any, database: Database) -> None:
    planner = bearer(database, "p", Grant(Role.PLANNER))
    asked = {"what": "events", "format": "csv", "layer": "grid"}
    assert waiting.post("/v1/exports", json=asked, headers=planner).status_code == 403


@pytest.mark.usefixtures("district")
def test_a_worker_brings_events_in(client: Any, database: Database) -> None:
    answer = sent(client, "events", EVENTS, crs="wgs84")
    assert answer.status_code == 202
    end = time.monotonic() + 120
    job = answer.json()
    while job["state"] in ("waiting", "running") and time.monotonic() < end:
        time.sleep(0.1)
        job = client.get(answer.headers["Location"]).json()
    assert report(client, job)["inserted"] == 3
    assert ids(database, event) == ["e1", "e2", "e3"]
