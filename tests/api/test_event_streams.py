"""The live stream of events: nothing is lost, and everybody is told what they may see."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from live_events import LiveClient
from loop_ground import TODAY, area, report, settle
from running_services import Running, running
from signed_in import bearer

from gisgov.governance.access import Grant, Role
from gisgov.governance.loop import Move
from gisgov.services.accounts import revoke_key
from gisgov.services.loop import write_steps
from gisgov.store.database import Database


@pytest.fixture(scope="module")
def ground(module_database_url: str) -> Iterator[Database]:
    database = Database(module_database_url)
    settle(database)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def service(ground: Database, module_database_url: str) -> Iterator[Running]:
    settings = {"serve_worker": "false", "prepare_tiles": "false", "event_streams": "12"}
    with running(module_database_url, "--workers", "2", **settings) as started:
        yield started


@pytest.fixture(scope="module")
def everybody(ground: Database) -> dict[str, str]:
    return bearer(ground, "reads-all", Grant(Role.MANAGER))


def step(database: Database, event_id: int, action: str, **given: object) -> None:
    with database.begin() as connection:
        write_steps(connection, [Move(event_id, action, **given)], today=TODAY)  # type: ignore[arg-type]


def test_each_is_told_in_order_what_they_may_see(
    service: Running, ground: Database, everybody: dict[str, str]
) -> None:
    officer = bearer(ground, "sees-c", Grant(Role.OFFICER, "grid", "C"))
    with (
        closing(LiveClient(service.port, everybody)) as whole,
        closing(
            LiveClient(service.port, everybody, "?state=reported,accepted&layer=street&area=S&source=hotline")
        ) as some,
        closing(LiveClient(service.port, officer)) as one,
    ):
        for client in (whole, some, one):
            client.wait(lambda each: each.names() == ["ready"])
        first, second = report(ground, "first"), report(ground, "second", cell=3)
        step(ground, first, "accept")
        # changes that come together are told as one: what it passed through meanwhile is told to nobody
        some.wait(lambda each: first in {told["id"] for told in each.events()})
        step(ground, first, "hand-over", desk=area("C"))
        one.wait(lambda each: first in {told["id"] for told in each.events()})
        step(ground, first, "hand-over", desk=area("B"))
        step(ground, first, "suspend", reason="rain")
        whole.wait(lambda each: any(told["state"] == "suspended" for told in each.events()))
        some.wait(lambda each: each.names()[-1] == "left")
        one.wait(lambda each: each.names()[-1] == "left")
        for told in (whole.events(), some.events(), one.events()):
            by_event = {
                key: [each["step_number"] for each in told if each["id"] == key] for key in (first, second)
            }
            assert all(numbers == sorted(numbers) for numbers in by_event.values())
            assert not any("next_steps" in each for each in told)
        assert {told["id"] for told in whole.events()} == {first, second}
        assert {told["id"] for told in some.events()} == {first}
        seen = [told for told in one.events() if told["id"] == first]
        assert seen[-1]["desk"]["code"] == "C"
        assert [data["id"] for name, data in one.told if name == "left"] == [first]
        assert second in {told["id"] for told in one.events()}


def test_nothing_is_lost_whatever_dies(service: Running, ground: Database, everybody: dict[str, str]) -> None:
    with closing(LiveClient(service.port, everybody)) as client:
        client.wait(lambda each: "ready" in each.names())
        expected = [report(ground, "before")]
        client.wait(lambda each: expected[-1] in {told["id"] for told in each.events()})
        with ground.begin() as connection:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            connection.execute(sa.text(f"{ends} AND datname = current_database()"))
        expected.append(report(ground, "cut off"))
        client.wait(lambda each: expected[-1] in {told["id"] for told in each.events()})
        assert client.statuses == [200]
        os.kill(worker_of(service, client), signal.SIGKILL)
        expected.append(report(ground, "while nobody answered"))
        client.wait(lambda each: expected[-1] in {told["id"] for told in each.events()})
        assert len([code for code in client.statuses if code == 200]) == 2
        assert "reset" not in client.names()
        assert [told["id"] for told in client.events() if told["step_number"]] == expected


def worker_of(service: Running, client: LiveClient) -> int:
    """Return the process of a service that answers a client: the one that holds its connection."""
    wanted = f":{service.port:04X} 0100007F:{client.local_port:04X} "
    connections = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    inode = next(line.split()[9] for line in connections if wanted in line)
    parent = service.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return next(int(pid) for pid in children if f"socket:[{inode}]" in open_files(pid))


def open_files(pid: str) -> set[str]:
    found = set()
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # it is closed by now
            found.add(str(one.readlink()))
    return found


def test_whoever_loses_rights_is_told_nothing_more(service: Running, ground: Database) -> None:
    headers = bearer(ground, "loses", Grant(Role.MANAGER))
    key = headers["Authorization"].split("_")[1]
    with closing(LiveClient(service.port, headers)) as client:
        client.wait(lambda each: each.names() == ["ready"])
        revoke_key(ground, key)
        report(ground, "after it was revoked")
        client.wait(lambda each: each.has_ended())
        assert client.told[1:] == [("reset", {"reason": "rights"})]
        assert client.statuses == [200, 401]


@pytest.mark.parametrize("last", ["yesterday", "0b2f6a52-7f0e-4d0e-9c0f-6a1d2e3f4a5b-1"])
def test_what_cannot_be_gone_on_with_is_loaded_again(
    service: Running, everybody: dict[str, str], last: str
) -> None:
    answer = service.ask("/v1/events/stream?catch_up=true", Last_Event_ID=last, **everybody)
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = answer.body.decode().splitlines()
    assert 'data: {"reason": "too-old"}' in lines
    mark = next(line for line in lines if line.startswith("id: "))[4:]
    again = service.ask(f"/v1/events/stream?catch_up=true&last_event_id={mark}", **everybody).body.decode()
    assert "event: ready" in again
    assert "event: reset" not in again


def test_a_socket_that_is_never_read_slows_nobody(
    service: Running, ground: Database, everybody: dict[str, str]
) -> None:
    with (
        socket.create_connection(("127.0.0.1", service.port)) as deaf,
        closing(LiveClient(service.port, everybody)) as client,
    ):
        asked = f"Host: localhost\r\nAuthorization: {everybody['Authorization']}"
        deaf.sendall(f"GET /v1/events/stream HTTP/1.1\r\n{asked}\r\n\r\n".encode())
        client.wait(lambda each: each.names() == ["ready"])
        last = [report(ground, f"many {number}") for number in range(20)][-1]
        client.wait(lambda each: last in {told["id"] for told in each.events()})


def test_streams_end_as_the_service_does(service: Running, everybody: dict[str, str]) -> None:
    """Come last: it ends the service of this module."""
    with closing(LiveClient(service.port, everybody, returns=False)) as client:
        client.wait(lambda each: each.names() == ["ready"])
        written = service.end()
        assert not any('"level": "error"' in line or "graceful" in line for line in written), written
        client.wait(lambda each: each.has_ended())
