"""What surrounds the routes: ids, logs, tags, compression, policies, files."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import shapely
import structlog

from api.access_log import AccessLog
from api.caching import matches
from api.request_id import RequestIds
from api.routes import health

Open = Callable[..., AbstractContextManager[Any]]
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.mark.parametrize("given", ["abc-123", "A.b_c-9", "x" * 64])
def test_a_sane_request_id_is_kept(lonely: Any, given: str) -> None:
    assert lonely.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "-a", "x" * 65, "a b", "a\tb", "<b>", '"'])
def test_any_other_is_replaced(lonely: Any, given: str) -> None:
    answered = lonely.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", answered)


def test_each_request_is_one_line_of_the_log(open_client: Open) -> None:
    with open_client(NOWHERE, log_level="info") as client, structlog.testing.capture_logs() as lines:
        client.get("/healthz?x=1", headers={"X-Request-ID": "mine"})
    (line,) = (line for line in lines if line["event"] == "request")
    assert line.pop("duration_ms") >= 0
    assert line.pop("bytes") > 100
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/healthz",
        "query": "x=1",
        "status": 422,
        "client": "testclient",
    }


def test_a_fault_is_logged_with_its_trace(
    open_client: Open, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("what only the log may tell")

    with open_client(NOWHERE) as client:
        monkeypatch.setattr("fastapi.routing.run_in_threadpool", fail)
        client.get("/healthz", headers={"X-Request-ID": "mine"})
    (line,) = capsys.readouterr().err.splitlines()
    assert '"request_id":' in line
    assert '"mine"' in line
    assert "what only the log may tell" in line


def test_why_something_is_unavailable_is_logged(open_client: Open) -> None:
    with open_client(NOWHERE, log_level="info") as client, structlog.testing.capture_logs() as lines:
        client.get("/readyz")
    (line,) = [line for line in lines if line["event"] == "unavailable"]
    assert (line["log_level"], "database" in line["reason"]) == ("warning", True)


def test_a_database_that_answers_nothing_is_told_soon(lonely: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    monkeypatch.setattr(health, "READY_WITHIN_S", 0.05)
    monkeypatch.setattr(health, "check_ready", lambda _: answers.wait(60))
    answer = lonely.get("/readyz")
    answers.set()
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/database-unavailable")
    assert "within 0.05 s" in answer.json()["detail"]


def test_an_answer_that_breaks_off_is_not_begun_anew() -> None:
    """Once the status is sent there is no way back: the connection ends, and the log says why."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("in the middle")

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    with structlog.testing.capture_logs(), pytest.raises(RuntimeError, match="in the middle"):
        asyncio.run(RequestIds(AccessLog(app))(scope, None, send))  # type: ignore[arg-type]
    assert sent == ["http.response.start"]


def test_logs_can_be_text_for_people(open_client: Open, capsys: pytest.CaptureFixture[str]) -> None:
    with open_client(NOWHERE, log_level="info", log_format="console") as client:
        client.get("/healthz")
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "/healthz" in line]
    assert not line.startswith("{")


