"""The version of the database, asked of a server that crashes under the question."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy as sa
from private_servers import ask, pid_of

from gisgov.embedded import Cluster
from gisgov.errors import DatabaseUnavailable
from gisgov.store.tile_head import Head, HeadAsker

TABLES = """CREATE TABLE change (version bigint, subject text);
    CREATE TABLE change_head (epoch uuid, version bigint);
    INSERT INTO change_head VALUES (gen_random_uuid(), 1)"""
PID = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%string_agg%' AND pid <> pg_backend_pid()"


def backend_killed(cluster: Cluster, url: str) -> None:
    os.kill(int(ask(url, PID)), signal.SIGKILL)


def server_quit(cluster: Cluster, url: str) -> None:
    os.kill(pid_of(cluster), signal.SIGQUIT)
    while cluster.status().running:
        time.sleep(0.01)


@pytest.mark.parametrize("crash", [backend_killed, server_quit])
def test_after_a_crash_every_question_is_answered_again(
    make_cluster: Callable[..., Cluster], crash: Callable[[Cluster, str], None]
) -> None:
    cluster = make_cluster(durable=True)
    url = cluster.start()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(TABLES)

    def back() -> None:
        cluster.start()
        begun = time.monotonic()
        while True:
            try:
                ask(url, "SELECT 1")
                return
            except psycopg.OperationalError:  # it recovers
                assert time.monotonic() - begun < 30
                time.sleep(0.01)

    async def work(engine: sa.Engine) -> None:
        asker = HeadAsker(engine, 5.0)

        async def told() -> Head:
            return await asyncio.wait_for(asker.ask(None), 5.0)

        before = await told()
        # under a question that waits, between two, and once more
        with psycopg.connect(url.replace("+psycopg", "")) as locking:
            locking.execute("LOCK TABLE change_head")
            waiting = asyncio.ensure_future(told())
            await asyncio.sleep(0.05)
            await asyncio.to_thread(crash, cluster, url)
            with contextlib.suppress(DatabaseUnavailable):  # asked again while it recovered
                assert await waiting == before
            locking.close()
        for _ in range(2):
            await asyncio.to_thread(back)
            assert {await told() for _ in range(100)} == {before}
            await asyncio.to_thread(crash, cluster, url)
        await asyncio.to_thread(back)
        assert await told() == before
        await asker.close()

    engine = sa.create_engine(url)
    asyncio.run(work(engine))
    engine.dispose()
