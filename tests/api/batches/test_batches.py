"""Many points in one request: five formats in, five out, and every point answered for itself."""

from __future__ import annotations

import csv
import io
import json
import math
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from batch_ground import ASKED, AT, IN_A, IN_B, ON_AB, OUTSIDE, settle
from batch_readers import arrow_of, raw_of
from signed_in import bearer

from gisgov.governance.access import Grant, Role

JSON, LINES, CSV = "application/json", "application/x-ndjson", "text/csv"
ARROW, RAW = "application/vnd.apache.arrow.stream", "application/octet-stream"
NOWHERE, FAR = (math.nan, 22.5), (200.0, 22.5)
POINTS = (IN_A, IN_B, ON_AB, OUTSIDE, NOWHERE, FAR)
IDS = ["a", "b", "c", "d", "e", "f"]
CODES = ["甲", "B", "B", None, None, None]
STATUSES = ["owned", "owned", "border", "outside", "no-coordinate", "bad-coordinate"]
REASONS = [*[None] * 4, "lon is missing.", "lon is 200.0, which is not from -180 to 180 degrees."]


def _objects() -> list[dict[str, Any]]:
    return [
        {"lon": None if math.isnan(x) else x, "lat": y, "id": given}
        for (x, y), given in zip(POINTS, IDS, strict=True)
    ]


def _columns() -> dict[str, Any]:
    lon, lat = zip(*POINTS, strict=True)
    return {"id": IDS, "lat": list(lat), "lon": list(lon)}


BODIES: dict[str, bytes] = {
    JSON: json.dumps(_objects()).encode(),
    LINES: "\n".join(json.dumps(one) for one in _objects()).encode(),
    CSV: "\r\n".join(
        [
            "lon,id,lat",
            *(f"{'' if math.isnan(x) else x},{i},{y}" for (x, y), i in zip(POINTS, IDS, strict=True)),
        ]
    ).encode(),
    ARROW: arrow_of(_columns()),
    RAW: raw_of(*POINTS),
}


@pytest.fixture(scope="module")
def service(open_client: Any, module_database_url: str) -> Iterator[Any]:
    settle(module_database_url)
    with open_client(module_database_url, batch_most_points=1000) as client:
        yield client


def ask(service: Any, body: bytes | Iterator[bytes], sent: str, accept: str = "", more: str = "") -> Any:
    headers = {"Content-Type": sent, **({"Accept": accept} if accept else {})}
    return service.post(ASKED + more, content=body, headers=headers)


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """Read an answer of any format as rows, as a client in a few lines would."""
    form = answer.headers["Content-Type"].partition(";")[0]
    if form == JSON:
        document = answer.json()
        assert document["complete"] is True
        return list(document["points"])
    if form == LINES:
        return [json.loads(line) for line in answer.text.splitlines()]
    if form == CSV:
        read = csv.DictReader(io.StringIO(answer.text, newline=""))
        return [
            {name: value or None for name, value in row.items()} | {"row": int(row["row"])} for row in read
        ]
    if form == ARROW:
        return list(pa.ipc.open_stream(answer.content).read_all().to_pylist())
    (head_bytes,) = struct.unpack_from("<I", answer.content)
    codes = json.loads(answer.content[4 : 4 + head_bytes])["codes"]
    numbers = np.frombuffer(answer.content, "<i4", offset=4 + head_bytes).tolist()
    words = {-1: "outside", -2: "no-coordinate", -3: "bad-coordinate", -4: "unreadable"}
    return [
        {"row": row, "code": codes[n] if n >= 0 else None, "status": words.get(n, "owned or border")}
        for row, n in enumerate(numbers)
    ]


@pytest.mark.parametrize("accept", [JSON, LINES, CSV, ARROW, RAW])
@pytest.mark.parametrize("sent", [JSON, LINES, CSV, ARROW, RAW])
def test_every_format_is_answered_in_every_format(service: Any, sent: str, accept: str) -> None:
    answer = ask(service, BODIES[sent], sent, accept)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].partition(";")[0] == accept
    said = [answer.headers[f"Gisgov-{name}"] for name in ("Layer", "Crs", "At")]
    assert said == ["grid", "EPSG:4326", AT]
    rows = rows_of(answer)
    assert [row["row"] for row in rows] == list(range(6))
    assert [row["code"] for row in rows] == CODES
    if accept == RAW:
        assert [row["status"] for row in rows] == [*["owned or border"] * 3, *STATUSES[3:]]
        return
    assert [row["status"] for row in rows] == STATUSES
    assert [row.get("id") for row in rows] == ([None] * 6 if sent == RAW else IDS)
    reasons = [row.get("reason") for row in rows]
    assert reasons[:4] == [None] * 4
    assert reasons[4:] == REASONS[4:]


