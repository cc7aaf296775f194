"""Devices over HTTP: brought in as a job, told of, listed and counted; and what is brought in beside them."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import openpyxl
import pytest
from import_jobs_by_hand import done, report, sent
from signed_in import bearer

from fixtures.shipped import visit_policy
from gisgov.governance.access import Grant, Role
from gisgov.store.database import Database

Open = Callable[..., AbstractContextManager[Any]]

DEVICES = (
    "设备编号,类型,状态,状态时间,经度,纬度\n"
    "d1,摄像头,在线,2026-03-01 08:00,114.005,22.505\n"
    "d2,camera,,,114.025,22.505\n"
)
BUILDINGS = "编号,经度,纬度,层数\nb1,114.005,22.505,3\n"
EXCEPTIONS = "title,reach_m,layer,area,lon,lat\n公园,20,grid,1,114.005,22.505\n路灯,,grid,1,114.005,22.505\n"
POINTS = "编码,级别,名称,lon,lat\np1,grid,便民服务点,114.005,22.505\n"
CARE = "楼栋编号,类别,人数,日期\nb1,{care},3,2026-03-01\nb9,{care},3,2026-03-01\n"


@pytest.fixture
def waiting(district: None, open_client: Open, database_url: str) -> Any:
    with open_client(database_url, serve_worker=False) as opened:
        yield opened


def test_a_story_of_devices(waiting: Any, database: Database) -> None:
    job = done(waiting, sent(waiting, "devices", DEVICES, crs="wgs84", kind_field="类型"))
    told = report(waiting, job)
    assert (job["kind"], told["kind"], told["inserted"], told["source"]) == (
        "import_devices",
        "devices",
        2,
        "一批",
    )
    assert report(waiting, done(waiting, sent(waiting, "devices", DEVICES, crs="wgs84")))["unchanged"] == 2

    body = {"states": [{"device": "d1", "state": "offline"}, {"device": "d9", "state": "online"}]}
    taken = waiting.post("/v1/devices/states", json=body).json()
    assert (taken["changed"], taken["refused"]) == (1, 1)
    assert [one["status"] for one in taken["items"]] == ["changed", "refused"]
    wrong = waiting.post("/v1/devices/states", json={"states": [{"device": "d1", "state": "retired"}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/body/states/0/state")

    first = waiting.get("/v1/devices", params={"layer": "grid", "at": "2026-03-01", "limit": 1})
    assert [(one["id"], one["state"], one["area_code"]) for one in first.json()] == [("d1", "offline", "1")]
    rest = waiting.get(first.headers["Link"].partition("<")[2].partition(">")[0])
    assert [(one["id"], one["kind_title_zh"]) for one in rest.json()] == [("d2", "摄像头")]
    assert "Link" not in rest.headers

    asked = {"layer": "grid", "at": "2026-03-01"}
    counted = waiting.get("/v1/devices/statistics", params=asked).json()
    assert counted["rows"][-1]["figures"] == {
        "devices": 2, "online": 1, "offline": 1, "retired": 0, "online_share": 0.5,
    }  # fmt: skip
    sheet = waiting.get("/v1/devices/statistics", params={**asked, "format": "xlsx", "language": "en"})
    rows = [*openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values]
    assert rows[-1][1:7] == ("all", 2, 1, 1, 0, 50)

    mine = bearer(database, "s", Grant(Role.OFFICER, "street", "S"))
    assert [one["id"] for one in waiting.get("/v1/devices", headers=mine).json()] == ["d1"]
    assert waiting.post("/v1/devices/states", json=body, headers=mine).status_code == 403


def test_what_else_stands_at_places_comes_in_by_the_same_rows(waiting: Any) -> None:
    told = report(waiting, done(waiting, sent(waiting, "exceptions", EXCEPTIONS, crs="wgs84")))
    assert (told["inserted"], told["problems"][0]["kind"]) == (1, "bad-number")
    told = report(
        waiting, done(waiting, sent(waiting, "service-points", POINTS, crs="wgs84", code_field="编码"))
    )
    assert (told["inserted"], told["fields"]["code"]) == (1, "编码")
    done(waiting, sent(waiting, "buildings", BUILDINGS, crs="wgs84"))
    care = CARE.format(care=visit_policy().care[0].name)
    job = done(waiting, sent(waiting, "care", care))
    told = report(waiting, job)
    assert (told["inserted"], told["rejects_path"]) == (1, "一批.care.rejects.csv")
    assert told["problems"][0]["message"] == "names b9, which is no building"
    refused = sent(waiting, "care", care, crs="wgs84")
    assert refused.json()["errors"][0]["pointer"] == "/body/crs"
    nowhere = done(waiting, sent(waiting, "devices", DEVICES))
    assert nowhere["problem"]["type"] == "/problems/invalid-crs"
    assert "--" not in nowhere["problem"]["hint"]
