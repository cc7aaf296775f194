"""A private server that is made, started, asked, stopped and removed as it should be."""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from private_servers import as_root, ask, pid_of

from gisgov.config import Settings
from gisgov.embedded import Account, Cluster, server, url
from gisgov.embedded import cluster as cluster_of
from gisgov.embedded.place import choose_place
from gisgov.embedded.postmaster import is_postmaster_of
from gisgov.embedded.programs import find_programs
from gisgov.errors import ConflictError, DatabaseUnavailable, InputError


def test_a_database_with_postgis(cluster: Cluster, account: Account) -> None:
    opened = cluster.start()

    assert ask(opened, "SELECT ST_AsText(ST_Point(114.06, 22.54, 4326))") == "POINT(114.06 22.54)"
    assert ask(opened, "SELECT count(*) FROM pg_extension WHERE extname = 'btree_gist'") == 1
    assert ask(opened, "SHOW timezone") == "UTC"
    assert ask(opened, "SHOW server_encoding") == "UTF8"
    assert ask(opened, "SELECT '甲' < '乙'") == ("甲" < "乙")  # text is in code point order, as in Python
    assert cluster.place.data.stat().st_uid == account.uid


def test_it_listens_on_no_port(cluster: Cluster) -> None:
    assert ask(cluster.start(), "SHOW listen_addresses") == ""


def test_notices_tell_what_takes_time(cluster: Cluster) -> None:
    told: list[str] = []

    cluster.start(notice=told.append)
    cluster.start(notice=told.append)

    assert told == [f"making the private database in {cluster.place.folder}"]


def test_a_second_start_finds_the_first(cluster: Cluster) -> None:
    first = cluster.start()
    pid = pid_of(cluster)

    assert cluster.start() == first
    assert pid_of(cluster) == pid


def test_data_outlive_the_server(cluster: Cluster) -> None:
    ask(cluster.start(), "CREATE TABLE kept AS SELECT 42 AS number")

    assert cluster.stop()
    assert not cluster.stop()

    assert ask(cluster.start(), "SELECT number FROM kept") == 42


def test_status_before_during_and_after(cluster: Cluster) -> None:
    before = cluster.status()
    assert (before.running, before.exists, before.pid, before.restart_needed) == (False, False, None, False)
    assert cluster.running_url() is None

    opened = cluster.start()
    during = cluster.status()
    assert (during.running, during.exists, during.pid, during.tcp) == (True, True, pid_of(cluster), False)
    assert during.version == during.installed == find_programs().version
    assert cluster.running_url() == opened

    cluster.stop()
    after = cluster.status()
    assert (after.running, after.exists, after.pid) == (False, True, None)


