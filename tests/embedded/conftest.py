"""Private clusters that tests may break, each in a folder of its own that the server's account can reach."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gisgov.embedded import Account, Cluster, server_account
from gisgov.embedded.place import choose_place


@pytest.fixture(scope="session")
def account() -> Account:
    return server_account()


@pytest.fixture
def folder(pytestconfig: pytest.Config) -> Iterator[Path]:
    """A folder outside pytest's own, which is closed to other users than the one who runs the tests."""
    made = Path(tempfile.mkdtemp(dir=pytestconfig.gisgov_folder))  # type: ignore[attr-defined]
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def make_cluster(
    folder: Path, account: Account, pytestconfig: pytest.Config
) -> Iterator[Callable[..., Cluster]]:
    """Make clusters in folders by name, from the session's pack; they are ended and removed with the test."""
    made: list[Cluster] = []

    def make(name: str = "home", **arguments: object) -> Cluster:
        given = {"packs": pytestconfig.gisgov_folder / "packs", "durable": False} | arguments  # type: ignore[attr-defined]
        cluster = Cluster(choose_place(folder / name, account), account, **given)  # type: ignore[arg-type]
        made.append(cluster)
        return cluster

    yield make
    for cluster in made:
        if cluster.place.folder.exists():
            cluster.remove()


@pytest.fixture
def cluster(make_cluster: Callable[..., Cluster]) -> Cluster:
    """A cluster that was not started yet."""
    return make_cluster()


@pytest.fixture
def install(folder: Path) -> Callable[..., Path]:
    """Write a folder of programs that say they are some PostgreSQL, with or without PostGIS."""

    def make(version: str, *, postgis: str | None = "3.4.2", pg_config: bool = True) -> Path:
        home = folder / f"postgresql-{version}"
        programs = home / "bin"
        programs.mkdir(parents=True)
        write_program(programs / "postgres", f'echo "postgres (PostgreSQL) {version}"')
        write_program(programs / "initdb", "exit 0")
        share = home / "share" / "postgresql"
        (share / "extension").mkdir(parents=True)
        if pg_config:
            write_program(programs / "pg_config", f'echo "{share}"')
        if postgis:
            control = f"comment = 'PostGIS geometry'\ndefault_version = '{postgis}'\n"
            (share / "extension" / "postgis.control").write_text(control, encoding="utf-8")
        return programs

    return make


@pytest.fixture(scope="session")
def program() -> Callable[[Path, str], None]:
    """Write a shell script that stands for a program."""
    return write_program


def write_program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    path.chmod(0o755)
