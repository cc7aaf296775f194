"""PostgreSQL's programs, updated, exchanged, missing or broken under a private server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from private_servers import ask, pid_of

from gisgov.embedded import Cluster
from gisgov.embedded.programs import find_programs
from gisgov.errors import DatabaseUnavailable, ProgramMissing


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


def test_a_session_that_is_refused_is_no_missing_postgis(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> psycopg.Connection:
        raise psycopg.OperationalError("connection refused\nmore")

    cluster = Cluster(cluster.place, cluster.account, durable=False)
    monkeypatch.setattr("gisgov.embedded.making.connect", refuse)

    with pytest.raises(DatabaseUnavailable, match=r"could not be made: connection refused\."):
        cluster.start()
