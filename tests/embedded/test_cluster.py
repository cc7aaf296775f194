"""What can happen to a private server, made to happen."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gisgov.config import Settings
from gisgov.embedded import Account, Cluster, server, url
from gisgov.embedded import cluster as cluster_of
from gisgov.embedded.place import choose_place
from gisgov.embedded.postmaster import is_postmaster_of, read_postmaster
from gisgov.embedded.programs import find_programs
from gisgov.errors import ConflictError, DatabaseUnavailable, InputError, ProgramMissing

as_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may mount a small disk or become somebody else"
)


def ask(url: str, question: str) -> Any:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as session:
        answer = session.execute(question)
        return answer.fetchone()[0] if answer.description else None  # type: ignore[index]


def pid_of(cluster: Cluster) -> int:
    found = read_postmaster(cluster.place.data)
    assert found is not None
    return found.pid


def kill(cluster: Cluster) -> None:
    """End the server as the kernel does when memory runs out, and wait until it is gone."""
    pid = pid_of(cluster)
    os.kill(pid, signal.SIGKILL)
    while server.is_running(pid, cluster.place.data):
        time.sleep(0.005)


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


def test_a_folder_without_programs_is_no_update(make_cluster: Callable[..., Cluster], folder: Path) -> None:
    started = make_cluster()
    stopped = make_cluster(pg_bin=folder / "none").status()
    assert (stopped.running, stopped.installed) == (False, None)

    started.start()
    status = make_cluster(pg_bin=folder / "none").status()

    assert (status.running, status.version) == (True, find_programs().version)
    assert (status.installed, status.restart_needed) == (None, False)
    assert status.missing == f"PostgreSQL is not installed in {folder / 'none'}."
    assert started.status().missing is None


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


@pytest.fixture
def wrapped(folder: Path, program: Callable[[Path, str], None]) -> Callable[[str], Path]:
    """Programs of the machine that say they are of another minor version, as after an update."""
    real = find_programs()

    def write(version: str) -> Path:
        programs = folder / "wrapped"
        programs.mkdir(exist_ok=True)
        for name in ("initdb", "pg_config"):
            program(programs / name, f'exec {real.folder / name} "$@"')
        says = f'[ "$1" = --version ] && echo "postgres (PostgreSQL) {version}" && exit'
        program(programs / "postgres.new", f'{says}\nexec {real.folder / "postgres"} "$@"')
        (programs / "postgres.new").replace(programs / "postgres")
        return programs

    return write


def test_a_minor_update_under_a_running_server(
    make_cluster: Callable[..., Cluster], wrapped: Callable[[str], Path]
) -> None:
    major = find_programs().major
    cluster = make_cluster(pg_bin=wrapped(f"{major}.90"), packs=None)
    ask(cluster.start(), "CREATE TABLE kept AS SELECT 42 AS number")
    pid = pid_of(cluster)

    wrapped(f"{major}.91")

    status = cluster.status()
    assert (status.version, status.installed, status.restart_needed) == (f"{major}.90", f"{major}.91", True)
    told: list[str] = []
    assert ask(cluster.start(notice=told.append), "SELECT number FROM kept") == 42
    assert told == [f"PostgreSQL was updated to {major}.91: the private database is restarted"]
    assert pid_of(cluster) != pid
    assert not cluster.status().restart_needed


def test_the_same_version_installed_again_changes_nothing(
    make_cluster: Callable[..., Cluster], wrapped: Callable[[str], Path]
) -> None:
    major = find_programs().major
    cluster = make_cluster(pg_bin=wrapped(f"{major}.90"), packs=None)
    cluster.start()
    pid = pid_of(cluster)

    wrapped(f"{major}.90")
    cluster.start()

    assert pid_of(cluster) == pid


def test_programs_that_were_removed_under_a_running_server(
    make_cluster: Callable[..., Cluster], wrapped: Callable[[str], Path]
) -> None:
    programs = wrapped(f"{find_programs().major}.90")
    cluster = make_cluster(pg_bin=programs, packs=None)
    cluster.start()

    (programs / "postgres").unlink()

    with pytest.raises(ProgramMissing, match="PostgreSQL is not installed in"):
        cluster.start()
    assert cluster.status().installed is None
    wrapped(f"{find_programs().major}.90")


def test_another_folder_of_programs_takes_over(
    make_cluster: Callable[..., Cluster], wrapped: Callable[[str], Path]
) -> None:
    cluster = make_cluster()
    cluster.start()
    pid = pid_of(cluster)

    make_cluster(pg_bin=wrapped(find_programs().version)).start()

    assert pid_of(cluster) != pid


def test_data_of_a_version_that_is_not_installed(cluster: Cluster) -> None:
    cluster.place.data.mkdir()
    (cluster.place.data / "PG_VERSION").write_text("13\n", encoding="ascii")

    with pytest.raises(ProgramMissing, match="was made by PostgreSQL 13, but only"):
        cluster.start()


def test_no_postgis(make_cluster: Callable[..., Cluster], install: Callable[..., Path]) -> None:
    cluster = make_cluster(pg_bin=install("16.1", postgis=None))

    with pytest.raises(ProgramMissing, match="has no PostGIS"):
        cluster.start()
    assert not cluster.place.data.exists()


def test_postgis_that_cannot_be_loaded(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> psycopg.Connection:
        raise psycopg.errors.UndefinedFile(
            'could not load library "postgis-3.so": libgeos.so is missing\nmore'
        )

    cluster = Cluster(cluster.place, cluster.account, durable=False)
    monkeypatch.setattr("gisgov.embedded.making.connect", refuse)

    with pytest.raises(
        ProgramMissing, match=r"cannot be loaded: could not load .* is missing\. Debian.*--reinstall"
    ):
        cluster.start()
    assert [path.name for path in cluster.place.folder.iterdir() if path.is_dir()] == []


def test_an_initdb_that_fails(
    make_cluster: Callable[..., Cluster], install: Callable[..., Path], program: Callable[[Path, str], None]
) -> None:
    programs = install("16.1")
    program(programs / "initdb", 'echo "initdb: error: invalid locale settings" >&2; exit 1')
    cluster = make_cluster(pg_bin=programs)

    with pytest.raises(DatabaseUnavailable, match=r"did not start: invalid locale settings\."):
        cluster.start()
    assert not cluster.place.data.exists()


def test_a_server_that_ends_without_a_word(
    make_cluster: Callable[..., Cluster], install: Callable[..., Path], program: Callable[[Path, str], None]
) -> None:
    programs = install("16.1")
    program(programs / "postgres", '[ "$1" = --version ] && echo "postgres (PostgreSQL) 16.1"; exit 1')
    program(programs / "initdb", 'while [ "$1" != -D ]; do shift; done; mkdir "$2"')

    with pytest.raises(DatabaseUnavailable, match=r"its process ended without a word\. Its log is"):
        make_cluster(pg_bin=programs, packs=None).start()


def test_a_folder_that_cannot_be_written(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: int = 0o777) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)

    with pytest.raises(DatabaseUnavailable, match=r"could not be made in .*: Permission denied\."):
        cluster.start()


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a disk of a given size."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        disk = folder / "disk"
        disk.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], capture_output=True
        )
        if done.returncode != 0:
            pytest.skip("this machine does not let root mount a disk")
        mounted.append(disk)
        return disk

    yield mount
    for disk in mounted:
        subprocess.run(["umount", "--lazy", disk], check=True)


@as_root
def test_a_disk_too_small_for_a_cluster(
    make_cluster: Callable[..., Cluster], small_disk: Callable[[str], Path]
) -> None:
    cluster = make_cluster(small_disk("8m") / "home")

    with pytest.raises(DatabaseUnavailable, match=r"The disk that holds .*/disk/home is full\. Make room"):
        cluster.start()
    assert not cluster.place.data.exists()
    assert not (cluster.place.folder / "making").exists()


@as_root
def test_a_disk_that_fills_up_and_is_cleared(
    make_cluster: Callable[..., Cluster], small_disk: Callable[[str], Path]
) -> None:
    disk = small_disk("90m")
    cluster = make_cluster(disk / "home", durable=True)
    ask(cluster.start(), "CREATE TABLE kept AS SELECT 42 AS number")
    cluster.stop()
    ballast = disk / "ballast"
    subprocess.run(["dd", "if=/dev/zero", f"of={ballast}", "bs=4k"], stderr=subprocess.DEVNULL)

    with pytest.raises(DatabaseUnavailable, match=r"The disk that holds .* is full"):
        cluster.start()

    ballast.unlink()
    assert ask(cluster.start(), "SELECT number FROM kept") == 42


def test_a_disk_that_fills_while_postgis_is_made(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> psycopg.Connection:
        raise psycopg.errors.DiskFull("could not extend file")

    cluster = Cluster(cluster.place, cluster.account, durable=False)
    monkeypatch.setattr("gisgov.embedded.making.connect", refuse)

    with pytest.raises(DatabaseUnavailable, match="is full"):
        cluster.start()


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


def test_a_session_that_is_refused_is_no_missing_postgis(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> psycopg.Connection:
        raise psycopg.OperationalError("connection refused\nmore")

    cluster = Cluster(cluster.place, cluster.account, durable=False)
    monkeypatch.setattr("gisgov.embedded.making.connect", refuse)

    with pytest.raises(DatabaseUnavailable, match=r"could not be made: connection refused\."):
        cluster.start()


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