@pytest.mark.parametrize(
    ("sent", "accept", "answered"),
    [
        (JSON, "", JSON),
        (LINES, "*/*", LINES),
        (CSV, "text/*;q=0.5, application/json;q=0.4", CSV),
        (RAW, "", ARROW),
        (RAW, "application/octet-stream", RAW),
        (JSON, "text/csv, */*;q=0.1", CSV),
        (JSON, "application/json;q=0, */*", LINES),
        ("application/jsonl", "application/ndjson", LINES),
    ],
)
def test_the_answer_comes_as_it_is_accepted(service: Any, sent: str, accept: str, answered: str) -> None:
    body = BODIES[LINES] if sent == "application/jsonl" else BODIES[sent]
    assert ask(service, body, sent, accept).headers["Content-Type"].partition(";")[0] == answered


@pytest.mark.parametrize(
    ("headers", "more", "body", "status", "slug", "pointer", "words"),
    [
        ({"Accept": "image/png"}, "", b"[]", 406, "not-acceptable", None, "image/png"),
        ({"Accept": "text/csv;q=x"}, "", b"[]", 406, "not-acceptable", None, "text/csv"),
        ({"Content-Type": "text/plain"}, "", b"[]", 415, "unsupported-media-type", None, "text/plain"),
        ({"Content-Type": ""}, "", b"[]", 415, "unsupported-media-type", None, "without Content-Type"),
        ({"Content-Encoding": "gzip"}, "", b"[]", 415, "unsupported-media-type", None, "compressed"),
        ({"Content-Type": f"{JSON}; charset=gbk"}, "", b"[]", 415, "unsupported-media-type", None, "gbk"),
        ({}, "", b"{}", 422, "invalid-input", None, "no JSON array"),
        ({}, "&crs=moon", b"[]", 422, "invalid-crs", "/query/crs", "not known"),
        ({}, "&detail=perhaps", b"[]", 422, "invalid-request", "/query/detail", "boolean"),
        ({}, "&colour=red", b"[]", 422, "invalid-request", "/query/colour", "no parameter"),
        ({"Content-Type": RAW}, "", bytes(16 * 1001), 413, "too-large", None, "1,000 points at most"),
        ({}, "", b"[" + b"[1,2]," * 1000 + b"[1,2]]", 413, "too-large", None, "1,000 points at most"),
    ],
)
def test_what_cannot_be_answered_at_all_is_a_problem(
    service: Any,
    headers: dict[str, str],
    more: str,
    body: bytes,
    status: int,
    slug: str,
    pointer: str | None,
    words: str,
) -> None:
    answer = service.post(ASKED + more, content=body, headers={"Content-Type": JSON, **headers})
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"/problems/{slug}")
    assert [one["pointer"] for one in problem["errors"]] == ([pointer] if pointer else [])
    assert words in problem["detail"].replace("not a parameter", "no parameter")


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("layer=moon", 404, "No layer is called 'moon'."),
        (f"layer=beat&at={AT}", 404, "No plan of the layer beat is in force on 2026-03-01."),
        (f"at={AT}", 422, "layer is required."),
        ("layer=grid&at=someday", 422, "'someday' is no date or time."),
    ],
)
def test_the_layer_and_the_day_must_be(service: Any, query: str, status: int, words: str) -> None:
    answer = service.post(f"/v1/resolve?{query}", json=[])
    assert (answer.status_code, answer.json()["detail"]) == (status, words)


def test_as_many_points_as_may_be_are_answered(service: Any) -> None:
    answer = ask(service, json.dumps([IN_A] * 1000).encode(), JSON)
    document = answer.json()
    assert document["counts"]["owned"] == len(document["points"]) == 1000
    assert {one["code"] for one in document["points"]} == {"甲"}


def test_rows_that_cannot_be_read_harm_no_other(service: Any) -> None:
    body = b'[114.005,22.505]\nnonsense\n{"lon":"x","lat":1,"id":9}\n[114.015,22.505]\n'
    rows = rows_of(ask(service, body, LINES))
    assert rows[1:3] == [
        {
            "row": 1,
            "code": None,
            "status": "unreadable",
            "reason": "It is no JSON: JSON is malformed: invalid character (byte 4).",
        },
        {
            "row": 2,
            "id": 9,
            "code": None,
            "status": "bad-coordinate",
            "reason": 'lon is "x", which is no number.',
        },
    ]
    assert [rows[0]["code"], rows[3]["code"]] == ["甲", "B"]


