"""A private server that was killed, hangs, or left traces that mislead."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from private_servers import ask, kill, pid_of

from gisgov.embedded import Account, Cluster, server
from gisgov.embedded.postmaster import read_postmaster
from gisgov.errors import DatabaseUnavailable


def test_a_server_that_was_killed_starts_again_with_its_data(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster(durable=True)
    ask(cluster.start(), "CREATE TABLE kept AS SELECT 42 AS number")

    kill(cluster)

    assert not cluster.status().running
    assert ask(cluster.start(), "SELECT number FROM kept") == 42


def test_sessions_of_a_killed_server_are_waited_for(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster(durable=True)
    session = psycopg.connect(cluster.start().replace("+psycopg", ""))
    session.execute("SELECT 1")

    kill(cluster)

    assert ask(cluster.start(), "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    session.close()


def test_a_session_that_survives_the_server_is_named(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = psycopg.connect(cluster.start().replace("+psycopg", ""))
    backend = session.info.backend_pid
    os.kill(backend, signal.SIGSTOP)
    kill(cluster)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(server, "_ORPHAN_PATIENCE_S", 0.05)
            with pytest.raises(
                DatabaseUnavailable, match=r"that was killed still works in .* End it .`kill \d+`"
            ):
                cluster.start()
            patch.setattr(server, "processes_in", lambda _: ())  # where processes cannot be listed
            with pytest.raises(DatabaseUnavailable, match="End it and try again"):
                cluster.start()
    finally:
        os.kill(backend, signal.SIGCONT)
        session.close()

    assert ask(cluster.start(), "SELECT 1") == 1


@pytest.mark.parametrize("owner", ["this process", "a process of the server's account"])
def test_a_stale_pid_file_whose_number_went_to_somebody_else(
    cluster: Cluster, account: Account, owner: str
) -> None:
    cluster.start()
    pid_file = cluster.place.data / "postmaster.pid"
    lines = pid_file.read_text(encoding="utf-8").splitlines()
    kill(cluster)
    other = subprocess.Popen(["sleep", "60"], **account.process_arguments(Path("/")))
    try:
        lines[0] = str(os.getpid() if owner == "this process" else other.pid)
        pid_file.write_text("\n".join(lines) + "\n", encoding="utf-8")

        assert ask(cluster.start(), "SELECT 1") == 1
        assert other.poll() is None  # nobody was taken for the server and ended
    finally:
        other.kill()
        other.wait()


def test_a_pid_file_of_rubbish(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.place.data / "postmaster.pid").write_text("rubbish\n", encoding="utf-8")

    assert ask(cluster.start(), "SELECT 1") == 1


def test_a_server_that_lost_its_socket_is_started_again(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = cluster.start()
    pid = pid_of(cluster)
    found = read_postmaster(cluster.place.data)
    assert found is not None
    Path(found.socket).unlink()
    monkeypatch.setattr(server, "_SOCKET_PATIENCE_S", 0.02)

    assert ask(cluster.start(), "SELECT 1") == 1
    assert cluster.start() == opened
    assert pid_of(cluster) != pid


def test_a_server_that_is_still_starting_is_waited_for(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.start()
    pid_file = cluster.place.data / "postmaster.pid"
    whole = pid_file.read_text(encoding="utf-8")
    pid_file.write_text(whole.replace("ready   ", "starting"), encoding="utf-8")
    monkeypatch.setattr(server, "_PATIENCE_S", 0.05)

    with pytest.raises(DatabaseUnavailable, match=r"not ready after .*It may be repairing itself"):
        cluster.start()

    pid_file.write_text(whole, encoding="utf-8")
    assert cluster.start()


def test_a_server_in_another_container_is_used_but_not_stopped(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = cluster.start()

    with monkeypatch.context() as patch:
        patch.setattr(server, "is_running", lambda *_: False)  # its process cannot be seen from here
        assert cluster.start() == opened
        with pytest.raises(DatabaseUnavailable, match="run by another user or container"):
            cluster.stop()


def test_a_server_that_does_not_end(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.start()
    pid = pid_of(cluster)
    monkeypatch.setattr(server, "_STOP_PATIENCE_S", 0.05)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(DatabaseUnavailable, match=rf"\(process {pid}\) does not end"):
            server.halt(read_postmaster(cluster.place.data), cluster.place.data)  # type: ignore[arg-type]
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_start_that_takes_too_long(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.start()
    cluster.stop()
    with monkeypatch.context() as patch:
        patch.setattr(server, "_PATIENCE_S", 0.0)
        with pytest.raises(DatabaseUnavailable, match="was not ready after 0 s"):
            cluster.start()

    assert ask(cluster.start(), "SELECT 1") == 1  # the one that was starting
