"""Areas over HTTP: GeoJSON, pages, boxes, ambiguous codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import shapely

AT = "at=2026-03-01"


@pytest.mark.usefixtures("district")
def test_areas_are_geojson(client: Any) -> None:
    response = client.get(f"/v1/layers/grid/areas?{AT}")
    assert response.headers["Content-Type"] == "application/geo+json"
    collection = response.json()
    assert collection["type"] == "FeatureCollection"
    assert [one["properties"]["code"] for one in collection["features"]] == ["1", "3", "4", "S"]
    first = collection["features"][0]
    assert first.keys() == {"type", "id", "bbox", "geometry", "properties"}
    assert (first["type"], first["id"]) == ("Feature", "grid-2026/1")
    assert first["bbox"] == [114.0, 22.5, 114.01, 22.51]
    assert first["geometry"]["type"] == "MultiPolygon"
    assert first["properties"]["staff"] == [{"role": "网格长", "holder": "王", "phone": None, "deputies": []}]
    assert first["properties"]["valid_from"] == "2026-01-01"
    assert not {"id", "bbox", "geometry"} & first["properties"].keys()


@pytest.mark.usefixtures("district")
def test_pages_are_linked(client: Any) -> None:
    codes, address, pages = [], f"/v1/layers/grid/areas?{AT}&limit=3&geometry=false", 0
    while address:
        response = client.get(address)
        body = response.json()
        codes += [one["properties"]["code"] for one in body["features"]]
        address = body.get("next")
        assert response.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
        assert {one["geometry"] for one in body["features"]} == {None}
        pages += 1
    assert (codes, pages) == (["1", "3", "4", "S"], 2)


@pytest.mark.usefixtures("district")
def test_links_hold_names_of_any_script(client: Any) -> None:
    first = client.get(f"/v1/layers/网格/areas?{AT}&limit=1")
    assert first.headers["Link"].isascii()
    second = client.get(first.json()["next"])
    assert [one["id"] for one in second.json()["features"]] == ["网格/2026/甲"]
    assert client.get(f"/v1/areas/乙?{AT}").json()["properties"]["name"] == "网格 乙"


@pytest.mark.usefixtures("district")
def test_a_box_keeps_what_meets_it(client: Any) -> None:
    response = client.get(f"/v1/layers/grid/areas?{AT}&bbox=114.021,22.501,114.029,22.509")
    assert [one["properties"]["code"] for one in response.json()["features"]] == ["3"]


@pytest.mark.usefixtures("district")
def test_one_area_and_its_kin(client: Any) -> None:
    one = client.get(f"/v1/areas/1?{AT}").json()
    assert (one["id"], one["properties"]["name"]) == ("grid-2026/1", "grid 1")
    parents = client.get(f"/v1/areas/1/parents?{AT}").json()["features"]
    assert [one["properties"]["name"] for one in parents] == ["南山街道"]
    children = client.get(f"/v1/areas/T/children?{AT}&limit=1").json()
    assert [one["id"] for one in children["features"]] == ["grid-2026/3"]
    assert "/v1/areas/T/children" in children["next"]
    rest = client.get(children["next"]).json()
    assert [one["id"] for one in rest["features"]] == ["grid-2026/4"]
    beside = client.get(f"/v1/areas/3/neighbours?{AT}").json()["features"]
    assert [one["properties"]["code"] for one in beside] == ["4", "S"]
    assert beside[0]["properties"]["border_m"] == pytest.approx(1108, abs=1)


@pytest.mark.usefixtures("district")
def test_a_code_of_several_layers_asks_which(client: Any) -> None:
    response = client.get(f"/v1/areas/S?{AT}")
    assert response.status_code == 422
    problem = response.json()
    assert problem["type"] == "/problems/invalid-input"
    assert problem["hint"] == "Say which is meant by layer=grid or layer=street."
    assert [field["pointer"] for field in problem["errors"]] == ["/query/layer"]
    assert client.get(f"/v1/areas/S?{AT}&layer=grid").json()["id"] == "grid-2026/S"


@pytest.mark.usefixtures("district")
def test_search_leaves_the_geometry_out(client: Any) -> None:
    found = client.get(f"/v1/areas?q=街道&{AT}").json()["features"]
    assert [one["properties"]["name"] for one in found] == ["南山街道", "桃源街道"]
    assert {one["geometry"] for one in found} == {None}
    assert found[0]["bbox"] == [114.0, 22.5, 114.02, 22.51]
    assert client.get(f"/v1/areas?q=街道&limit=1&{AT}").json()["features"] == found[:1]


@pytest.mark.parametrize(
    ("address", "status", "kind", "pointers"),
    [
        ("/v1/areas/99", 404, "not-found", ["/path/code"]),
        ("/v1/areas/1?at=2020-01-01", 404, "not-found", ["/path/code"]),
        ("/v1/areas/1?layer=moon", 404, "not-found", ["/query/layer"]),
        ("/v1/areas/1?at=someday", 422, "invalid-input", ["/query/at"]),
        ("/v1/areas", 422, "invalid-request", ["/query/q"]),
        ("/v1/areas?q=", 422, "invalid-request", ["/query/q"]),
        ("/v1/areas?q=%20", 422, "invalid-input", ["/query/q"]),
        ("/v1/areas?q=1&limit=101", 422, "invalid-request", ["/query/limit"]),
        ("/v1/layers/moon/areas", 404, "not-found", ["/path/layer"]),
        ("/v1/layers/moon", 404, "not-found", ["/path/layer"]),
        ("/v1/layers/grid/areas?limit=0", 422, "invalid-request", ["/query/limit"]),
        ("/v1/layers/grid/areas?limit=1001", 422, "invalid-request", ["/query/limit"]),
        ("/v1/layers/grid/areas?limit=ten", 422, "invalid-request", ["/query/limit"]),
        ("/v1/layers/grid/areas?after=moon", 422, "invalid-input", ["/query/after"]),
        ("/v1/layers/grid/areas?bbox=1,2,3", 422, "invalid-input", ["/query/bbox"]),
        ("/v1/layers/grid/areas?bbox=1,2,3,x", 422, "invalid-input", ["/query/bbox"]),
        ("/v1/layers/grid/areas?bbox=nan,2,3,4", 422, "invalid-input", ["/query/bbox"]),
        ("/v1/layers/grid/areas?bbox=3,2,1,4", 422, "invalid-input", ["/query/bbox"]),
        ("/v1/layers/grid/areas?limit=0&geometry=perhaps&x=1", 422, "invalid-request", None),
        ("/v1/plans/moon", 404, "not-found", ["/path/plan"]),
        ("/v1/plans?layer=moon", 404, "not-found", ["/query/layer"]),
        ("/v1/plans?limit=0", 422, "invalid-request", ["/query/limit"]),
        ("/v1/plans?limit=1001", 422, "invalid-request", ["/query/limit"]),
        ("/v1/plans?after=moon", 422, "invalid-input", ["/query/after"]),
        ("/v1/plans?at=someday", 422, "invalid-input", ["/query/at"]),
        ("/problems/moon", 404, "not-found", ["/path/slug"]),
    ],
)
@pytest.mark.usefixtures("district")
def test_mistakes_are_pointed_at(
    client: Any, address: str, status: int, kind: str, pointers: list[str] | None
) -> None:
    response = client.get(address)
    problem = response.json()
    assert (response.status_code, problem["type"]) == (status, f"/problems/{kind}")
    found = [field["pointer"] for field in problem["errors"]]
    assert sorted(found) == sorted(pointers or ["/query/limit", "/query/geometry", "/query/x"])


@pytest.mark.usefixtures("district")
def test_layers_and_plans_tell_what_is_in_force(client: Any) -> None:
    layers = client.get("/v1/layers").json()
    assert [(one["name"], one["parent"]) for one in layers][:2] == [("street", None), ("grid", "street")]
    detail = client.get("/v1/layers/grid?at=2026-03-01").json()
    assert [one["name"] for one in detail["in_force"]] == ["grid-2026"]
    every = client.get("/v1/plans").json()
    assert {one["name"] for one in every} == {"street-2026", "grid-2026", "beat-2026", "网格/2026"}
    in_force = client.get("/v1/plans?at=2026-03-01&layer=grid").json()
    assert [one["name"] for one in in_force] == ["grid-2026"]
    assert client.get("/v1/plans/grid-2026").json()["plan"]["layer"] == "grid"
    assert client.get("/v1/plans/网格%2F2026").json()["plan"]["areas"] == 2


@pytest.mark.usefixtures("district")
def test_plans_come_in_pages(client: Any) -> None:
    every = client.get("/v1/plans")
    assert "Link" not in every.headers
    address, found, pages = "/v1/plans?limit=1", [], 0
    while address:
        response = client.get(address)
        found += response.json()
        pages += 1
        link = response.headers.get("Link", "")
        address = link.removeprefix("<").removesuffix('>; rel="next"')
        assert link == (f'<{address}>; rel="next"' if address else "")
    assert (found, pages) == (every.json(), 4)
    filtered = client.get("/v1/plans?limit=1&at=2026-03-01&layer=grid")
    assert ([one["name"] for one in filtered.json()], filtered.headers.get("Link")) == (["grid-2026"], None)


@pytest.mark.usefixtures("district")
def test_names_may_hold_slashes(client: Any, plant: Callable[..., None]) -> None:
    plant("a/b", {"1/2": shapely.box(114, 22, 115, 23), "3": shapely.box(115, 22, 116, 23)})
    assert client.get("/v1/layers/a%2Fb").json()["layer"]["name"] == "a/b"
    assert len(client.get(f"/v1/layers/a/b/areas?{AT}").json()["features"]) == 2
    assert client.get(f"/v1/areas/1%2F2?{AT}").json()["id"] == "a/b-2026/1/2"
    beside = client.get(f"/v1/areas/1%2F2/neighbours?{AT}").json()["features"]
    assert [one["properties"]["code"] for one in beside] == ["3"]
    first = client.get(f"/v1/layers/a/b/areas?{AT}&limit=1").json()
    assert [one["id"] for one in client.get(first["next"]).json()["features"]] == ["a/b-2026/3"]


@pytest.mark.parametrize("text", ["'; DROP TABLE plan; --", "%", "_", "\\", "{", ":day", "\u202e", "🏙"])
@pytest.mark.usefixtures("district")
def test_text_is_only_text(client: Any, text: str) -> None:
    assert client.get("/v1/areas", params={"q": text}).json()["features"] == []
    assert client.get(f"/v1/areas/{quote(text)}").status_code == 404
    assert client.get("/v1/plans").status_code == 200
