"""The question that other systems ask, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

AT = "at=2026-03-01"


@pytest.mark.usefixtures("district")
def test_the_chain_is_answered(client: Any) -> None:
    response = client.get(f"/v1/resolve?lon=114.005&lat=22.505&{AT}")
    assert response.headers["Content-Type"] == "application/json"
    answer = response.json()
    chain = [(one["layer"], one["code"]) for one in answer["chain"]]
    assert chain == [("street", "S"), ("网格", "甲"), ("grid", "1")]
    assert answer["chain"][2]["staff"] == [{"role": "网格长", "holder": "王", "phone": None, "deputies": []}]
    assert (answer["crs"], answer["at"]) == ("EPSG:4326", "2026-03-01")
    assert answer["without_plan"] == ["beat"]
    assert answer["outside"] == []


@pytest.mark.usefixtures("district")
def test_the_system_is_echoed(client: Any) -> None:
    answer = client.get(f"/v1/resolve?lon=114.01&lat=22.5025&crs=gcj02&layer=grid&{AT}").json()
    assert (answer["x"], answer["y"], answer["crs"]) == (114.01, 22.5025, "GCJ-02")
    assert answer["lon"] < 114.006, "GCJ-02 lies some 500 m to the east"
    assert [one["code"] for one in answer["chain"]] == ["1"]


@pytest.mark.usefixtures("district")
def test_a_timestamp_is_a_day_in_the_zone_of_the_service(client: Any) -> None:
    answer = client.get("/v1/resolve?lon=114.005&lat=22.505&at=2026-03-01T23:00:00Z").json()
    assert answer["at"] == "2026-03-02"


@pytest.mark.parametrize(
    ("query", "status", "kind", "pointer", "words"),
    [
        ("lat=22.5", 422, "invalid-request", "/query/lon", "lon is required"),
        ("lon=east&lat=22.5", 422, "invalid-request", "/query/lon", "valid number"),
        ("lon=nan&lat=22.5", 422, "invalid-coordinate", "/query/lon", "no number on a map"),
        ("lon=114&lat=-inf", 422, "invalid-coordinate", "/query/lat", "no number on a map"),
        ("lon=1e999&lat=22.5", 422, "invalid-coordinate", "/query/lon", "no number on a map"),
        ("lon=114&lat=91", 422, "invalid-coordinate", "/query/lat", "out of range"),
        ("lon=22.505&lat=114.005", 422, "invalid-coordinate", "/query/lat", "Swapped"),
        ("lon=114&lat=22.5&crs=moon", 422, "invalid-crs", "/query/crs", "not known"),
        ("lon=114&lat=22.5&layer=moon", 404, "not-found", "/query/layer", "No layer"),
        ("lon=114&lat=22.5&at=someday", 422, "invalid-input", "/query/at", "no date"),
    ],
)
@pytest.mark.usefixtures("district")
def test_mistakes_are_pointed_at(
    client: Any, query: str, status: int, kind: str, pointer: str, words: str
) -> None:
    response = client.get(f"/v1/resolve?{query}" + ("" if "at=" in query else f"&{AT}"))
    problem = response.json()
    assert (response.status_code, problem["type"]) == (status, f"/problems/{kind}")
    assert [field["pointer"] for field in problem["errors"]] == [pointer]
    assert words in problem["detail"] + problem.get("hint", "")