@pytest.mark.usefixtures("district")
def test_what_has_not_changed_is_not_sent_again(client: Any) -> None:
    address = "/v1/layers/grid/areas?at=2026-03-01"
    first = client.get(address)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert "Content-Type" not in again.headers
    assert client.head(address, headers={"If-None-Match": tag}).status_code == 304
    other = client.get(address + "&limit=1", headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["ETag"] != tag


@pytest.mark.usefixtures("district")
def test_an_answer_changes_with_what_it_tells(client: Any, plant: Callable[..., None]) -> None:
    before = client.get("/v1/layers").headers["ETag"]
    plant("patrol", {"P": shapely.box(114, 22, 115, 23)})
    assert client.get("/v1/layers", headers={"If-None-Match": before}).status_code == 200


def test_problems_carry_no_tag(lonely: Any) -> None:
    assert "ETag" not in lonely.get("/v1/resolve").headers


@pytest.mark.parametrize(
    ("header", "same"),
    [('W/"a"', True), ('"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False), ("", False)],
)
def test_tags_are_compared_weakly(header: str, same: bool) -> None:
    assert matches(header, 'W/"a"') is same


def test_long_answers_are_compressed_where_asked(lonely: Any) -> None:
    packed = lonely.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    plain = lonely.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert "Accept-Encoding" in packed.headers["Vary"]
    for refused in ("gzip;q=0", "gzip;q=0, *", "br"):
        answer = lonely.get("/openapi.json", headers={"Accept-Encoding": refused})
        assert "Content-Encoding" not in answer.headers, refused


def test_pages_may_load_only_what_is_ours(open_client: Open) -> None:
    with open_client(NOWHERE, basemap_url="https://t{0-7}.tiles.example/{z}/{x}/{y}.png") as client:
        page = client.get("/").headers["Content-Security-Policy"]
        data = client.get("/v1/service")
    assert page == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert data.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "tiles.example" not in data.text


def test_maps_run_in_an_origin_of_their_own(lonely: Any) -> None:
    assert "sandbox allow-scripts" in lonely.get("/maps/risk.html").headers["Content-Security-Policy"]
    assert "sandbox" not in lonely.get("/maps/risk.png").headers["Content-Security-Policy"]


def test_only_maps_of_the_folder_are_served(lonely: Any, maps: Path) -> None:
    assert lonely.get("/v1/maps").json() == [
        {"name": "plain.html", "title": "plain.html", "href": "/maps/plain.html", "size_bytes": 8},
        {"name": "risk.html", "title": "楼栋风险 & 等级", "href": "/maps/risk.html", "size_bytes": 40},
        {"name": "risk.png", "title": "risk.png", "href": "/maps/risk.png", "size_bytes": 4},
    ]
    assert (maps / "secret.txt").is_file()
    for name in ("secret.txt", "none.html", "..%2Fout%2Frisk.html", ".hidden.html", "%00.html"):
        assert lonely.get(f"/maps/{name}").status_code == 404, name


def test_without_the_folder_there_are_no_maps(open_client: Open, tmp_path: Path) -> None:
    with open_client(NOWHERE, maps_dir=tmp_path / "none") as client:
        assert client.get("/v1/maps").json() == []
        assert client.get("/maps/risk.html").status_code == 404


def test_assets_are_typed_tagged_and_kept_in_their_folder(lonely: Any, assets: Path) -> None:
    script = lonely.get("/static/start.js")
    assert script.headers["Content-Type"].split(";")[0] == "text/javascript"
    assert script.headers["Cache-Control"] == "no-cache"
    again = lonely.get("/static/start.js", headers={"If-None-Match": script.headers["ETag"]})
    assert again.status_code == 304
    assert lonely.get("/static/icon.svg").headers["Content-Type"] == "image/svg+xml"
    hashed = lonely.get("/static/assets/start-1a2b.js").headers["Cache-Control"]
    assert hashed == "public, max-age=31536000, immutable"
    assert (assets.parent / assets.name).is_dir()
    for path in ("..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "pages", "none.js", "a%00b"):
        assert lonely.get(f"/static/{path}").status_code == 404, path


def test_assets_are_compressed_once_and_sent_so_to_whoever_takes_it(lonely: Any) -> None:
    packed = lonely.get("/static/assets/start-1a2b.js", headers={"Accept-Encoding": "br, gzip"})
    plain = lonely.get("/static/assets/start-1a2b.js", headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content == b"export const answer = 42;"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_unbuilt_pages_say_how_to_build_them(tmp_path: Path) -> None:
    import warnings

    from api.app import create_app
    from gisgov.config import Settings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    app = create_app(Settings(database_url=NOWHERE, log_level="error"), assets=tmp_path / "none")
    with TestClient(app, base_url="http://localhost") as client:
        page = client.get("/")
        script = client.get("/static/start.js")
        assert client.get("/healthz").status_code == 200
    assert page.status_code == 503
    assert "make web" in page.text
    assert script.status_code == 503
    assert script.json()["type"] == "/problems/assets-missing"


def test_the_ipv6_name_of_this_machine_is_known(lonely: Any) -> None:
    for host in ("localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:1"):
        assert lonely.get("/healthz", headers={"Host": host}).status_code == 200
    for host in ("", "localhost.evil.example", "[::2]", "[", "127.0.0.1.nip.io"):
        assert lonely.get("/healthz", headers={"Host": host}).status_code == 421, host


def test_the_application_is_found_by_its_name() -> None:
    from fastapi import FastAPI

    from api.main import app

    assert isinstance(app, FastAPI)


def test_figures_of_maps_are_served_beside_them(open_client: Open, tmp_path: Path) -> None:
    for name in ("risk.xlsx", "risk.csv", "risk.json"):
        (tmp_path / name).write_bytes(b"\0")
    with open_client(NOWHERE, maps_dir=tmp_path) as client:
        assert [one["name"] for one in client.get("/v1/maps").json()] == ["risk.csv", "risk.xlsx"]
        assert client.get("/maps/risk.csv").headers["Content-Type"] == "text/csv; charset=utf-8"
        assert client.get("/maps/risk.xlsx").headers["Content-Type"].endswith("spreadsheetml.sheet")
        assert client.get("/maps/risk.json").status_code == 404