@pytest.mark.parametrize("accept", [JSON, LINES, CSV, ARROW])
def test_details_are_those_of_the_single_question(service: Any, accept: str) -> None:
    rows = rows_of(ask(service, BODIES[JSON], JSON, accept, "&detail=true"))
    for row, (lon, lat) in list(zip(rows, POINTS, strict=True))[:4]:
        one = service.get(f"/v1/resolve?lon={lon}&lat={lat}&layer=grid&at={AT}").json()
        area = one["chain"][0] if one["chain"] else {}
        candidates = row["candidates"] or []
        assert row["code"] == area.get("code")
        assert row["name"] == area.get("name")
        assert candidates in (area.get("candidates", []), " ".join(area.get("candidates", [])))
        assert str(row["on_border"]).lower() == str(area.get("on_border")).lower()
        assert _number(row["border_m"]) == pytest.approx(area.get("border_m"), abs=0.002)
        outside = one["outside"][0] if one["outside"] else {}
        assert (row["nearest"], row["nearest_name"]) == (
            outside.get("nearest_code"),
            outside.get("nearest_name"),
        )
        assert _number(row["distance_m"]) == pytest.approx(outside.get("distance_m"), abs=0.002)
    assert rows[2]["candidates"] in (["甲"], "甲")
    assert rows[4]["border_m"] is None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def test_the_system_of_the_points_is_told(service: Any) -> None:
    answer = service.post(f"{ASKED}&crs=gcj02", json=[[114.01, 22.5025], [181, 22]])
    document = answer.json()
    assert (document["crs"], answer.headers["Gisgov-Crs"]) == ("GCJ-02", "GCJ-02")
    assert [one["code"] for one in document["points"]] == ["甲", None], "GCJ-02 lies some 500 m to the east"
    in_plane = service.post(f"{ASKED}&crs=4547", json=[[500514, 2489700], [1e300, 0]]).json()
    assert [one["status"] for one in in_plane["points"]] == ["owned", "bad-coordinate"]
    assert in_plane["points"][1]["reason"].endswith("CM 114E.")


def test_zeros_stand_for_no_place(service: Any) -> None:
    points = service.post(f"{ASKED}&detail=true", json=[[0, 0], [0, 22.5]]).json()["points"]
    assert [one["status"] for one in points] == ["bad-coordinate", "outside"]
    assert points[0]["reason"] == "(0.0, 0.0) stands for no place."
    assert [(one["nearest"] is None, one["distance_m"] is None) for one in points] == [
        (True, True),
        (False, False),
    ]


def test_no_points_are_answered_with_none(service: Any) -> None:
    assert rows_of(ask(service, b"[]", JSON)) == []
    for accept in (LINES, CSV, ARROW, RAW):
        assert rows_of(ask(service, b"[]", JSON, accept)) == []
    table = pa.ipc.open_stream(ask(service, b"[]", JSON, ARROW, "&detail=1").content).read_all()
    assert table.column_names[:5] == ["row", "id", "code", "status", "reason"]
    assert table.schema.metadata == {b"layer": b"grid", b"crs": b"EPSG:4326", b"at": AT.encode()}


def test_whole_numbers_stay_numbers_and_gbk_is_read(service: Any) -> None:
    body = arrow_of({"lon": [114.005], "lat": [22.505], "id": pa.array([7], pa.int32())})
    assert (
        pa.ipc.open_stream(ask(service, body, ARROW).content).read_all().schema.field("id").type == pa.int32()
    )
    assert rows_of(ask(service, body, ARROW, LINES))[0]["id"] == 7
    rows = rows_of(ask(service, "lon,lat,id\n114.005,22.505,王\n".encode("gbk"), f"{CSV}; charset=GBK"))
    assert rows[0]["id"] == "王"


def test_answers_are_compressed_for_whoever_wants_it(service: Any) -> None:
    body = json.dumps([IN_A] * 1000).encode()
    assert ask(service, body, JSON).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in ask(service, body, JSON, ARROW).headers


def test_a_revoked_key_asks_no_more(service: Any, module_database_url: str) -> None:
    headers = bearer(module_database_url, "batch-asker", Grant(Role.VIEWER))
    given = {"headers": headers, "json": [IN_A]}
    assert [service.post(ASKED, **given).status_code for _ in range(2)] == [200, 200]
    keys = service.get("/v1/accounts/batch-asker/keys").json()
    listed = keys if isinstance(keys, list) else keys["keys"]
    assert service.delete(f"/v1/keys/{listed[0]['id']}").status_code < 300
    assert service.post(ASKED, **given).status_code == 401
