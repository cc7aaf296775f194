"""Limits of bodies, texts, geometries and statements, as who asks over HTTP meets them."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from running_services import Running, running
from signed_in import bearer

from api import uploads
from api.app import create_app
from gisgov.cli import slow_clients

JSON = {"Content-Type": "application/json"}
GEOMETRY = {"most_vertices_of_one": 14, "most_parts_of_one": 2, "most_vertices": 29}


@pytest.fixture(scope="module")
def small(open_client: Callable[..., Any], module_database_url: str) -> Iterator[Any]:
    """Client of a service that takes small geometries alone."""
    with open_client(module_database_url, **GEOMETRY) as opened:
        yield opened


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("[" * 20_000 + "]" * 20_000, "The body is nested deeper than 32 levels."),
        ('{"plan":' * 5_000 + "1" + "}" * 5_000, "The body is nested deeper than 32 levels."),
        ('{"plan": "' + "[" * 100 + '"}', "plan"),  # brackets in a text are no nesting: it is merely unknown
        ('{"plan": 1e999}', "The number 1e999 is too large."),
        ('{"plan": -1' + "0" * 400 + ".0}", "is too large."),
        ('{"plan": 1' + "0" * 5_000 + "}", "The body is no JSON."),
        ('{"plan": NaN}', "NaN is no number in JSON."),
        ('{"plan": -Infinity}', "-Infinity is no number in JSON."),
        (r'{"plan": "\ud800"}', "plan: it holds a character that is none."),
        (r'{"pl\ud800an": 1}', "it holds a character that is none."),
        (r'{"plan": "a\u0000"}', "plan: it holds a character that is none."),
        ("\ufeff[]", "The body is no JSON object."),
        ('{"plan": "' + "x" * 500 + '"}', "plan"),
    ],
)
def test_json_that_no_request_needs_is_422(small: Any, body: str, says: str) -> None:
    answer = small.post("/v1/check", content=body.encode(), headers=JSON)
    assert answer.status_code in (404, 422), answer.text
    assert answer.status_code == 422 or "[[[" in body
    assert says in answer.text


@pytest.mark.parametrize("told", [True, False])
def test_a_body_that_is_too_large_is_413(small: Any, told: bool) -> None:
    body = b'{"plan": "' + b"x" * 70_000 + b'"}'
    answer = small.post("/v1/check", content=body if told else iter([body]), headers=JSON)
    assert answer.status_code == 413
    assert "larger than 65,536 bytes" in answer.json()["detail"]


def test_a_body_that_does_not_come_is_408(
    open_client: Callable[..., Any], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SILENCE_S", 0.01)

    async def never() -> Any:
        import asyncio

        await asyncio.Event().wait()

    async def ask() -> uploads.Refusal:
        from starlette.requests import Request

        request = Request({"type": "http", "method": "POST", "headers": []}, never)
        with pytest.raises(uploads.Refusal) as caught:
            await uploads.read_whole(request, most_bytes=10)
        return caught.value

    import asyncio

    refusal = asyncio.run(ask())
    assert refusal.kind.status == 408
    assert "came no further" in refusal.detail


def test_every_body_is_read_by_what_holds_it_to_limits() -> None:
    app = create_app()
    bodies = [
        path
        for path, methods in app.openapi()["paths"].items()
        for one in methods.values()
        if "#/components/schemas/Body" in json.dumps(one.get("requestBody", {}))
    ]
    assert bodies == []


def parquet(*shapes: shapely.Geometry) -> bytes:
    stream = io.BytesIO()
    frame = geopandas.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs=4547)
    frame.to_parquet(stream)
    return stream.getvalue()


def apart(count: int, corners: int) -> shapely.Geometry:
    """Return shapes that are apart, with so many corners each, of which the first comes again as the last."""
    angles = np.arange(corners) * 2 * np.pi / corners
    ring = 0.4 * np.column_stack([np.cos(angles), np.sin(angles)]) + (500_000, 2_490_000)
    return shapely.MultiPolygon([shapely.Polygon(ring + np.array([i, 0])) for i in range(count)])


@pytest.mark.parametrize(
    ("limit", "shapes", "says"),
    [
        (
            "most_vertices_of_one",
            [apart(1, 14)],
            "in row 1 of areas.parquet has 15 vertices; one may have 14.",
        ),
        ("most_parts_of_one", [apart(3, 3)], "in row 1 of areas.parquet has 3 parts; one may have 2."),
        ("most_vertices", [apart(2, 4)] * 3, "more than 29 vertices together (30 up to row 3)"),
    ],
)
def test_geometries_that_are_too_large_are_422_with_the_figure_and_the_setting(
    small: Any, limit: str, shapes: list[shapely.Geometry], says: str
) -> None:
    file = {"file": ("areas.parquet", parquet(*shapes))}
    answer = small.post("/v1/check", files=file, headers={"Prefer": "wait=60"})
    assert answer.status_code == 422, answer.text
    assert says in answer.json()["detail"]
    assert f"GISGOV_{limit.upper()}" in answer.json()["hint"]


def test_geojson_nested_without_end_is_422(small: Any) -> None:
    deep = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
    deep += b'{"type":"GeometryCollection","geometries":[' * 20_000 + b"]}" * 20_000 + b"}]}"
    for content in (deep, b"[" * 1_000_000):
        file = {"file": ("a.geojson", content), "crs": (None, "EPSG:4326")}
        answer = small.post("/v1/check", files=file, headers={"Prefer": "wait=60"})
        assert answer.status_code == 422, answer.text
        assert "GISGOV_MOST" not in answer.text, "it is no matter of how large geometries may be"


@pytest.mark.usefixtures("district")
def test_a_statement_that_takes_too_long_is_503_with_words(
    open_client: Callable[..., Any], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy as sa

    from api.routes import plans

    def slow(database: Any, *_: Any, **__: Any) -> Any:
        with database.begin() as connection:
            connection.execute(sa.text("SELECT pg_sleep(60)"))

    monkeypatch.setattr(plans, "page_of_plans", slow)
    with open_client(database_url, statement_seconds=1) as opened:
        answer = opened.get("/v1/plans", headers=bearer(database_url))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["type"] == "/problems/took-too-long"
    assert "took longer than it may" in answer.json()["detail"]
    assert "GISGOV_STATEMENT_SECONDS" in answer.json()["hint"]


@pytest.fixture
def service(database_url: str) -> Iterator[Running]:
    """The service as a process."""
    with running(database_url) as started:
        yield started


def test_heads_of_requests_have_a_size(service: Running) -> None:
    assert service.ask("/healthz", X_Long="x" * 20_000).status == 200
    for head in (
        b"GET /healthz HTTP/1.1\r\nX-Long: " + b"x" * 40_000,
        b"GET /healthz?" + b"x" * 40_000,
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: nine\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", service.port)) as raw:
            raw.sendall(head)
            assert raw.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_head_that_does_not_come_closes_the_connection(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    import uvicorn

    from gisgov.config import Settings

    monkeypatch.setattr(slow_clients.BoundedHeads, "head_s", 0.05)
    settings = Settings(database_url=database_url, jobs_dir=tmp_path, log_level="error")
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), log_config=None, ws="none", http=slow_clients.BoundedHeads)
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            for begun in (b"", b"GET / HTTP/1.1\r\nHost: loc"):
                with socket.create_connection(listening.getsockname()) as raw:
                    raw.sendall(begun)
                    assert raw.recv(100) == b""
        finally:
            server.should_exit = True
            thread.join()