def test_nothing_is_left_after_removal(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster("with space")  # so that its socket has a folder of its own
    cluster.start()
    pid = pid_of(cluster)

    cluster.remove()

    assert not cluster.place.folder.exists()
    assert not cluster.place.socket_folder.exists()
    assert not is_postmaster_of(pid, cluster.place.data)


def _start_in(folder: Path, packs: Path, gate: Any, answers: Any) -> None:
    from gisgov.embedded import server_account

    account = server_account()
    gate.wait()
    cluster = Cluster(choose_place(folder, account), account, packs=packs, durable=False)
    answers.put((cluster.start(), pid_of(cluster)))


def test_starts_at_once_make_one_server(make_cluster: Callable[..., Cluster], folder: Path) -> None:
    home, packs = folder / "home", folder / "packs"
    context = multiprocessing.get_context("spawn")
    gate, answers = context.Barrier(4), context.Queue()
    starters = [context.Process(target=_start_in, args=(home, packs, gate, answers)) for _ in range(4)]
    for starter in starters:
        starter.start()

    given = {answers.get(timeout=120) for _ in starters}

    for starter in starters:
        starter.join()
    answers.close()
    cluster = make_cluster("home")
    assert given == {(cluster.running_url(), pid_of(cluster))}


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_loopback_asks_for_a_password(cluster: Cluster, free_port: int) -> None:
    cluster.start(tcp_port=free_port)

    opened = cluster.loopback_url()

    assert opened is not None
    assert ask(opened, "SHOW listen_addresses") == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(opened.replace("@", "x@"))
    assert cluster.place.password.stat().st_mode & 0o077 == 0
    assert cluster.start(tcp_port=free_port) == cluster.start()
    cluster.stop()
    assert cluster.loopback_url() is None
    cluster.start(tcp_port=free_port)
    assert cluster.loopback_url() == opened


def test_a_running_server_is_not_restarted_to_listen(cluster: Cluster, free_port: int) -> None:
    cluster.start()

    with pytest.raises(ConflictError, match=rf"without listening on port {free_port}\. Stop it first"):
        cluster.start(tcp_port=free_port)


def test_a_port_that_is_taken(cluster: Cluster) -> None:
    refused = pytest.raises(DatabaseUnavailable, match=r"used by another program on 127\.0\.0\.1")
    with socket.create_server(("127.0.0.1", 0)) as taken, refused:
        cluster.start(tcp_port=taken.getsockname()[1])


def test_the_port_of_the_machines_own_server_is_refused(cluster: Cluster) -> None:
    with pytest.raises(InputError, match="Port 5432 is left to the machine's own server"):
        cluster.start(tcp_port=5432)


def test_a_long_log_is_put_aside(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.start()
    cluster.stop()
    monkeypatch.setattr(server, "_LOG_BYTES", 10)

    cluster.start()

    assert "shut down" in cluster.place.log.with_name("log.old").read_text(encoding="utf-8")
    assert "shut down" not in cluster.place.log.read_text(encoding="utf-8").splitlines()[0]


def test_a_note_of_the_start_that_cannot_be_read(cluster: Cluster) -> None:
    cluster.start()
    pid = pid_of(cluster)
    cluster.place.state.write_text(json.dumps({"folder": "/usr"}), encoding="utf-8")

    cluster.start()

    assert pid_of(cluster) != pid  # with nothing to compare, a restart is on the safe side


def test_the_machines_settings_do_not_lead_astray(
    make_cluster: Callable[..., Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = make_cluster(packs=None)
    settings = {"PGPORT": "5432", "PGDATA": "/nowhere", "PGOPTIONS": "-c nonsense=1", "LC_ALL": "xx_YY"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    cluster.start()

    monkeypatch.delenv("PGOPTIONS")
    assert ask(cluster.start(), "SHOW data_directory") == str(cluster.place.data)


def test_settings_name_a_server_or_the_private_cluster(make_cluster: Callable[..., Cluster]) -> None:
    real = "postgresql://ann@db.example/town"
    assert url(Settings(database_url=real)) == real

    made = make_cluster("home")
    settings = Settings(database_url=None, home=made.place.folder)
    opened = url(settings)

    assert opened == made.running_url()
    assert cluster_of(settings).status().running


def _run_as_nobody(folder: Path, pg_bin: Path, answers: Any) -> None:
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    from gisgov.embedded import server_account

    account = server_account()
    cluster = Cluster(choose_place(folder / "home", account), account, pg_bin=pg_bin, durable=False)
    try:
        opened = cluster.start()
        answers.put((account.switch, ask(opened, "SELECT postgis_lib_version() IS NOT NULL")))
        cluster.remove()
    except BaseException as error:  # told to the test, which fails on it
        answers.put(repr(error))


@as_root
def test_an_ordinary_user(folder: Path) -> None:
    folder.chmod(0o777)
    context = multiprocessing.get_context(
        "fork"
    )  # the interpreter itself may lie where that user cannot read
    answers = context.Queue()
    child = context.Process(target=_run_as_nobody, args=(folder, find_programs().folder, answers))
    child.start()

    assert answers.get(timeout=120) == (False, True)

    child.join()
    answers.close()
