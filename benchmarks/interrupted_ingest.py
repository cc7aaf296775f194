"""What `benchmarks.events_ingest` holds besides: events go on coming in while what takes them in dies.

Eight connections of one account report events one by one, each again until it is answered, and ten clients
follow the stream. After a while the database is started anew, and then a process of the service killed. In
the end every event has to be there once, with its areas, its first step and its limit, and every client has
to have been told of it. The lag is from the answer to whoever reported to the client that follows.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as Signal
from typing import Any

import numpy as np
import sqlalchemy as sa

from benchmarks.bars import QUICK, Goal, note, show
from benchmarks.events_stream import Client, one_worker, service, until
from gisgov.embedded import Cluster
from gisgov.governance.access import ActorKind, Grant, Role
from gisgov.services.accounts import create_account, make_key
from gisgov.store.database import Database

CONNECTIONS = 8
FOLLOWERS = 10
STEADY_S = 8.0 if QUICK else 30.0
_AGAIN_S = 0.1
_SPAWN = multiprocessing.get_context("spawn")

# an event that is there, as it has to be: two areas, one report, a limit that runs
_WHOLE = sa.text("""
SELECT count(*) FROM event
WHERE source = 'hotline'
    AND (SELECT count(*) FROM event_area WHERE event_id = event.id) = 2
    AND (SELECT count(*) FROM event_step WHERE event_id = event.id AND action = 'report') = 1
    AND (SELECT count(*) FROM event_step WHERE event_id = event.id) = 1
    AND EXISTS (SELECT FROM event_limit WHERE event_id = event.id)
""")


@dataclass(frozen=True, slots=True)
class Answered:
    """When an event was sent first and when it was answered, how often it was sent, and its id there."""

    sent: float
    answered: float
    times: int
    event_id: int


def report(
    port: int, key: str, events: Sequence[dict[str, Any]], signals: tuple[Signal, Signal], told: Connection
) -> None:
    """Report events over some connections until the end is signalled; in a process of its own."""
    begins, ends = signals
    shares = [events[i::CONNECTIONS] for i in range(CONNECTIONS)]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def work(share: Sequence[dict[str, Any]]) -> list[Answered]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        answered = []
        for event in share:
            if ends.is_set():
                break
            body, sent, times, event_id = json.dumps(event).encode(), time.perf_counter(), 0, None
            while event_id is None:
                times += 1
                event_id = _ask(connection, body, headers)
            begins.set()
            answered.append(Answered(sent, time.perf_counter(), times, event_id))
        connection.close()
        return answered

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        told.send([one for share in pool.map(work, shares) for one in share])


def _ask(connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str]) -> int | None:
    """Report an event; return its id, or None after a while where nobody says what became of it."""
    try:
        connection.request("POST", "/v1/events", body, headers)
        answer = connection.getresponse()
        data = answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        time.sleep(_AGAIN_S)
        return None
    if answer.status == 503:
        time.sleep(_AGAIN_S)
        return None
    assert answer.status in (200, 201), (answer.status, data[:500])
    return int(json.loads(data)["items"][0]["event_id"])


async def interrupt(server: Cluster, database: Database, url: str, events: Sequence[dict[str, Any]]) -> None:
    """Report and follow through all that happens, and show it."""
    create_account(database, "reports", kind=ActorKind.CLIENT, grants=(Grant(Role.DISPATCHER),))
    create_account(database, "follows", kind=ActorKind.CLIENT, grants=(Grant(Role.VIEWER),))
    keys = [make_key(database, name).key for name in ("reports", "follows")]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    begins, ends, (told, tells) = _SPAWN.Event(), _SPAWN.Event(), _SPAWN.Pipe(duplex=False)
    with service(url, port, REQUESTS_PER_MINUTE="1000000") as process:
        clients = [Client(port, keys[1]) for _ in range(FOLLOWERS)]
        tasks = [asyncio.create_task(one.run()) for one in clients]
        while not all(one.last for one in clients):
            await asyncio.sleep(0.05)
        reports = _SPAWN.Process(target=report, args=(port, keys[0], events, (begins, ends), tells))
        reports.start()
        assert await asyncio.to_thread(begins.wait, 120), "nothing is answered"
        began = time.perf_counter()
        await asyncio.sleep(STEADY_S)
        steady = time.perf_counter()
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        await asyncio.sleep(STEADY_S / 4)
        os.kill(one_worker(process.pid), signal.SIGKILL)
        await asyncio.sleep(STEADY_S / 4)
        ends.set()
        answered: list[Answered] = await asyncio.to_thread(told.recv)
        reports.join()
        ids = {one.event_id for one in answered}
        await until(clients, ids)
        for task in tasks:
            task.cancel()
    _show(database, answered, clients, began, steady)


def _show(
    database: Database, answered: Sequence[Answered], clients: Sequence[Client], began: float, steady: float
) -> None:
    calm = [one for one in answered if one.answered < steady]
    lasted = steady - began
    slow = float(np.percentile([one.answered - one.sent for one in calm], 99))
    lags = [max(0.0, client.told[one.event_id] - one.answered) for client in clients for one in calm]
    p50, p99 = (float(value) for value in np.percentile(lags, [50, 99]))
    again = sum(one.times > 1 for one in answered)
    note(f"ingest before it is interrupted: {len(calm) / lasted:.0f} events/s, p99={slow * 1000:.0f}ms")
    note(
        f"{again} of {len(answered)} events were sent more than once, {steady - began:.0f} s after the first"
    )
    about = f"unit=s clients={len(clients)} rate={len(calm) / lasted:.0f}/s"
    show(Goal("events_ingest_stream_lag_p50", p50, "<=", 0.5, about))
    show(Goal("events_ingest_stream_lag_p99", p99, "<=", 2.0, about))
    ids = {one.event_id for one in answered}
    with database.begin() as connection:
        there = set(connection.scalars(sa.text("SELECT id FROM event")))
        whole = int(connection.scalar(_WHOLE) or 0)
    show(Goal("events_ingest_lost", len(ids - there), "<=", 0, f"events={len(ids)}"))
    # ids of two reports that are one event, events nobody was told the id of, and such as are not whole
    doubled = len(answered) - len(ids) + len(there - ids) + len(there) - whole
    show(Goal("events_ingest_doubled", doubled, "<=", 0, f"sent_again={again}"))
    untold = sum(len(ids - one.told.keys()) for one in clients)
    show(Goal("events_ingest_stream_lost", untold, "<=", 0, f"resets={sum(one.resets for one in clients)}"))
