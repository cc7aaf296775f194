"""Answers out of memory: those of the slow way to the last byte, or none."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hot_ground
import numpy as np
import pytest
import sqlalchemy as sa
from signed_in import bearer

from api.app import create_app
from gisgov.config import Settings
from gisgov.governance.access import Grant, Role
from gisgov.services.accounts import change_account
from gisgov.store.database import Database

NOW = "lon=114.0123456&lat=22.5123456"


class Watched:
    """What answers out of memory, and how often it did."""

    def __init__(self, hot: Any) -> None:
        self.hot, self.turns, self.answered, self.left = hot, hot.turns, 0, 0

    async def __call__(self, scope: Any, send: Any) -> bool:
        done = await self.hot(scope, send)
        self.answered += done
        self.left += not done
        return bool(done)

    def close(self) -> None:
        self.hot.close()


class Service:
    """A service that is asked twice: as it is, and with its memory switched off."""

    def __init__(self, client: Any, database: Database) -> None:
        self.client, self.database = client, database
        self.hot = client.app.hot = Watched(client.app.hot)
        self.everywhere = bearer(database, "hotline", Grant(Role.VIEWER))
        self.no_phones = bearer(database, "silent", Grant(Role.VIEWER), scopes=frozenset({"areas.read"}))
        self.partly = bearer(database, "partly", Grant(Role.VIEWER, "street", "S"))

    def warm(self, headers: dict[str, str], query: str = NOW) -> None:
        """Ask until the answer comes out of memory."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            before = self.hot.answered
            assert self.client.get(f"/v1/resolve?{query}", headers=headers).status_code == 200
            if self.hot.answered > before:
                return
            time.sleep(0.01)
        raise AssertionError("it never came out of memory")

    def asked(self, query: str, headers: dict[str, str], method: str = "GET") -> tuple[bool, Any]:
        """Ask, and say whether the answer came out of memory."""
        before = self.hot.answered
        answer = self.client.request(method, f"/v1/resolve?{query}", headers=headers)
        return self.hot.answered > before, answer

    def slowly(self, query: str, headers: dict[str, str], method: str = "GET") -> Any:
        self.client.app.hot = None
        try:
            return self.client.request(method, f"/v1/resolve?{query}", headers=headers)
        finally:
            self.client.app.hot = self.hot

    def compare(self, query: str, headers: dict[str, str], method: str = "GET") -> bool:
        """Ask both ways and compare; say whether the first came out of memory."""
        headers = {"X-Request-ID": "one-and-the-same", **headers}
        is_hot, fast = self.asked(query, headers, method)
        slow = self.slowly(query, headers, method)
        assert (fast.status_code, fast.content) == (slow.status_code, slow.content), query
        kept = [one for one in fast.headers.raw if one[0] != b"content-length"]
        assert kept == [one for one in slow.headers.raw if one[0] != b"content-length"], query
        if "content-encoding" not in fast.headers:
            assert fast.headers.raw == slow.headers.raw, query
        return is_hot


@contextmanager
def started(database_url: str, folder: Path, **settings: Any) -> Iterator[Any]:
    """Another service on the database of this module."""
    from starlette.testclient import TestClient

    made = Settings(database_url=database_url, jobs_dir=folder, serve_worker=False, **settings)
    with TestClient(create_app(made), base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="module")
def service(open_client: Any, module_database_url: str) -> Iterator[Service]:
    database = Database(module_database_url)
    hot_ground.settle(database)
    with open_client(module_database_url, headers={}, requests_per_minute=100_000) as client:
        made = Service(client, database)
        made.warm(made.everywhere)
        made.warm(made.no_phones)
        yield made
    database.dispose()


