from __future__ import annotations

import json
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from jsonschema import validate

from gisgov.cli import database_status, db
from gisgov.cli.output import answers
from gisgov.config import load_settings
from gisgov.embedded import cluster
from gisgov.errors import DatabaseUnavailable
from gisgov.store.migrating import newest

Cli = Callable[..., Any]


@pytest.fixture
def private(
    cli_without_database: Cli, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> Iterator[Cli]:
    """Run commands on a private database of this test's own, which was not made yet."""
    folder = Path(tempfile.mkdtemp(dir=pytestconfig.gisgov_folder))
    folder.chmod(0o755)
    monkeypatch.delenv("GISGOV_DATABASE_URL")
    monkeypatch.setenv("GISGOV_HOME", str(folder / "home"))
    yield cli_without_database
    cluster(load_settings()).remove()
    shutil.rmtree(folder)


def test_a_private_databases_life(private: Cli, tmp_path: Path) -> None:
    before = private("db", "status", "--json").json()
    assert (before["private"], before["running"], before["url"], before["tables"]) == (
        True,
        False,
        None,
        None,
    )
    assert "stopped" in private("db", "status").stdout

    started = private("db", "start", "--json")
    assert started.status == 0
    assert "making the private database" in started.stderr
    assert (started.json()["running"], started.json()["tables"]) == (True, newest())
    assert started.json()["postgis"]
    schemas = {answer.command: answer.json_schema() for answer in answers(db.db, "gisgov db")}
    validate(started.json(), schemas["gisgov db start"])
    shown = private("db", "status").stdout
    assert "private database of this checkout" in shown
    assert "size " in shown

    dumped = private("db", "dump", tmp_path / "town.dump", "--json")
    assert dumped.json() == {
        "file": str(tmp_path / "town.dump"),
        "size_bytes": (tmp_path / "town.dump").stat().st_size,
        "tables": newest(),
    }
    assert private("db", "psql", "-c", "SELECT 1").status == 0

    assert private("db", "stop").stdout == "stopped\n"
    assert private("db", "stop").stdout == "was not running\n"


def test_status_tells_of_programs_that_are_not_there(
    private: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GISGOV_PG_BIN", str(tmp_path))

    assert f"PostgreSQL is not installed in {tmp_path}." in private("db", "status").stdout
    told = private("db", "status", "--json").json()

    assert (told["installed"], told["restart_needed"]) == (None, False)
    assert told["programs_missing"] == f"PostgreSQL is not installed in {tmp_path}."


def test_loopback_is_shown_with_its_password(private: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    probe.close()

    started = private("db", "start", "--tcp-port", port, "--json").json()

    with psycopg.connect(started["loopback_url"]) as session:
        assert session.execute("SELECT count(*) FROM plan").fetchone() == (0,)
    again = private("db", "start", "--tcp-port", port + 1)
    assert (again.status, again.stdout) == (2, "")
    assert "Stop it first" in again.stderr


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_a_server_is_neither_started_nor_stopped(cli: Cli, verb: str) -> None:
    ran = cli("db", verb)

    assert ran.status == 2
    assert "The server that GISGOV_DATABASE_URL names is not" in ran.stderr


def test_status_of_a_server(cli: Cli) -> None:
    status = cli("db", "status", "--json").json()

    assert (status["private"], status["running"], status["tables"]) == (False, True, newest())
    assert status["folder"] is None
    assert "server named by GISGOV_DATABASE_URL" in cli("db", "status").stdout


def test_status_of_a_server_that_does_not_answer(cli_without_database: Cli) -> None:
    ran = cli_without_database("db", "status")

    assert ran.status == 2
    assert ran.stdout == ""


def test_a_password_is_not_shown(
    cli_without_database: Cli, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GISGOV_DATABASE_URL", database_url.replace("gisgov@", "gisgov:sesame@"))

    assert "sesame" not in cli_without_database("db", "status", "--json").stdout


def test_a_private_server_too_old_for_its_programs(private: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    private("db", "start")

    def refuse(url: str) -> None:
        raise DatabaseUnavailable("could not load library")

    monkeypatch.setattr(database_status, "connect", refuse)

    ran = private("db", "status")

    assert ran.status == 0
    assert "restart     PostgreSQL was updated" in ran.stdout


def test_tables_go_up_and_down(cli: Cli) -> None:
    assert cli("db", "migrate", "--json").json() == {"before": newest(), "after": newest()}
    assert cli("db", "migrate", "--to", "0001", "--json").json() == {"before": newest(), "after": "0001"}
    assert "(this gisgov works with" in cli("db", "status").stdout
    assert cli("db", "migrate", "--to", "base").stdout == "tables: 0001 → none\n"
    assert cli("db", "migrate").stdout == f"tables: none → {newest()}\n"


def test_a_version_of_the_tables_that_does_not_exist(cli: Cli) -> None:
    ran = cli("db", "migrate", "--to", "0815")

    assert ran.status == 2
    assert "No version of the tables is called '0815'. There are: 0001, " in ran.stderr


def test_psql_that_fails(cli: Cli) -> None:
    assert cli("db", "psql", "-c", "nonsense").status == 2


def test_a_dump_replaces_nothing_by_accident(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "town.dump"
    file.write_text("precious", encoding="ascii")

    refused = cli("db", "dump", file)
    assert refused.status == 2
    assert "town.dump exists. Choose another name, or give --force." in refused.stderr
    assert file.read_text(encoding="ascii") == "precious"

    assert cli("db", "dump", file, "--force").status == 0
    refused = cli("db", "restore", file)
    assert refused.status == 2
    assert "The database holds data already. Give --replace to give them up." in refused.stderr


def test_a_dump_is_restored(cli: Cli, tmp_path: Path, database_url: str) -> None:
    file = tmp_path / "town.dump"
    cli("db", "dump", file)
    with psycopg.connect(database_url.replace("+psycopg", "")) as session:
        session.execute("INSERT INTO code_scheme (name, definition) VALUES ('later', '{}')")
        epoch = session.execute("SELECT epoch FROM change_head").fetchone()

    assert cli("db", "restore", file, "--replace", "--json").json() == {"before": newest(), "after": newest()}

    with psycopg.connect(database_url.replace("+psycopg", "")) as session:
        assert session.execute("SELECT count(*) FROM code_scheme").fetchone() == (0,)
        assert session.execute("SELECT epoch FROM change_head").fetchone() != epoch, "copies are made anew"


def test_a_dump_of_older_tables_is_brought_up(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "town.dump"
    cli("db", "migrate", "--to", "0001")
    cli("db", "dump", file)
    cli("db", "migrate", "--to", "base")

    assert cli("db", "restore", file, "--json").json() == {"before": "0001", "after": newest()}


def test_a_dump_of_a_newer_gisgov_is_refused_before_anything_is_lost(
    cli: Cli, tmp_path: Path, database_url: str
) -> None:
    file = tmp_path / "town.dump"
    with psycopg.connect(database_url.replace("+psycopg", "")) as session:
        session.execute("UPDATE alembic_version SET version_num = '9999'")
    cli("db", "dump", file)

    ran = cli("db", "restore", file, "--replace")

    assert ran.status == 2
    assert "holds version 9999 of the tables, which this gisgov does not know" in ran.stderr


def test_help_needs_nothing(cli_without_database: Cli) -> None:
    ran = cli_without_database("db", "--help")

    assert ran.status == 0
    assert "Start, stop, migrate, dump and restore the database." in ran.stdout
    assert json.dumps(ran.stdout)
