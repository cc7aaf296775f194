from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import sqlalchemy as sa

from gisgov.cli import session
from gisgov.cli.session import open_database
from gisgov.config import Settings
from gisgov.embedded import cluster
from gisgov.errors import ConflictError, DatabaseUnavailable
from gisgov.store.database import Database
from gisgov.store.migrating import migrate, newest, stored_version


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> Iterator[Settings]:
    """Settings of a private database of this test's own."""
    monkeypatch.delenv("GISGOV_DATABASE_URL")
    folder = Path(tempfile.mkdtemp(dir=pytestconfig.gisgov_folder))
    folder.chmod(0o755)
    settings = Settings(home=folder / "home")
    yield settings
    cluster(settings).remove()
    shutil.rmtree(folder)


def _version(database: Database) -> str | None:
    with database.begin() as connection:
        return stored_version(connection)


def test_the_private_database_is_made_and_migrated(
    private: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    database = open_database(private)

    assert _version(database) == newest()
    assert "making the tables" in capsys.readouterr().err

    migrate(database, "base")
    with database.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    database.dispose()
    bare = open_database(private, as_it_is=True)
    assert _version(bare) is None
    bare.dispose()


def test_older_tables_of_the_private_database_are_brought_up(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    migrate(database, "0001")

    session._bring_to_version(database, private=True)

    assert _version(database) == newest()
    assert "bringing the tables to this version" in capsys.readouterr().err


def test_a_server_is_left_as_it_is(database: Database, database_url: str, bare_database_url: str) -> None:
    settings = Settings(database_url=database_url)
    open_database(settings).dispose()

    migrate(database, "0001")
    with pytest.raises(DatabaseUnavailable, match=r"\(version 0001\), .* Run `gisgov db migrate`"):
        open_database(settings)
    assert _version(database) == "0001"

    with pytest.raises(DatabaseUnavailable, match=r"has no tables of gisgov\. Run `gisgov db migrate`"):
        open_database(Settings(database_url=bare_database_url))


def test_tables_of_a_newer_gisgov(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(ConflictError, match="9999"):
        session._bring_to_version(database, private=True)


def test_rights_of_another_gisgov_are_no_reason_to_go_on(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM role_right WHERE \"right\" = 'events.read'"))
    with pytest.raises(DatabaseUnavailable, match="its copy of the rights, are not of this one"):
        session._bring_to_version(database, private=False)
    session._bring_to_version(database, private=True)
    with database.begin() as connection:
        assert (
            connection.scalar(sa.text("SELECT count(*) FROM role_right WHERE \"right\" = 'events.read'")) == 5
        )


def test_the_database_is_closed_with_the_command(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GISGOV_DATABASE_URL", database_url)
    with click.Context(click.Command("show")):
        opened = open_database()
        closed: list[bool] = []
        sa.event.listen(opened.engine, "engine_disposed", lambda _: closed.append(True))
    assert closed == [True]


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatabaseUnavailable):
        open_database()