def test_points_are_answered_as_the_slow_way_does(service: Service) -> None:
    rng = np.random.default_rng(1)
    inside = rng.uniform((113.99, 22.49), (114.07, 22.55), (20, 2))
    around = rng.uniform((113.5, 22.2), (114.6, 22.8), (8, 2))
    points = np.concatenate((inside, around, hot_ground.vertices()[:: len(hot_ground.vertices()) // 16]))
    assert all(service.compare(f"lon={x!r}&lat={y!r}", service.everywhere) for x, y in points.tolist())


@pytest.mark.parametrize(
    "query",
    [
        f"{NOW}&crs=gcj02",
        f"{NOW}&crs=BD09",
        f"crs=cgcs2000&{NOW}",
        f"{NOW}&layer=street",
        "lat=22.5063&layer=school+%22x%22&lon=114.0061",
        f"{NOW}&layer=%E7%BD%91%E6%A0%BC",
        "lon=114&lat=22.52",
    ],
)
def test_usual_questions_come_out_of_memory(service: Service, query: str) -> None:
    assert service.compare(query, service.everywhere)
    assert service.compare(query, service.no_phones)
    assert not service.compare(query, service.partly)


@pytest.mark.parametrize(
    "query",
    [
        f"{NOW}&crs=EPSG:4547",
        f"{NOW}&lon=114.01",
        f"{NOW}&l%6Fn=114.01",
        f"{NOW}&more=1",
        f"{NOW}&layer=moon",
        f"{NOW}&layer=a%00b",
        f"{NOW}&at=2034-06-01T23:00:00Z",
        f"{NOW}&at=someday",
        "lon=22.5123456&lat=114.0123456",
        "lon=22.5&lat=80.5",
        "lon=190&lat=22.5",
        "lon=nan&lat=22.5",
        "lon=114.0123456&lat=0.00001",
        "lon=120.5&lat=30.5",
        "lon=+114&lat=22.5",
        "lat=22.5",
        "",
    ],
)
def test_the_rest_is_left_to_the_slow_way(service: Service, query: str) -> None:
    assert not service.compare(query, service.everywhere)


def test_headers_are_those_of_the_slow_way(service: Service) -> None:
    told = service.asked(NOW, service.everywhere)[1].headers
    for more in (
        {"If-None-Match": told["ETag"]},
        {"If-None-Match": '"x", *'},
        {"If-None-Match": '"x"', "Accept-Encoding": "identity"},
        {"Accept-Encoding": "br, gzip;q=0.5"},
        {"Accept-Encoding": "gzip;q=0"},
        {"Accept-Encoding": "*"},
        {"X-Request-ID": "not sane"},
        {"Host": "localhost:8000"},
    ):
        headers = {**service.everywhere, "X-Request-ID": "same", **more}
        for method in ("GET", "HEAD"):
            is_hot, fast = service.asked(NOW, headers, method)
            slow = service.slowly(NOW, headers, method)
            assert is_hot
            assert (fast.status_code, fast.content) == (slow.status_code, slow.content)
            names = [name for name, _ in fast.headers.raw]
            assert names == [name for name, _ in slow.headers.raw]
            other = {"x-request-id"} if more.get("X-Request-ID") else set()
            other |= {"content-length"} if "content-encoding" in fast.headers else set()
            assert {k: v for k, v in fast.headers.items() if k not in other} == {
                k: v for k, v in slow.headers.items() if k not in other
            }
    for more in ({"Host": "evil.example"}, {"Cookie": "__Host-gisgov=x"}, {"Authorization": "Basic eDp5"}):
        assert not service.compare(NOW, {**(service.everywhere if "Host" in more else {}), **more})


def test_a_key_that_was_revoked_is_refused_at_once(service: Service) -> None:
    headers = bearer(service.database, "gone", Grant(Role.VIEWER))
    service.warm(headers)
    key_id = headers["Authorization"].split("_")[1]
    admin = bearer(service.database)
    revoked = service.client.delete(f"/v1/keys/{key_id}", headers=admin)
    assert revoked.status_code in (200, 204), revoked.text
    assert service.client.get(f"/v1/resolve?{NOW}", headers=headers).status_code == 401


def test_roles_and_posts_that_change_count_at_once(service: Service) -> None:
    headers = bearer(service.database, "changing", Grant(Role.VIEWER))
    service.warm(headers)
    change_account(service.database, "changing", grants=[])
    service.client.app.state.context.indexes.settle()
    assert service.client.get(f"/v1/resolve?{NOW}", headers=headers).status_code == 403
    with service.database.begin() as connection:
        connection.execute(sa.text("UPDATE staff_post SET holder = '孙' WHERE role = '街道书记'"))
    service.client.app.state.context.indexes.settle()
    is_hot, answer = service.asked(NOW, service.everywhere)
    assert not is_hot
    assert "孙" in answer.text
    service.warm(service.everywhere)
    assert service.compare(NOW, service.everywhere)


def test_requests_are_counted_alike(module_database_url: str, tmp_path: Path) -> None:
    with started(module_database_url, tmp_path, requests_per_minute=40, public_areas=True) as client:
        hot = client.app.hot = Watched(client.app.hot)
        statuses = []
        for _ in range(44):
            statuses.append(client.get(f"/v1/resolve?{NOW}").status_code)
            time.sleep(0 if hot.answered else 0.2)
    assert statuses == [200] * 40 + [429] * 4
    assert hot.answered, "nobody in particular is answered out of memory too"


def test_lines_are_written_as_others_are(
    module_database_url: str, tmp_path: Path, service: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    with started(module_database_url, tmp_path, log_level="info") as client:
        client.headers.update(service.everywhere)
        hot = client.app.hot = Watched(client.app.hot)
        for number in range(100):
            client.get(f"/v1/resolve?{NOW}", headers={"X-Request-ID": f"id-{number}"})
            time.sleep(0 if hot.answered else 0.1)
        assert hot.answered > 10
    lines = [json.loads(one) for one in capfd.readouterr().err.splitlines() if '"event": "request"' in one]
    assert sorted(one["request_id"] for one in lines) == sorted(f"id-{n}" for n in range(100)), "none is lost"
    first, last = (one for one in lines if one["request_id"] in ("id-0", "id-99"))
    assert list(first) == list(last)
    changing = {"request_id", "duration_ms", "timestamp", "bytes"}
    assert {k: v for k, v in first.items() if k not in changing} == {
        k: v for k, v in last.items() if k not in changing
    }
    assert len(first["timestamp"]) == len(last["timestamp"])


def test_what_is_sent_at_once_is_what_asgi_has(service: Service) -> None:
    for more in ({}, {"if-none-match": "*"}, {"accept-encoding": "gzip"}):
        headers = {**service.everywhere, "x-request-id": "same", "host": "localhost", **more}
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/v1/resolve",
            "query_string": NOW.encode(),
            "scheme": "http",
            "client": ("127.0.0.1", 1),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
        sent: list[Any] = []

        async def both(scope: Any = scope, sent: list[Any] = sent) -> None:
            async def send(message: Any) -> None:
                sent.append(message)

            service.hot.hot._lines._is_wanted = False
            assert await service.hot.hot(scope, send)
            sent.append(service.hot.hot.at_once(scope, [(b"date", b"today")]))
            assert service.hot.hot.at_once({**scope, "method": "HEAD"}, []) is None

        asyncio.run(both())
        start, body, whole = sent
        head, _, rest = whole.partition(b"\r\n\r\n")
        status, *lines = head.split(b"\r\n")
        assert status.startswith(b"HTTP/1.1 %d " % start["status"])
        assert lines == [b"date: today", *(b"%b: %b" % header for header in start["headers"])]
        assert rest == body["body"]
